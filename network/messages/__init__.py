"""Letters: written in the reader's language, kept sealed until they have left, gone afterwards."""

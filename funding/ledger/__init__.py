"""The book: double entry in whole minor units, added to and never changed."""

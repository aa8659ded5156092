"""A storm over the book: many people write at once while their processes are killed and their connections cut (LED-07)."""

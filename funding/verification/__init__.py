"""Asking every promise of a book again from its rows: by hand, and every night; a book that breaks one is stopped."""

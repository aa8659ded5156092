"""Taking the book with one: as text for an accounting program, and as tables for people."""

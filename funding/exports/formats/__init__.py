"""Formats a book leaves in, each in plain Python."""

"""Formats others publish, each in plain Python."""

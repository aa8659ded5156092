"""Matters of the committee for disputes: brought with care, heard by a few, closed with keys of their own, destroyed on their day."""

"""Translating what people wrote: what waits, side by side, offered, taken over, approved by name."""

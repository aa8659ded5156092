"""The steps from a first word to a group that stands on its own feet; each network words its own."""

"""Somebody wants to start a group: what they wrote, what was answered, and where it stands."""

"""Grants a network gives its groups, in parts: the office's side, and the side of the group that receives."""

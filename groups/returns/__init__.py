"""What goes to an authority: drafted from what the group has written down, read over, handed in, and kept as it was."""

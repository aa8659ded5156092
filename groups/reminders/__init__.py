"""A letter that something waits, and no more: for those of a committee who chose to be told by e-mail and would not look by themselves."""

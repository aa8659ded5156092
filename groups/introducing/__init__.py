"""What somebody without an account does at a group's door: ask to join, introduce somebody, read the answer, close the door."""

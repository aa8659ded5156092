"""People at the door: who asks to join, who is introduced with their agreement, the group's answer, and asking once more."""

"""Money given for a purpose: who gave it, what for, until when, in which parts, on which conditions, and which reports are due."""

"""Offices the members give without an election: who is named for them, by whom, what they answered, and how they came in."""

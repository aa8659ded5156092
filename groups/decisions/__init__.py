"""What the members decide together, by show of hands or on paper, and what follows from it."""

"""How a group is seen in the public finder: its card, showing it and taking it down, and the questions people send."""

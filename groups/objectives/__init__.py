"""What the group wants to change this quarter: objectives with steps, how they move, and a hand from the network."""

"""People who help groups run, and what they share."""

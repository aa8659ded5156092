"""Money that comes in from elsewhere, and money that moves between the group's own places."""

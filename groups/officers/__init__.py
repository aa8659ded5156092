"""Offices and who holds them, from one moment until another, as the group's constitution says."""

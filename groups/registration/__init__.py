"""Certificates from authorities: which the group has, until when they hold, and when to begin with the next."""

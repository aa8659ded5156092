"""Encryption at rest: contact details and real names are unreadable in the database without the master key."""

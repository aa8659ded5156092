"""Counting ballots: plain Python, one rule or file format a file, exact arithmetic, no server needed."""

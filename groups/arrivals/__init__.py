"""Somebody new at a meeting: counted where they only look in, or a member by nickname with a code to take home."""

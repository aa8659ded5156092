"""Statements: what a bank or a mobile-money service says happened on an account, read from its file."""

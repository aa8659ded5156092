"""The share kept for hardship, and requests for help: sealed, decided by two, paid by two."""

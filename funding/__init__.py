"""Money, and only money: the ledger and what is built on it."""

"""The page behind a teller's slip: enter what was counted, without an account, on whatever phone is there."""

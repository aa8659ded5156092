"""People who sign in: accounts, sessions, private links and codes, and slowing down whoever guesses."""

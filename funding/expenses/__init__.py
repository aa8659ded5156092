"""Money the group spends: written down by the treasurer, counted once a second person agrees."""

"""From one treasurer to the next: both count together, both sign, and what they found is kept."""

"""What a group applied for: who looks after it, which papers are gathered, what the funder said, and the grant it became."""

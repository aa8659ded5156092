"""A member's own card: what I gave. Nobody else opens it."""

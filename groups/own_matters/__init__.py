"""One's own matters, from one's own page: brought, told of or heard, whichever group one is in, or in none."""

"""Networks, groups, and the fence between them: the address, the guard and row security."""

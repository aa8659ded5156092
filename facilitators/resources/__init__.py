"""The library: what facilitators write once and every group can use, in its own language."""

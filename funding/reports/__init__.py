"""The one page anybody can read: what was there, what came in, what went out, what is there now."""

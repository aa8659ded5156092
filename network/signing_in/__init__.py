"""The door as people see it: signing in and out, typing a code, one's own page, and which page a private link opens."""

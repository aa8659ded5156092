"""Who may do what: questions, a table of permissions anybody can check, and the guard on every page."""

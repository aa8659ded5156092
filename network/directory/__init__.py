"""The public finder: cards that groups publish about themselves, searching them, and questions to a group."""

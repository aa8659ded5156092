"""Elected offices that nobody holds, and the by-election that fills them: one step, also where hardly anybody is left."""

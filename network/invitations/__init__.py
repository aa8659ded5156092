"""Inviting somebody into a group: a link, a code to read out or print, and what happens when it is accepted."""

"""Funds and others that give money to groups: who may apply, until when, with which papers."""

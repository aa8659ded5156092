"""Asking a volunteer for the translation of a few sentences, and of nothing else."""

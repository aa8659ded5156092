"""Asking the network for a hand: a group sends the words it chose, the office answers, and sees nothing else."""

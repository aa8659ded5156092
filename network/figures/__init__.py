"""Figures: what a group counts each quarter and chooses to send to its network. Nothing about people."""

from network.figures.registry import register

__all__ = ["register"]

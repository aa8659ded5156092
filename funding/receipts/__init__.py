"""Receipts for what came in: numbered one after the other, never changed, and without a word about health in a message."""

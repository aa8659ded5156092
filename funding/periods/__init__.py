"""Closing months, so that what was reported stays as it was; opening them again, which takes two people and a reason."""

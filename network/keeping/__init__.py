"""Letting go, in every group and office, of what the ground floor keeps for a time: the diary, and codes nobody used."""

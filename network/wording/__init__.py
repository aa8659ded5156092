"""Texts that people write and others read in several languages: the original, its versions, and its translations."""

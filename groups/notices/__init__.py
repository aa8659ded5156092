"""Telling members what concerns everybody, in their language and by the way they chose."""

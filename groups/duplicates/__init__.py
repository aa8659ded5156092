"""Members who seem to be written down twice: said to whoever keeps the list, never merged."""

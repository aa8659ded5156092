"""Nothing leaves before the commit: what is to be done elsewhere is a row here, and workers deliver it."""

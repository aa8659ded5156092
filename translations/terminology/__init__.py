"""The word guide: which words we use in each language, which we avoid, and why."""

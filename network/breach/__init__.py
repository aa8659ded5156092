"""When something got out: from one row to the people it touches, what stood in it, and who was at it lately."""

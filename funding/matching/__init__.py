"""Lines of statements and entries of the book: joined one by one, until each line has ended."""

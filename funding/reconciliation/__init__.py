"""What the bank or mobile money says there is, beside what the book says, and why the two differ."""

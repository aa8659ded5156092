"""The cash box, counted by notes and coins by two people together, beside what the book says."""

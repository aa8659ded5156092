"""What money in a fund is meant for, line by line and quarter by quarter, and how spending stands beside it."""

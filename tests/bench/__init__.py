"""Speed, measured as ratios in one run: `make bench`. Nothing here is asserted; figures are for people to read."""

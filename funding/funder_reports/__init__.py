"""What a funder reads: the budget beside the spending, what came and what is left, and what went over; never who."""

"""What the members decide about money: the amount they suggest each month, and the share kept for hardship."""

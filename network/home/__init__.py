"""What needs doing: the first page of every group and office. Packages register what they know of."""

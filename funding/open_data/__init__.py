"""What a network gave to groups, in the open format funders share: only groups that are in the public finder."""

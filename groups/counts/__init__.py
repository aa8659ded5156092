"""A count by order of preference, told stage by stage: on a page, on a sheet to count by hand, and as a file for tellers."""

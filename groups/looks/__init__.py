"""Who looked: that an officer opened a page with one member's private things, told to that member by office and day."""

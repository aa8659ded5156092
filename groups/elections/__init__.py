"""Elections: from the call to the declared result, and counting of ballots."""

"""Paper and spreadsheets: what leaves the service to be printed, signed, or read elsewhere."""

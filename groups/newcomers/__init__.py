"""Many members at once, from a spreadsheet or a paper list: looked over first, then added all together or not at all."""

"""What a network may ask of a group before it sends money: for each condition a word, in order or not yet."""

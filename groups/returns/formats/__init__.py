"""Files people bring back from an authority."""

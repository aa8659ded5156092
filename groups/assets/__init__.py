"""What the group owns, as far as it wants to write it down."""

"""What the group agreed about itself: in plain words, in its own words, every version, and how it changes."""

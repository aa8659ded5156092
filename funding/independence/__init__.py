"""The path to standing on one's own: where money came from year by year, and how long what is there would last."""

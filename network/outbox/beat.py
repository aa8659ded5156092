"""The worker's sign of life."""

ALIVE = "pamoja:worker"
BEAT_SECONDS = 5

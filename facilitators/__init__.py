"""People who help groups run, and what they share."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""

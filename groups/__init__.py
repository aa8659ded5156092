"""What a group does for itself: members, officers, elections, meetings, objectives."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""

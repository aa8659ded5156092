"""People who help groups run, and what they share."""

from flask import Flask

from facilitators.resources import models as _models  # noqa: F401 - its tables are known from the start


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""

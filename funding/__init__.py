"""Money, and only money: the ledger and what is built on it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""

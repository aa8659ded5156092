"""Money, and only money: the ledger and what is built on it."""

from flask import Flask

from funding.ledger.cli import book


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""
    app.cli.add_command(book)

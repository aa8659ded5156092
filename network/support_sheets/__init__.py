"""My support sheet: what helps me in a hard time, whom to call, what I wish. Closed with four words that only I have."""

from datetime import timedelta

from flask import Flask

from network.outbox import periodic
from network.support_sheets import demo, jobs, notes, views


def init_app(app: Flask) -> None:
    """Open the pages, and let ended shares be forgotten."""
    for blueprint in (views.bp, notes.bp, notes.kept):
        app.register_blueprint(blueprint)
    demo.init_app()
    periodic.register("forget_ended_shares", timedelta(hours=6), jobs.forget_ended_shares)

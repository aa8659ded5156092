"""The only file that knows all packages."""

import os
from pathlib import Path

import facilitators
import funding
import groups
import translations
from network import cli, config, demo
from network.app import build
from network.db import require_ordinary_role
from network.web.unit_of_work import Pamoja

CATALOGUES = Path(__file__).resolve().parent / "translations" / "catalogs"
PACKAGES = (translations, groups, facilitators, funding)


def create_app(settings: config.Settings | None = None, *, testing: bool = False) -> Pamoja:
    """The whole service."""
    app = build(settings or config.load(), PACKAGES, catalogues=CATALOGUES, testing=testing)
    cli.init_app(app)
    demo.init_app(app)
    return app


app = create_app()
if not os.environ.get("FLASK_RUN_FROM_CLI"):
    # Served to people, not asked a question on the command line: nothing may be missing.
    config.require_serving(config.load())
    with app.app_context():
        require_ordinary_role()

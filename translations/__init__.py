"""Every language: the list of locales, the catalogues, and translating what people wrote."""

from flask import Flask

from network.access import table
from network.web import languages
from translations import permissions
from translations.content import models as _models  # noqa: F401 - its tables are known from the start
from translations.locales import KNOWN_LOCALES


def init_app(app: Flask) -> None:  # noqa: ARG001 - every package plugs itself in the same way
    """Tell the ground floor which languages there are."""
    languages.register(KNOWN_LOCALES)
    table.register(permissions.LINES)

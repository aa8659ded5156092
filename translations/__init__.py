"""Every language: the list of locales, the catalogues, and translating what people wrote."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from network.access import table
from network.home import registry as home
from network.tenancy.models import GroupKind
from network.web import languages, navigation
from network.web.navigation import Way
from translations import mine, permissions
from translations.content import reminders
from translations.content import views as content
from translations.locales import KNOWN_LOCALES
from translations.terminology import views as terminology


def init_app(app: Flask) -> None:
    """Tell the ground floor which languages there are, and open the translators' pages."""
    languages.register(KNOWN_LOCALES)
    table.register(permissions.LINES)
    mine.init_app()
    app.register_blueprint(content.bp)
    app.register_blueprint(terminology.bp)
    write, label = permissions.Permission.TRANSLATION_WRITE, _l("Translations")
    for kind in GroupKind:
        home.register(kind, todos=reminders.todos)
        navigation.register(kind, Way("translations.list_waiting", label, write, 65))

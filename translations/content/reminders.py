"""What the first pages of groups and offices say about translations."""

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from network.access import table
from network.access.actor import Actor
from network.home.registry import Todo
from network.tenancy.models import Group, GroupKind
from network.web.languages import named
from translations.content import queries
from translations.permissions import Permission

LIST = "translations.list_waiting"


def todos(actor: Actor, place: Group, now: datetime) -> Iterable[Todo]:  # noqa: ARG001 - what every package is asked with
    """Offers to take over, texts that wait in the languages read here, and drafts to be looked at."""
    if table.is_granted(Permission.TRANSLATION_TAKE, actor) and (count := queries.count_offers_to_us()):
        yield Todo(
            ngettext(
                "%(num)d translation was offered to you", "%(num)d translations were offered to you", count
            ),
            _("Look at it and take it over, so that others can read your text."),
            url_for(LIST),
            order=55,
        )
    if table.is_granted(Permission.TRANSLATION_WRITE, actor):
        yield from _waiting(place)
    is_reviewer = place.kind == GroupKind.OFFICE and table.is_granted(Permission.TRANSLATION_REVIEW, actor)
    if is_reviewer and actor.account_id and (count := queries.count_offers_to_review(actor.account_id)):
        yield Todo(
            ngettext("%(num)d draft waits to be reviewed", "%(num)d drafts wait to be reviewed", count),
            _("A second pair of eyes, and your name beside it."),
            url_for(LIST),
            order=56,
        )


def _waiting(place: Group) -> Iterable[Todo]:
    for code in queries.languages_of(place, current_user.language)[:2]:
        if count := queries.count_waiting(code):
            yield Todo(
                ngettext(
                    "%(num)d text waits to be translated: %(autonym)s",
                    "%(num)d texts wait to be translated: %(autonym)s",
                    count,
                    autonym=named(code).autonym,
                ),
                _("Your words carry what one group learned to another."),
                url_for(LIST, into=code),
                order=60,
            )

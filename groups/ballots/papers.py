"""Slips to print and cut apart, in the group's language. They say neither whose they are nor of which group."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from network.documents.paper import document, in_language
from network.web.formatting import moment, whole_day


def slips(codes: Sequence[str], *, held_on: date, closes_at: datetime, service: str, language: str) -> bytes:
    """A slip for each code, several a page."""
    with in_language(language):
        return document(
            "groups/ballots/slips.typ",
            title=_("Slips to print"),
            language=language,
            lead=_("Cut them apart, fold them, and put them in a hat. Nobody writes down who draws which."),
            when=_("Election, %(day)s", day=whole_day(held_on)),
            how=_("On any phone, open %(address)s and type this code.", address=service),
            until=_(
                "The vote closes at %(when)s. Nobody can tell whose slip this is.", when=moment(closes_at)
            ),
            footer=_("Keep unused slips until the vote has closed, then tear them up."),
            codes=list(codes),
        )

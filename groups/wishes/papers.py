"""The copy of what is held about a member without a sign-in, in their language: on paper, and as files. No group is named on it."""

from typing import Any

from flask_babel import gettext as _

from network.documents.paper import document, in_language
from network.mine import export
from network.mine.export import Taken
from network.web.formatting import whole_day


def copy_paper(taken: Taken, *, is_whole: bool, language: str) -> bytes:
    """The copy to print."""
    with in_language(language):
        return document(
            "groups/wishes/copy.typ",
            title=_("What is kept about you"),
            language=language,
            lead=_("This is all that was kept about you on %(day)s.", day=whole_day(taken.at)) if is_whole else _(
                "This is what was kept about you on %(day)s. What you told about yourself is left out, because"
                " somebody else printed it; ask for it if you want it on paper too.", day=whole_day(taken.at)
            ),
            closed=_(
                "Help you asked for, and a result you challenged, are shown to few. They stand here only where"
                " whoever printed this is one of those few. The others who decide can tell you."
            ),
            sections=[_section(one) for place in taken.places for one in export.sections(place.found, place.place)],
        )  # fmt: skip


def _section(section: dict[str, Any]) -> dict[str, Any]:
    """A part as plain words."""
    held = section["held"]
    only_numbers = [(_("An entry"), _("Only numbers that programs need."))]
    return {
        "title": held.part.title,
        "about": [
            (_("Who can see it"), held.part.seen_by),
            *((_("Until when"), until) for until in held.until),
        ],
        "theirs": [facts or only_numbers for facts in section["theirs"]],
        "acts": [facts or only_numbers for facts in section["acts"]],
        "did": _("What you did"),
    }


def copy_files(taken: Taken, *, language: str) -> bytes:
    """The copy as everybody takes it away from their own page."""
    with in_language(language):
        return export.as_zip(taken)

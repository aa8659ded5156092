"""The notes to the network when a group decided to close, or to join its charter, in the group's language."""

from flask_babel import force_locale
from flask_babel import gettext as _

from network.tenancy.models import Group
from network.web.languages import language_of


def note_of_closing(group: Group) -> tuple[str, str]:
    """Title and words. Nothing in it says why, nor who said what."""
    with force_locale(language_of(group.language).babel):
        return (
            _("Our members decided to close the group"),
            _(
                "The members of %(group)s decided to close the group. We ask you to help with what has to be done before it closes.",
                group=group.name,
            ),
        )


def note_of_charter(group: Group) -> tuple[str, str]:
    """Title and words."""
    with force_locale(language_of(group.language).babel):
        return (
            _("Our members decided to join the charter"),
            _(
                "The members of %(group)s decided to join the network’s charter. We ask you to tell us what comes next.",
                group=group.name,
            ),
        )

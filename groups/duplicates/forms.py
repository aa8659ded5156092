"""What is said about two entries that look alike."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from groups.duplicates.rules import Refusal, Why
from network.web.forms import Form

REASONS = {
    Why.NAME: _l("The nicknames are nearly the same."),
    Why.CONTACT: _l("They are reached at the same place. That may be a shared phone."),
}
REFUSALS = {
    Refusal.NOT_ALIKE: _l("These two do not look alike any more. Look at the list once more."),
    Refusal.SOMETHING_HANGS_ON_IT: _l(
        "A sign-in, a vote, an office, money or something they said themselves hangs on this entry, so it stays. "
        "Nothing is ever moved from one entry to another."
    ),
}


class PairForm(Form):
    """Two entries; for one who is the same person once more, which of them stays."""

    one = HiddenField()
    other = HiddenField()

    def chosen(self) -> tuple[uuid.UUID, uuid.UUID] | None:
        """The two, or nothing where they are none."""
        first, second = _read(self.one.data), _read(self.other.data)
        return (first, second) if first and second and first != second else None


def _read(sent: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(sent or "")
    except ValueError:
        return None

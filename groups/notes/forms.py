"""What is asked of whoever writes for the next person."""

from flask_babel import lazy_gettext as _l

from groups.notes.rules import Refusal
from network.web.forms import Form, WordsField, needed

LONGEST = 4000
REFUSALS = {Refusal.TOO_LATE: _l("The time to write for this office is over.")}


class NoteForm(Form):
    words = WordsField(
        _l("What should the next person know?"),
        [needed(_l("Write a few words."))],
        most=LONGEST,
        description=_l(
            "What is half done, whom to ask, where keys and papers lie. Leave out who asked for help, and what was told in confidence."
        ),
        render_kw={"rows": 6},
    )

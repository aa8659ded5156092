"""The questions of a sheet. On a phone with scripts only what was closed there is sent; the other way is asked for by name.

A form that carries words has no key against sending twice: the table of such keys would keep a print of the words.
"""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from network.support_sheets import locks, rules
from network.support_sheets.rules import PEOPLE, Person, Written
from network.web.forms import Form, LineField, WordsField, needed

FOR_ONE = "person"
WORDS = {"words", "old", "own_words"}
"""Fields that hold somebody's words."""
LASTS: dict[str, Any] = {
    "1": _l("1 day"),
    "7": _l("1 week"),
    "30": _l("30 days"),
    "90": _l("90 days"),
    FOR_ONE: _l("Until I say otherwise"),
}
_TYPED = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_NOT_WORDS = _l(
    "These are not the four words. Look at each once more; capital letters and accents do not matter."
)
_UNREADABLE = _l("The words fit, but what is kept here can no longer be opened.")


def is_here() -> bool:
    """Whether the person chose to have it opened and closed on the server, for want of scripts."""
    return request.args.get("here") == "1"


class SecretForm(Form):
    """What all of them share: closed things in hidden fields, or words and plain answers where the server does the work."""

    sealed = HiddenField()
    lock = HiddenField()

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.is_here = is_here()
        if self.is_here:
            del self.once
        else:  # a browser that does its part sends no words
            for name in WORDS & set(self.data):
                self[name].validators = [
                    one for one in self[name].validators if not isinstance(one, InputRequired)
                ]

    def say(self, name: str, sentence: Any) -> None:
        """Put a sentence beside a field."""
        field = self[name]
        field.errors = [*field.errors, sentence]

    def not_words(self, name: str = "words") -> None:
        """These words open nothing."""
        self.say(name, _NOT_WORDS)

    def not_readable(self, name: str = "words") -> None:
        """The words are right, and what they should open is not."""
        self.say(name, _UNREADABLE)

    def not_closed(self, name: str) -> None:
        """A page whose script did not do its part."""
        self.say(name, _l("This did not arrive closed, and nothing was kept. Open this page once more."))

    def closed(self, *, with_lock: bool) -> tuple[str, str] | None:
        """What a browser closed: lock and content."""
        lock, content = self.lock.data or "", self.sealed.data or ""
        is_whole = locks.is_content(content) and (not with_lock or locks.is_lock(lock))
        return (lock, content) if is_whole else None


class OpenForm(SecretForm):
    words = LineField(_l("The four words"), [needed()], render_kw=_TYPED)


class StandingForm(SecretForm):
    """About a sheet as the page showed it. A page left open while the sheet changed elsewhere holds another key, or older answers."""

    seen = HiddenField()

    def still_stands(self, state: str, name: str) -> bool:
        """Whether the sheet is as the page showed it; otherwise the form says so beside a field."""
        if self.seen.data == state:
            return True
        self.seen.data = ""
        self.say(name, _l("The sheet changed meanwhile. Open it once more."))
        return False


class SheetForm(SecretForm):
    """What stands on a sheet; all of it may stay empty."""

    name = LineField(_l("What do people call me?"), most=60)
    helps = WordsField(
        _l("What helps me"), most=1000, description=_l("For example: sit with me, walk with me, tea, quiet.")
    )
    hurts = WordsField(
        _l("What does not help me"), most=1000, description=_l("For example: many questions, being touched, being left alone.")
    )  # fmt: skip
    person_1 = LineField(_l("First person I trust"), most=60)
    reach_1 = LineField(
        _l("How to reach them"),
        most=80,
        description=_l(
            "A phone number with its country, such as +254…, an e-mail address, or where to find them."
        ),
    )
    person_2 = LineField(_l("Second person I trust"), most=60)
    reach_2 = LineField(_l("How to reach the second"), most=80)
    person_3 = LineField(_l("Third person I trust"), most=60)
    reach_3 = LineField(_l("How to reach the third"), most=80)
    text = WordsField(
        _l("A text ready to send to them"), most=300,
        description=_l("Short, and nothing a stranger could not read. For example: Can you call me or come to me? It would help me today."),
    )  # fmt: skip
    wishes = WordsField(
        _l("What I wish"), most=1000, description=_l("Whom to tell and whom not, where I want to be, who looks after children or animals.")
    )  # fmt: skip

    def written(self) -> Written:
        """The answers as they stand."""
        people = (
            Person(self[f"person_{n}"].data or "", self[f"reach_{n}"].data or "")
            for n in range(1, PEOPLE + 1)
        )
        return Written(
            name=self.name.data or "", helps=self.helps.data or "", hurts=self.hurts.data or "",
            wishes=self.wishes.data or "", text=self.text.data or "",
            people=tuple(one for one in people if one.name or one.reach),
        )  # fmt: skip


def answers_of(written: Written) -> dict[str, str]:
    """A sheet as the answers of its form."""
    people: dict[str, str] = {}
    for number, person in enumerate(written.people, 1):
        people |= {f"person_{number}": person.name, f"reach_{number}": person.reach}
    return {name: getattr(written, name) for name in ("name", "helps", "hurts", "wishes", "text")} | people


class BeginForm(SheetForm):
    words = LineField(
        _l("Type the four words"),
        [needed()],
        render_kw=_TYPED,
        description=_l("So that you know you have them."),
    )
    shown = HiddenField()

    def has_shown_words(self) -> bool:
        """Whether what was typed is what the page had shown."""
        return rules.plain_words(self.words.data or "") == rules.plain_words(self.shown.data or "")


class ChangeForm(StandingForm, SheetForm):
    words = LineField(_l("Type your four words once more"), [needed()], render_kw=_TYPED)


class NewWordsForm(StandingForm):
    old = LineField(_l("The words you have had until now"), [needed()], render_kw=_TYPED)
    words = LineField(_l("Type the new four words"), [needed()], render_kw=_TYPED)
    shown = HiddenField()

    has_shown_words = BeginForm.has_shown_words


class ShareForm(StandingForm):
    lasts = SelectField(
        _l("For how long?"), choices=[SelectChoice(code, said) for code, said in LASTS.items()], default="7",
        description=_l("For some days: whoever has the link and the words. Until you say otherwise: one person, who signs in here."),
    )  # fmt: skip
    own_words = LineField(_l("Your own four words"), [needed()], render_kw=_TYPED)

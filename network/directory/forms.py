"""Looking for a group, and asking one a question."""

from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField
from wtforms import Form as PlainForm

from network.directory.queries import Search
from network.directory.words import LOOKING, OLD_ENOUGH, as_choices, day_choices, language_choices
from network.web.forms import Form, LineField, WordsField, needed


class FindForm(PlainForm):
    """Sent in the address, without a key or a cookie: looking around leaves nothing behind."""

    place = LineField(_l("Place"), most=80, render_kw={"autocomplete": "off", "dir": "auto"})
    day = SelectField(_l("Day"))
    language = SelectField(_l("Language"))
    who = SelectField(_l("Who is looking"))

    def __init__(self, asked: MultiDict[str, str], spoken: list[str]) -> None:
        super().__init__(asked)
        self.place.data = "".join(letter for letter in self.place.data or "" if letter.isprintable())
        self.form_errors: list[str] = []
        self.day.choices = [("", _l("Any day")), *day_choices()]
        self.language.choices = (
            [("", _l("Any language")), *language_choices(spoken)] if spoken else [("", _l("Any language"))]
        )
        self.who.choices = [("", _l("Anybody")), *as_choices(LOOKING)]
        for field in (self.day, self.language, self.who):
            if field.data not in {code for code, _ in field.choices}:
                field.data = ""  # an old address may name what is no longer there

    def search(self) -> Search:
        """What is looked for."""
        return Search(
            place=self.place.data or "", weekday=int(self.day.data) if self.day.data else None,
            language=self.language.data, who=self.who.data,
        )  # fmt: skip


class AskForm(Form):
    name = LineField(
        _l("What should they call you?"),
        most=60,
        description=_l("Any name you like."),
        render_kw={"autocomplete": "off"},
    )
    contact = LineField(
        _l("How can they reach you?"), [needed(_l("Without this they cannot answer you."))], most=160,
        description=_l("A phone number or an e-mail address. If somebody else may see the answer, say when it is safe."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    old_enough = BooleanField(
        OLD_ENOUGH,
        [needed(_l("Without this nobody can write to you. You can come to a meeting and ask there."))],
    )
    words = WordsField(
        _l("What do you want to ask?"), [needed()], most=1000,
        description=_l("One or two sentences are enough. There is no need to say anything about your life."),
    )  # fmt: skip

    @classmethod
    def under(cls, rule: Any | None) -> "AskForm":
        """The form of a group that asks for this first, or for nothing."""
        form = cls()
        if rule is None:
            del form.old_enough
        else:
            form.old_enough.description = rule
        return form

    @property
    def ticked(self) -> str:
        """The words they ticked about their age, as they read them."""
        return str(OLD_ENOUGH) if "old_enough" in self and self["old_enough"].data else ""

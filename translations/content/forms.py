"""Translating paragraph by paragraph, approving by name, taking over."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField
from wtforms.widgets import HiddenInput

from network.web.forms import Form, LineField, WordsField, needed
from translations.content.rules import Pair, Refusal

REFUSALS = {
    Refusal.SAME_LANGUAGE: _l("This is the language the text is written in. Choose another."),
    Refusal.OWN_WORK: _l("Somebody else than the translator looks at it and stands behind it."),
    Refusal.NOT_NAMED: _l("Say how you wish to be named. An approval without a name helps nobody."),
    Refusal.CHANGED_MEANWHILE: _l("It was changed while you were reading. Look at it once more."),
}
PARAGRAPH = "paragraph_"


class TranslateForm(Form):
    """The title and who translates; one more field for each paragraph is added below."""

    of_version = IntegerField(widget=HiddenInput())
    title = LineField(_l("Title"), [needed()])

    @property
    def paragraphs(self) -> list[WordsField]:
        return [field for field in self if field.name.startswith(PARAGRAPH)]

    @property
    def body(self) -> str:
        return "\n\n".join(field.data for field in self.paragraphs)


def translate_form(laid: Sequence[Pair], *, title: str, made_by: str, of_version: int) -> TranslateForm:
    """A form with one field beside each paragraph of the original."""
    fields = {
        f"{PARAGRAPH}{i}": WordsField(
            _l("Your words for paragraph %(number)d", number=i + 1),
            [needed(_l("This paragraph has no words in your language yet."))],
            most=6000,
            default=pair.translated,
            render_kw={"rows": max(3, len(pair.original) // 45)},
        )
        for i, pair in enumerate(laid)
    }
    fields["made_by"] = LineField(
        _l("How should we name you as the translator?"),
        most=60,
        description=_l("A nickname is enough, and everybody can read it."),
    )
    made: TranslateForm = type("TranslateTheseParagraphsForm", (TranslateForm,), fields)(
        title=title, made_by=made_by, of_version=of_version
    )
    return made


class ApproveForm(Form):
    """Whoever stands behind a translation is named with it, for the words that were looked at."""

    seen = HiddenField()
    reviewed_by = LineField(
        _l("How should we name you as the reviewer?"),
        [needed()],
        most=60,
        description=_l("Everybody can read it beside the translation."),
    )


class AnswerForm(Form):
    """The answer is for what was looked at."""

    revision = HiddenField()

    @property
    def number(self) -> int:
        """The revision that was looked at; none at all where something else was sent."""
        sent = self.revision.data or ""
        return int(sent) if sent.isascii() and sent.isdecimal() else 0

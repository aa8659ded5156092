"""Writing a guide, and looking for one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from facilitators.resources.models import Audience, Licence, ResourceKind
from facilitators.resources.rules import Refusal
from network.web import languages
from network.web.forms import Form, LineField, WordsField, needed

KINDS = {
    ResourceKind.GUIDE: _l("Guide"),
    ResourceKind.GROUND_RULES: _l("Ground rules"),
    ResourceKind.CHARTER: _l("Charter"),
    ResourceKind.FORM: _l("Form"),
    ResourceKind.FILM: _l("Film"),
}
LICENCES = {
    Licence.CC_BY_SA: _l(
        "Others may use and change it, say who wrote it, and share what they make the same way"
    ),
    Licence.CC_BY: _l("Others may use and change it if they say who wrote it"),
    Licence.CC0: _l("Others may use it as they like"),
    Licence.ASK_US: _l("Others may read it, and ask us before they use it"),
}
AUDIENCES = {
    Audience.EVERYBODY: _l("Everybody"),
    Audience.FACILITATORS: _l("People who lead meetings"),
    Audience.OFFICERS: _l("People who hold an office"),
    Audience.NEW_MEMBERS: _l("New members"),
    Audience.FAMILIES: _l("Families and friends"),
}
REFUSALS = {
    Refusal.PUBLISHED_ALREADY: _l("Everybody can read this already."),
    Refusal.FILM_NEEDS_LINK: _l("Say where the film can be watched."),
    Refusal.NOT_A_SAFE_LINK: _l("An address here begins with https:// and has no spaces."),
}
BESIDE = {Refusal.FILM_NEEDS_LINK: "link", Refusal.NOT_A_SAFE_LINK: "link"}


def _choices(words: dict[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(code.value, label) for code, label in words.items()]


class ResourceForm(Form):
    """A guide: its words, and what others should know about it."""

    title = LineField(_l("Title"), [needed()], description=_l("Such as: Ground rules for a first meeting"))
    body = WordsField(
        _l("What it says"),
        [needed()],
        most=16_000,
        description=_l(
            "Plain words. An empty line begins a new paragraph; translators work paragraph by paragraph."
        ),
        render_kw={"rows": 14},
    )
    kind = SelectField(_l("What is it?"), choices=_choices(KINDS), validators=[needed()])
    link = LineField(
        _l("Where can it be watched or opened?"),
        most=300,
        description=_l("Only for films and forms that are kept elsewhere."),
        render_kw={"inputmode": "url", "autocapitalize": "none", "dir": "ltr"},
    )
    audience = SelectField(_l("For whom is it?"), choices=_choices(AUDIENCES), validators=[needed()])
    licence = SelectField(
        _l("What may others do with it?"), choices=_choices(LICENCES), validators=[needed()]
    )


class WriteResourceForm(ResourceForm):
    """A new guide also says its language and how its author wishes to be named."""

    language = SelectField(_l("In which language do you write?"), validators=[needed()])
    made_by = LineField(
        _l("How should we name you as the author?"),
        most=60,
        description=_l("A nickname, or the group’s name. Everybody can read it."),
    )

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        known = [one for one in languages.known().values() if one.code != languages.PSEUDO]
        self.language.choices = [SelectChoice(one.code, one.autonym) for one in known]


class PublishForm(Form):
    """Nothing is asked: the page says what will happen."""

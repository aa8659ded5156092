"""Asking to join, and introducing somebody with their agreement. No field here has room for a reason."""

from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields import SelectChoice

from groups.referrals.forms import AFTER
from groups.referrals.models import Introducer
from groups.referrals.rules import MONTHS
from groups.safeguarding.forms import COUNTRY_RULES
from network.directory.words import OLD_ENOUGH
from network.web.forms import Form, LineField, WordsField, needed
from network.web.languages import current_language, offered

AGREEMENT = _l("They know that I write to this group, and they agree.")
"""The words of the consent. A print of them is kept with the introduction, in the language they were shown in."""
THEY_OLD_ENOUGH = _l("They are 18 or older, or their parent or guardian agrees.")
BESIDE_THE_TICK = {
    "kenya": COUNTRY_RULES["kenya"].says,
}
"""By country profile: what the country's rule says, where we know one that can be read by whoever asks."""
ANYWHERE = _l("A parent or guardian agrees before a message goes to somebody under 18.")
INTRODUCERS = {
    Introducer.FAMILY: _l("I am of their family"),
    Introducer.FRIEND: _l("I am a friend"),
    Introducer.PROFESSIONAL: _l("I work in support"),
    Introducer.ANOTHER: _l("I know them in another way"),
}


class AtTheDoorForm(Form):
    """A form at the door of a group that asks for a word about age first, or for none."""

    @classmethod
    def under(cls, rule: Any | None) -> Self:
        """The form with this rule of the country beside the tick, or without the tick."""
        form = cls()
        if rule is None:
            del form["old_enough"]
        else:
            form["old_enough"].description = rule
        return form

    @property
    def ticked(self) -> str:
        """The words they ticked, as they read them."""
        tick = self._fields.get("old_enough")
        return str(tick.label.text) if tick and tick.data else ""


class JoinForm(AtTheDoorForm):
    called = LineField(
        _l("What should they call you?"), [needed()], most=60, description=_l("A nickname is enough."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    reach = LineField(
        _l("How can they reach you?"), most=160,
        description=_l(
            "A phone number or an e-mail address, if you want them to write or call. If somebody else may see it, say when it is safe."
        ),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    old_enough = BooleanField(OLD_ENOUGH)
    words = WordsField(
        _l("One sentence"), most=300,
        description=_l("Such as when you could come. Nothing about your health or your life is needed here."),
    )  # fmt: skip


class IntroduceForm(AtTheDoorForm):
    called = LineField(
        _l("What do they want to be called?"), [needed()], most=60, description=_l("A nickname or a first name."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    reach = LineField(
        _l("How do they want to be reached?"), most=160,
        description=_l("As they told you, and when it is safe. Leave this empty if they would rather come by themselves."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    old_enough = BooleanField(THEY_OLD_ENOUGH)
    language = SelectField(_l("In which language?"))
    introduced_by = RadioField(
        _l("Who are you?"), [needed(_l("Choose what fits best."))],
        choices=[SelectChoice(code.value, words) for code, words in INTRODUCERS.items()],
    )  # fmt: skip
    writer_name = LineField(
        _l("Your name"), most=60, render_kw={"autocomplete": "off"},
        description=_l("They can see it, and so can the group. Nobody asks you anything, or tells you anything."),
    )  # fmt: skip
    agreement = BooleanField(
        AGREEMENT,
        [
            needed(
                _l(
                    "Ask them first, and come back. Somebody who finds a stranger’s message without warning may feel watched;"
                    " somebody who was asked may be glad of it."
                )
            )
        ],
    )

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.language.choices = [SelectChoice(language.code, language.autonym) for language in offered()]
        if not self.is_submitted():
            self.language.data = current_language().code


class LeaveOpenForm(Form):
    months = RadioField(
        _l("Not now?"), [needed(_l("Choose three, six or twelve months."))],
        choices=[SelectChoice(str(months), AFTER[months]) for months in MONTHS],
    )  # fmt: skip

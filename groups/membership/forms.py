"""What is asked about members: as little as will do, each with why and who sees it."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice

from groups.membership.models import LONGEST_NICKNAME, CompositionWord, LivedExperience, Member
from groups.membership.rules import BadLine, Refusal
from network.web.forms import Form, LineField, WordsField, needed
from network.web.languages import offered

REFUSALS = {
    Refusal.NAME_TAKEN: _l(
        "Somebody here has this nickname already. A second letter or a number tells them apart."
    ),
    Refusal.NAME_TWICE: _l("This nickname stands here twice."),
    Refusal.NAME_TOO_LONG: _l("This nickname is too long. Keep it to 60 letters."),
    Refusal.NAME_UNREADABLE: _l("A nickname needs at least one letter or number."),
    Refusal.TOO_MANY: _l("These are more than 60 at once. Add the first 60, then the others."),
    Refusal.NOBODY_NAMED: _l("Write at least one nickname."),
    Refusal.ACCOUNT_HERE_ALREADY: _l("This sign-in belongs to somebody in the group already."),
    Refusal.MEMBER_HAS_SIGN_IN: _l("This member has a sign-in already."),
    Refusal.HAS_LEFT: _l("This member has left."),
    Refusal.COUNTED_ALREADY: _l("This month is counted already."),
    Refusal.TOO_FEW_ANSWERS: _l(
        "Fewer than five members have told about themselves so far. Then one word would point at people."
    ),
    Refusal.NO_RULE: _l("Your network asks nothing about this."),
}
LINES = {
    Refusal.NAME_TAKEN: _l("Line %(number)d, “%(name)s”: somebody here has this nickname already."),
    Refusal.NAME_TWICE: _l("Line %(number)d, “%(name)s”: this nickname stands here twice."),
    Refusal.NAME_TOO_LONG: _l("Line %(number)d, “%(name)s…”: this is too long. Keep it to 60 letters."),
    Refusal.NAME_UNREADABLE: _l(
        "Line %(number)d, “%(name)s”: a nickname needs at least one letter or number."
    ),
}
ABOUT_ONESELF = {
    LivedExperience.LIVED: _l("I have lived experience"),
    LivedExperience.CAREGIVER: _l("I am a caregiver"),
    LivedExperience.BOTH: _l("Both"),
}
ABOUT_SOMEBODY = {
    LivedExperience.LIVED: _l("lived experience"),
    LivedExperience.CAREGIVER: _l("a caregiver"),
    LivedExperience.BOTH: _l("both"),
}
WORDS = {
    CompositionWord.WELL_ABOVE: _l("Well above"),
    CompositionWord.NEAR: _l("Near"),
    CompositionWord.BELOW: _l("Below"),
}
MEANING = {
    CompositionWord.WELL_ABOVE: _l("The rule is met, with room to spare."),
    CompositionWord.NEAR: _l("The rule is met. A few people coming or going could change that."),
    CompositionWord.BELOW: _l(
        "The rule is not met at present. Nobody has to leave: you can invite more people with lived experience."
    ),
}
TAKE_AWAY = "taken"


def sentence_for(line: BadLine) -> str:
    """What to say about a line that cannot be added."""
    return str(LINES[line.refusal]) % {"number": line.number, "name": line.text}


class AddMembersForm(Form):
    names = WordsField(
        _l("Nicknames, one on each line"),
        [needed(_l("Write at least one nickname."))],
        description=_l("One member or up to 60 at once. A nickname is enough; it need not be a real name."),
        render_kw={"rows": 10, "dir": "auto", "autocomplete": "off", "spellcheck": "false"},
    )

    def refuse_lines(self, lines: Sequence[BadLine]) -> None:
        """Say about each line what is to be put right."""
        self.names.errors = [*self.names.errors, *(sentence_for(line) for line in lines)]


class MemberForm(Form):
    nickname = LineField(_l("Nickname"), [needed()], most=LONGEST_NICKNAME)
    contact = LineField(
        _l("A way to reach them"),
        description=_l(
            "A phone number or an e-mail address. Only the member, the chairperson and the secretary see it. It is kept sealed."
        ),
    )
    language = SelectField(_l("Their language"))

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.language.choices = [
            SelectChoice("", _l("Not said")),
            *(SelectChoice(language.code, language.autonym) for language in offered()),
        ]


class OwnMembershipForm(MemberForm):
    contact = LineField(
        _l("A way to reach you"),
        description=_l(
            "A phone number or an e-mail address. Only you, the chairperson and the secretary see it. It is kept sealed."
        ),
    )
    language = SelectField(_l("Your language"))
    answer = RadioField(
        _l("About you, if you want to say"),
        choices=[
            SelectChoice("", _l("I would rather not say")),
            *(SelectChoice(code.value, words) for code, words in ABOUT_ONESELF.items()),
        ],
        description=_l(
            "Networks ask that most members have lived experience. Your answer is counted together with everybody else’s. "
            "It stands on this page for you, and nobody else sees it: no list, no officer, no network."
        ),
    )


class AnswersForm(Form):
    """A choice for each member of a page; what was told before is never shown, so every choice begins with leaving it."""

    answers: dict[uuid.UUID, str]

    @classmethod
    def about(cls, members: Sequence[Member]) -> "AnswersForm":
        """The form with a question for each of these members."""
        choices = [
            SelectChoice("", _l("leave as it is")),
            *(SelectChoice(code.value, words) for code, words in ABOUT_SOMEBODY.items()),
            SelectChoice(TAKE_AWAY, _l("take the answer away")),
        ]
        questions = {
            f"about_{member.id.hex}": SelectField(
                member.nickname, choices=choices, default="", render_kw={"autocomplete": "off"}
            )
            for member in members
        }
        return type("AnswersForm", (cls,), questions)()

    def told(self, members: Sequence[Member]) -> list[tuple[Member, LivedExperience | None]]:
        """Whom something is to be kept about, and what; `None` takes it away."""
        chosen = [(member, getattr(self, f"about_{member.id.hex}").data) for member in members]
        return [
            (member, None if code == TAKE_AWAY else LivedExperience(code)) for member, code in chosen if code
        ]

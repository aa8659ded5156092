"""What is asked about members: as little as will do, each with why, who sees it and until when (`groups.consents.forms`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice

from groups.consents.forms import CATALOGUE, METHODS, ConsentForm, Item, beside
from groups.consents.models import SAID_ELSEWHERE, Consent, Method, Purpose
from groups.consents.rules import asks_again
from groups.membership.models import (
    LONGEST_NICKNAME,
    AgeBand,
    CompositionWord,
    DisabilityRegistered,
    LivedExperience,
    Member,
    Sex,
)
from groups.membership.rules import BadLine, Refusal
from network.web.forms import Form, LineField, WordsField, needed
from network.web.languages import language_of, to_choose

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
SEXES = {Sex.FEMALE: _l("Female"), Sex.MALE: _l("Male"), Sex.INTERSEX: _l("Intersex")}
AGES = {
    AgeBand.UNDER: _l("Under 18"),
    AgeBand.YOUTH: _l("18 to 35"),
    AgeBand.ADULT: _l("36 to 59"),
    AgeBand.OLDER: _l("60 and over"),
}
REGISTERED = {DisabilityRegistered.YES: _l("Registered"), DisabilityRegistered.NOT: _l("Not registered")}
CODES: dict[Purpose, Mapping[Any, Any]] = {
    Purpose.LIVED_EXPERIENCE: ABOUT_ONESELF,
    Purpose.AGE_BAND: AGES,
    Purpose.SEX: SEXES,
    Purpose.DISABILITY_REGISTERED: REGISTERED,
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


class NicknameForm(Form):
    nickname = LineField(_l("Nickname"), [needed()], most=LONGEST_NICKNAME)


class InviteForm(Form):
    """The note and the page it leads to; what the member told about their language is theirs, and is not copied."""

    language = SelectField(_l("In which language is the invitation?"))

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.language.choices = _languages(self.language.object_data)


def _languages(kept: str | None = None) -> list[SelectChoice]:
    return [SelectChoice(language.code, language.autonym) for language in to_choose(kept)]


def _choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(code), said) for code, said in words.items()]


class TellForm(ConsentForm):
    """One thing a member may tell about themselves, and nothing else: each is a yes of its own."""

    purpose: Purpose

    @classmethod
    def about(cls, purpose: Purpose, **named: Any) -> "TellForm":
        """The form for this one thing; as it was sent, unless `formdata=None` is given."""
        label, hint, kept = CATALOGUE[purpose].asks, beside(purpose), named.pop("kept", None)
        fields: dict[str, Any] = {"purpose": purpose}
        if purpose == Purpose.CONTACT:
            fields[purpose] = LineField(label, [needed()], description=hint)
        elif purpose != Purpose.NAMED_ON_RETURN:
            first, rest = SelectChoice("", _l("Choose one")), _choices(CODES.get(purpose, {}))
            if purpose == Purpose.LANGUAGE:
                rest = _languages(kept)
            fields[purpose] = SelectField(
                label, [needed(_l("Choose one."))], choices=[first, *rest], description=hint
            )
        made: TellForm = type("TellForm", (cls,), fields)(**named)
        return made

    def purposes(self) -> Iterable[Purpose]:
        return (self.purpose,)

    @property
    def question(self) -> Any:
        """The field, where there is one: standing on a list is a plain yes."""
        return self._fields.get(self.purpose)


@dataclass(frozen=True)
class Detail:
    """One thing on somebody's own page: what is asked, what they said, and how to say or take back."""

    purpose: Purpose
    item: Item
    form: TellForm | None
    said: Any
    consent: Consent | None
    how: Any = ""
    asks_again: bool = False
    is_left_out: bool = False

    @property
    def beside(self) -> Any:
        """Why, who sees it, until when."""
        return beside(self.purpose)


def details(
    told: Mapping[str, str | None], standing: Mapping[Purpose, Consent], *, is_left_out: bool, refused: TellForm | None = None
) -> list[Detail]:  # fmt: skip
    """Everything on somebody's own page, in the order of the catalogue; a form that was refused comes as it was sent."""
    found = []
    for purpose, item in CATALOGUE.items():
        consent = standing.get(purpose)
        if purpose in SAID_ELSEWHERE:
            form = None
        elif refused is not None and refused.purpose == purpose:
            form = refused
        else:
            form = TellForm.about(
                purpose, formdata=None, kept=told.get(purpose), data={purpose: told.get(purpose)}
            )
        if form is None and consent is None:
            continue
        version = consent.words.version if consent and consent.words else None
        found.append(Detail(
            purpose, item, form, _said(purpose, told.get(purpose), consent, is_left_out=is_left_out), consent,
            METHODS[Method(consent.method)] if consent else "",
            consent is not None and form is not None and asks_again(Method(consent.method), version=version, now_version=item.version),
            is_left_out,
        ))  # fmt: skip
    return found


def _said(purpose: Purpose, value: str | None, consent: Consent | None, *, is_left_out: bool) -> Any:
    if purpose == Purpose.NAMED_ON_RETURN and is_left_out:
        return _l("You are left out.")
    if purpose in {Purpose.NAMED_ON_RETURN, *SAID_ELSEWHERE}:
        return _l("Yes.") if consent else None
    if purpose == Purpose.LANGUAGE and value:
        return language_of(value).autonym
    return CODES.get(purpose, {}).get(value, value)


LEAVE, TAKE = SelectChoice("", _l("leave as it is")), _l("take the answer away")


def _aloud(purpose: Purpose, words: Mapping[Any, Any], *, take: Any = TAKE) -> SelectField:
    return SelectField(
        CATALOGUE[purpose].asks, description=beside(purpose), default="", render_kw={"autocomplete": "off"},
        choices=[LEAVE, *_choices(words), SelectChoice(TAKE_AWAY, take)],
    )  # fmt: skip


class AloudForm(ConsentForm):
    """Read out to one member. What was told before is never shown, so every question begins with leaving it."""

    contact = LineField(
        CATALOGUE[Purpose.CONTACT].asks,
        description=beside(Purpose.CONTACT),
        render_kw={"autocomplete": "off"},
    )
    takes_contact_back = BooleanField(_l("They take back the way to reach them"))
    language = SelectField(
        CATALOGUE[Purpose.LANGUAGE].asks, description=beside(Purpose.LANGUAGE), default="", render_kw={"autocomplete": "off"}
    )  # fmt: skip
    lived_experience = _aloud(Purpose.LIVED_EXPERIENCE, ABOUT_SOMEBODY)
    age_band = _aloud(Purpose.AGE_BAND, AGES)
    sex = _aloud(Purpose.SEX, SEXES)
    disability_registered = _aloud(Purpose.DISABILITY_REGISTERED, REGISTERED)
    named_on_return = _aloud(
        Purpose.NAMED_ON_RETURN, {"yes": _l("may stand on the list")}, take=_l("leave them out")
    )
    guardian = _aloud(
        Purpose.GUARDIAN,
        {Method.ALOUD: _l("a parent or guardian agreed when we spoke"), Method.PAPER: _l("a parent or guardian agreed in writing")},
        take=_l("it is taken back"),
    )  # fmt: skip

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self.language.choices = [LEAVE, *_languages(), SelectChoice(TAKE_AWAY, TAKE)]

    def purposes(self) -> Iterable[Purpose]:
        return [purpose for purpose in CATALOGUE if purpose in self]

    def told(self) -> list[tuple[Purpose, str | None]]:
        """What was said to which question; `None` takes it away."""
        said = [(purpose, self[purpose].data) for purpose in CATALOGUE if purpose in self]
        if self.takes_contact_back.data:
            said = [(Purpose.CONTACT, TAKE_AWAY), *said[1:]]
        return [(purpose, None if code == TAKE_AWAY else code) for purpose, code in said if code]


class AnswersForm(ConsentForm):
    """A choice for each member of a page; what was told before is never shown, so every choice begins with leaving it."""

    def purposes(self) -> Iterable[Purpose]:
        return (Purpose.LIVED_EXPERIENCE,)

    @classmethod
    def about(cls, members: Sequence[Member]) -> "AnswersForm":
        """The form with a question for each of these members."""
        choices = [LEAVE, *_choices(ABOUT_SOMEBODY), SelectChoice(TAKE_AWAY, TAKE)]
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

"""The words of an application's states, what the group keeps beside it, and what became of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, ValidationError

from funding.applications.commands import Progress
from funding.applications.models import ApplicationState, GrantApplication
from funding.applications.rules import GOING_ON, Refusal
from funding.grants.forms import GrantForm
from funding.ledger.forms import AboveNothing, choices
from funding.opportunities.forms import ASKS, PAPERS
from funding.opportunities.models import Opportunity
from groups.membership.models import Member
from network.web.fields import Several
from network.web.forms import DayField, Form, MoneyField, WordsField, needed

STATES: dict[Any, Any] = {
    ApplicationState.INTERESTED: _l("We are interested"),
    ApplicationState.PREPARING: _l("We are preparing it"),
    ApplicationState.APPLIED: _l("We have applied"),
    ApplicationState.AWARDED: _l("They said yes"),
    ApplicationState.REFUSED: _l("They said no"),
    ApplicationState.WITHDRAWN: _l("We did not go on with it"),
}
REFUSALS: dict[Any, Any] = {
    Refusal.OVER: _l("It is over, so it cannot be applied for any more."),
    Refusal.BEGUN_ALREADY: _l("Somebody in your group has begun with this already."),
    Refusal.WRITTEN_MEANWHILE: _l(
        "Somebody kept something else here while you wrote. What you wrote is below and is not kept yet. Look at both, put yours right, and keep it."
    ),
    Refusal.NOT_NOW: _l("Somebody has written down something else meanwhile. Nothing was changed."),
    Refusal.IN_THE_FUTURE: _l("This day has not come yet."),
    Refusal.BEFORE_IT_WENT_OUT: _l("This is before the day it went out."),
    Refusal.WHY_MISSING: _l("Write what they said, or that they gave no reason."),
    Refusal.NOT_AWARDED: _l("Nothing was awarded here."),
    Refusal.WRITTEN_ALREADY: _l("This stands in the book as a grant already."),
    Refusal.PAID_BACK: _l("It has to be paid back, so it is no grant. The book keeps no loans."),
}
BESIDE = {
    Refusal.IN_THE_FUTURE: ("applied_on", "settled_on"),
    Refusal.BEFORE_IT_WENT_OUT: ("settled_on",),
    Refusal.WHY_MISSING: ("why",),
}
YES, NO = "yes", "no"
MOST_DIGITS = 10
MOST_PROMISES = 10


def refuse(form: Form, refusal: Refusal) -> None:
    """Put the sentence beside the field it is about, or at the top."""
    form.refuse(refusal, REFUSALS, next((name for name in BESIDE.get(refusal, ()) if name in form), None))


class KeepForm(Form):
    """Who looks after it, each question of the funder, the papers, a few notes; made by `keep_form`."""

    seen = HiddenField()

    @property
    def version(self) -> int | None:
        """Which version was on the page."""
        sent = self.seen.data or ""
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < MOST_DIGITS else None

    def progress(self) -> Progress:
        """What was filled in."""
        said = {
            name.removeprefix("ask_"): self[name].data for name in self._fields if name.startswith("ask_")
        }
        keeper = self.keeper.data if "keeper" in self else ""
        return Progress(
            keeper_id=UUID(keeper) if keeper else None,
            said_yes=[code for code, answer in said.items() if answer == YES],
            said_no=[code for code, answer in said.items() if answer == NO],
            gathered=(self.gathered.data or ()) if "gathered" in self else (),
            notes=self.notes.data or "",
        )


def keep_form(
    application: GrantApplication, chance: Opportunity, members: Sequence[Member], *, is_going_on: bool
) -> KeepForm:
    """The form with this funder's questions and papers; once it is settled, with the notes alone."""
    fields: dict[str, Any] = _asked(chance, members) if is_going_on else {}
    fields["notes"] = WordsField(
        _l("Notes"), most=2000, description=_l("For those who look after money. No names of members.")
    )
    kept: dict[str, Any] = {
        "seen": str(application.version),
        "keeper": str(application.keeper_id or ""),
        "gathered": application.gathered,
        "notes": application.notes,
        **{f"ask_{code}": YES for code in application.said_yes},
        **{f"ask_{code}": NO for code in application.said_no},
    }
    form: KeepForm = type("KeepFormOfApplication", (KeepForm,), fields)(data=kept)
    return form


def kept_by_others(application: GrantApplication, form: KeepForm) -> list[tuple[Any, list[Any]]]:
    """What stands there now and is not what somebody is about to keep, field by field, in words."""
    mine = form.progress()
    found: list[tuple[Any, list[Any]]] = []
    if "keeper" in form and application.keeper_id != mine.keeper_id:
        found.append(
            (
                form.keeper.label.text,
                [application.keeper.nickname if application.keeper else _l("Nobody yet")],
            )
        )
    for words, theirs, own, names in (
        (_l("Answered with yes"), application.said_yes, mine.said_yes, ASKS),
        (_l("Answered with not yet"), application.said_no, mine.said_no, ASKS),
        (_l("Papers that are there"), application.gathered, mine.gathered, PAPERS),
    ):
        if set(theirs) != set(own) and application.state in GOING_ON:
            found.append((words, [names[code] for code in theirs] or [_l("Nothing yet")]))
    if application.notes != mine.notes:
        found.append((_l("Notes"), [application.notes or _l("Nothing yet")]))
    return found


def _asked(chance: Opportunity, members: Sequence[Member]) -> dict[str, Any]:
    names = {"": _l("Nobody yet"), **{str(member.id): member.nickname for member in members}}
    answers = choices({YES: _l("Yes"), NO: _l("Not yet"), "": _l("We do not know")})
    fields: dict[str, Any] = {"keeper": SelectField(_l("Who looks after it?"), choices=choices(names))}
    for code in ASKS:
        if code in chance.asks:
            fields[f"ask_{code}"] = RadioField(ASKS[code], choices=answers, default="")
    papers = {code: words for code, words in PAPERS.items() if code in chance.papers}
    if papers:
        fields["gathered"] = Several(_l("Which papers do you have?"), choices=choices(papers))
    return fields


class AppliedForm(Form):
    applied_on = DayField(_l("On which day did it go out?"), [needed()])


class AwardedForm(Form):
    amount = MoneyField(
        _l("How much did they award?"), [needed(), AboveNothing()], description=_l("In all, as their letter says.")
    )  # fmt: skip
    settled_on = DayField(_l("On which day did they say so?"), [needed()])


class RefusedForm(Form):
    why = WordsField(
        _l("Why, in their words?"),
        [needed()],
        most=1000,
        description=_l("It helps next time. If they gave no reason, write that."),
    )
    settled_on = DayField(_l("On which day did they say so?"), [needed()])


class WithdrawForm(Form):
    why = WordsField(_l("A word on why, for next time"), most=1000)


class AwardForm(GrantForm):
    """A grant's own form, filled in from the award, and what was promised for it."""

    promises = WordsField(
        _l("What did the group promise for it?"),
        most=4000,
        description=_l("One thing a line. Each stands with the grant until it is done."),
    )

    def promised(self) -> list[str]:
        """Each line that says something."""
        return [line.strip() for line in (self.promises.data or "").splitlines() if line.strip()]

    def validate_promises(self, field: WordsField) -> None:  # noqa: ARG002 - the library’s signature
        """Few, and each short enough for the grant's page."""
        promised = self.promised()
        if len(promised) > MOST_PROMISES or any(len(one) > 600 for one in promised):  # noqa: PLR2004 - as long as a condition may be
            raise ValidationError(_l("At most ten things, each in a few sentences."))

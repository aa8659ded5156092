"""A line of a budget, quarter by quarter, and asking for agreement."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import Optional

from funding.budgets import queries
from funding.budgets.commands import CannotBudget
from funding.budgets.rules import Refusal
from funding.ledger.forms import ACCOUNTS, COSTS, AboveNothing, ConfirmForm, SecondSignInForm, choices
from funding.ledger.rules import Cost
from network.access.guard import current_group
from network.web.formatting import money, months
from network.web.forms import Form, LineField, MoneyField, WordsField, needed

REFUSALS: dict[Any, Any] = {
    Refusal.NOT_OPEN: _l("This version is not being written any more. Look at it again."),
    Refusal.NOT_WAITING: _l("Somebody has decided this already. Nothing was changed."),
    Refusal.BEING_WRITTEN: _l("Somebody is writing a budget for this grant already. Go on with that one."),
    Refusal.TOO_MANY_LINES: _l("A budget has thirty lines at most. Put some together."),
    Refusal.NO_LINES: _l("There is no line in it yet."),
    Refusal.NOTHING_PLANNED: _l("Write how much it is, for the whole time or quarter by quarter."),
    Refusal.QUARTERS_DIFFER: _l(
        "The quarters do not add up to this. Write one or the other, or make them agree."
    ),
    Refusal.MORE_THAN_CEILING: _l("The lines add up to more than the grant. Plan less in one of them."),
    Refusal.LESS_THAN_SPENT: _l("More than this is spent already. Plan at least that much."),
    Refusal.REASON_MISSING: _l("Say why the budget changes. The funder reads it too."),
    Refusal.LINE_IS_USED: _l("Something is spent on this line, or a second person has seen it. It stays as it is called."),
    Refusal.OWN_SECOND: _l("The second person has to be somebody else than the one who asked."),
    Refusal.NOT_AN_OFFICER: _l("The second person has to be somebody who signs for money here now."),
    Refusal.CHANGED_MEANWHILE: _l("The budget was changed while you read it. Read it once more."),
    Refusal.COST_NOT_IN_BUDGET: _l("The grant’s budget has no line for this. Pay it from other money."),
    Refusal.WHICH_LINE: _l("The grant’s budget has several lines for this. Choose one."),
    Refusal.ANOTHER_FUNDS_LINE: _l("This line is of another grant. Choose a line of this one."),
}  # fmt: skip
BESIDE = {
    Refusal.COST_NOT_IN_BUDGET: "cost",
    Refusal.WHICH_LINE: "line",
    Refusal.ANOTHER_FUNDS_LINE: "line",
    Refusal.WHY_MISSING: "why",
    Refusal.MORE_THAN_BUDGET: "amount",
    Refusal.NOTHING_PLANNED: "total",
    Refusal.QUARTERS_DIFFER: "total",
    Refusal.REASON_MISSING: "reason",
    Refusal.LINE_IS_USED: "words",
}


def refuse(form: Form, refused: CannotBudget) -> None:
    """Put the sentence beside the field it is about, or at the top where the page has no such field."""
    field = BESIDE.get(refused.refusal)
    form.refuse(refused.refusal, {refused.refusal: sentence(refused)}, field if field in form else None)


def sentence(refused: CannotBudget) -> Any:
    """Why not, with how much where that helps."""
    how_much = money(refused.amount or 0, current_group().currency)
    if refused.refusal is Refusal.MORE_THAN_BUDGET:
        return _("The whole budget has only %(left)s left. Pay the rest from other money.", left=how_much)
    if refused.refusal is Refusal.WHY_MISSING:
        return _(
            "This is %(more)s more than was planned here. Say why in a few words: the second person and the funder read it.",
            more=how_much,
        )
    return REFUSALS[refused.refusal]


ONWARD = {Cost.ONWARD_GRANTS: ACCOUNTS[Cost.ONWARD_GRANTS]}


def beside_entry(entry_id: uuid.UUID) -> list[Any]:
    """What is said beside an expense: its line, and by how much it went over, with why."""
    found = queries.find_charge(entry_id)
    if found is None:
        return []
    charge, line = found
    currency = current_group().currency
    said = [_("On the budget line “%(line)s”.", line=line.words)]
    if charge.over_line:
        said.append(_("%(more)s more than the line had left.", more=money(charge.over_line, currency)))
    elif charge.over_quarter:
        more = money(charge.over_quarter, currency)
        said.append(_("%(more)s more than the line had for those three months.", more=more))
    return [*said, charge.why] if charge.why else said


class LineForm(Form):
    """A line; `line_form` adds a box for each quarter."""

    words = LineField(
        _l("What is it?"), [needed()], description=_l("As the funder calls it, such as: hall rent")
    )
    cost = SelectField(_l("Under which cost does the book have it?"), validators=[needed()])
    total = MoneyField(
        _l("How much for the whole time?"),
        [Optional(), AboveNothing()],
        description=_l("It is spread evenly, unless you fill in the quarters."),
    )
    quarters: Sequence[date] = ()

    def by_quarter(self) -> dict[date, int | None]:
        """What stands in the boxes."""
        return {quarter: self[_name(quarter)].data for quarter in self.quarters}


def line_form(
    quarters: Sequence[date], said: Mapping[str, Any] | None = None, *, kind: str = "group"
) -> LineForm:
    """The form for these quarters; an office also plans what it passes on to groups."""
    boxes = {_name(quarter): MoneyField(_words(quarter), [Optional()]) for quarter in quarters}
    made: LineForm = type("LineFormOf", (LineForm,), {**boxes, "quarters": tuple(quarters)})(data=said)
    made.cost.choices = choices(COSTS | (ONWARD if kind == "office" else {}))
    return made


def said_of(words: str, cost: str, amounts: Mapping[date, int]) -> dict[str, Any]:
    """What a line's form begins with."""
    by_quarter = {_name(quarter): amount for quarter, amount in amounts.items()}
    return {"words": words, "cost": cost, "total": sum(amounts.values()), **by_quarter}


def _name(quarter: date) -> str:
    return f"quarter_{quarter.year}_{quarter.month}"


def _words(quarter: date) -> Any:
    return months(quarter, date(quarter.year, quarter.month + 2, 1))


class AskForm(Form):
    reason = WordsField(
        _l("Why does it change?"),
        most=600,
        description=_l("What you agreed with the funder, and when. It stands in the report. No names of members."),
    )  # fmt: skip


class FirstAskForm(Form):
    """Nothing to say for the first one."""


class AgreeForm(ConfirmForm):
    seen = HiddenField()


class AgreeHereForm(SecondSignInForm):
    seen = HiddenField()

"""What a teller is asked, office by office; where people order candidates, the orders on the papers and how many are alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import TextInput

from groups.elections.counting import orders, tallies
from groups.elections.counting.orders import NotAnOrder, OrderRefusal
from groups.elections.counting.tallies import BALLOTS, OfficeTally, RoomTally, SumRefusal
from groups.elections.forms import REFUSALS
from groups.elections.models import Contest, Election, VotingMethod
from groups.elections.rules import Refusal
from groups.membership.models import Member
from groups.officers.forms import member_choices
from groups.officers.rules import CountingRule
from network.web.forms import Form, LineField, clean_text, needed

MOST = 9999
ROWS, MOST_ROWS = 8, 200
SUMS = {
    SumRefusal.MORE_THAN_ROLL: _l("This is more people than can vote."),
    SumRefusal.DOES_NOT_ADD_UP: _l(
        "The numbers for this office do not add up to the number of people who took part."
    ),
    SumRefusal.EMPTY_AND_SPOILT_TOO_MANY: _l("These are more than the people who took part."),
    SumRefusal.ONE_HAS_TOO_MANY: _l("Somebody has more votes than people voted for this office."),
    SumRefusal.TOO_MANY_MARKS: _l("These are more votes than the people had."),
    SumRefusal.TOO_FEW_MARKS: _l(
        "These are fewer votes than people who voted. Whoever voted for nobody counts as such."
    ),
}
ORDERS = {
    OrderRefusal.NOT_NUMBERS: _l(
        "Write the numbers of the candidates, the first choice first, such as 3 1 2."
    ),
    OrderRefusal.UNKNOWN: _l("Nobody who stands has this number."),
    OrderRefusal.TWICE: _l("The same number stands here twice."),
}


class CountField(IntegerField):
    """How many were counted: a whole number; a wrong one is told so in a sentence."""

    def __init__(self, label: Any, **named: Any) -> None:
        small = NumberRange(0, MOST, message=_l("Write a whole number between 0 and 9999."))
        checks = [needed(_l("Write a number; 0 where there was none.")), small]
        super().__init__(label, checks, render_kw={"inputmode": "numeric", "autocomplete": "off"}, **named)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([typed.strip() for typed in valuelist])
        except ValueError:
            raise ValueError(_l("Write a whole number between 0 and 9999.")) from None


class OrderField(Field):
    """The order on a paper by the candidates' numbers; nothing where the row is empty."""

    widget = TextInput()
    data: tuple[int, ...] | None

    def __init__(self, label: Any, candidates: Sequence[int], **named: Any) -> None:
        super().__init__(
            label, render_kw={"autocomplete": "off", "dir": "ltr", "inputmode": "decimal"}, **named
        )
        self.candidates = candidates

    def _value(self) -> str:
        if self.raw_data:
            return clean_text(str(self.raw_data[0])) or ""
        return orders.text(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = orders.read(valuelist[0], self.candidates)
            except NotAnOrder as refused:
                raise ValueError(ORDERS[refused.refusal]) from None


class ManyField(IntegerField):
    """How many papers are alike; nothing means one."""

    def __init__(self, label: Any, **named: Any) -> None:
        small = NumberRange(1, MOST, message=_l("Write a whole number between 1 and 9999."))
        super().__init__(
            label, [Optional(), small], render_kw={"inputmode": "numeric", "autocomplete": "off"}, **named
        )

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([typed.strip() for typed in valuelist if typed.strip()])
        except ValueError:
            raise ValueError(_l("Write a whole number between 1 and 9999.")) from None


@dataclass(frozen=True)
class Asking:
    """What is asked of a teller now: everything the first time, later only where the two differ."""

    election: Election
    earlier: RoomTally | None = None
    differing: Sequence[str] = ()
    """Offices, and `BALLOTS`; nothing while the other has not finished."""
    piles: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Where people order candidates: of which first choices the two differ."""

    @property
    def asks_ballots(self) -> bool:
        return not self.differing or BALLOTS in self.differing

    @property
    def contests(self) -> list[Contest]:
        return [
            contest
            for contest in self.election.contests
            if contest.candidates and (not self.differing or contest.office in self.differing)
        ]

    def kept(self, office: str) -> dict[tuple[int, ...], int]:
        """Papers of piles on which the two agree: they are not asked for again."""
        papers = self.earlier.offices[office].papers if self.earlier and self.differing else {}
        wanted = self.piles.get(office, ())
        return {paper: many for paper, many in papers.items() if paper[0] not in wanted}

    def shown(self, office: str) -> list[tuple[tuple[int, ...], int]]:
        """Papers somebody entered before and looks at once more."""
        papers = self.earlier.offices[office].papers if self.earlier else {}
        kept = self.kept(office)
        return sorted((paper, many) for paper, many in papers.items() if paper not in kept)


class TallyForm(Form):
    """What one teller counted, with questions for each office; built for the election at hand."""

    asking: Asking

    @classmethod
    def asking_for(cls, asking: Asking, *, sent: Mapping[str, str], more: str = "") -> "TallyForm":
        """The form with this election's offices and candidates, as many rows as were sent, and some more where asked for."""
        questions: dict[str, Any] = {"asking": asking}
        first: dict[str, Any] = {}
        if asking.asks_ballots:
            questions["ballots"] = CountField(_l("How many people took part?"))
        for contest in asking.contests:
            if contest.rule == CountingRule.SCOTTISH_STV:
                questions |= _rows(contest, asking, sent, is_more=more == str(contest.position))
                first |= _first_rows(contest, asking)
            else:
                named = {one.position: CountField(one.member.nickname) for one in contest.candidates}
                questions |= {_name(contest, position): question for position, question in named.items()}
            questions[_name(contest, "nobody")] = CountField(_l("For nobody"))
            if asking.election.method == VotingMethod.PAPER:
                questions[_name(contest, "spoilt")] = CountField(_l("Papers that cannot be read as a vote"))
        if asking.earlier:
            questions["reason"] = LineField(
                _l("Why do you count again?"), [needed(REFUSALS[Refusal.REASON_NEEDED])], most=200
            )
        form: TallyForm = type("TallyForm", (cls,), questions)(data=first)
        return form

    def fields_of(self, contest: Contest) -> list[Any]:
        """The questions about one office, without its rows."""
        return [
            found
            for name, found in self._fields.items()
            if name.startswith(_name(contest, "")) and not isinstance(found, OrderField | ManyField)
        ]

    def rows_of(self, contest: Contest) -> list[tuple[Any, Any]]:
        """The rows of an office for which people order candidates."""
        return list(self._pairs(contest))

    def _pairs(self, contest: Contest) -> Iterator[tuple[Any, Any]]:
        row = 0
        while (order := self._fields.get(_name(contest, f"order_{row}"))) is not None:
            yield order, self._fields[_name(contest, f"many_{row}")]
            row += 1

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = bool(super().validate(extra_validators))
        for contest in self.asking.contests:
            for order, many in self._pairs(contest):
                if many.data and not order.data and not order.errors:
                    order.errors = [*order.errors, ORDERS[OrderRefusal.NOT_NUMBERS]]
                    is_fine = False
        return is_fine

    @property
    def tally(self) -> RoomTally:
        """What was typed, and what was not asked for again."""
        earlier = self.asking.earlier
        offices = dict(earlier.offices) if earlier else {}
        offices |= {contest.office: self._counted(contest) for contest in self.asking.contests}
        ballots = self._fields["ballots"].data if self.asking.asks_ballots else earlier and earlier.ballots
        return RoomTally(ballots or 0, offices)

    def _counted(self, contest: Contest) -> OfficeTally:
        found = self._fields.get(_name(contest, "spoilt"))
        nobody, spoilt = self._fields[_name(contest, "nobody")].data, found.data if found else 0
        if contest.rule != CountingRule.SCOTTISH_STV:
            votes = {
                one.position: self._fields[_name(contest, one.position)].data for one in contest.candidates
            }
            return OfficeTally(votes, nobody, spoilt)
        papers = self.asking.kept(contest.office)
        for order, many in self._pairs(contest):
            if order.data:
                papers[order.data] = papers.get(order.data, 0) + (many.data or 1)
        positions = [one.position for one in contest.candidates]
        return tallies.of_papers(papers, candidates=positions, abstain=nobody, spoilt=spoilt)

    def refuse_sums(self, wrong: Mapping[str, SumRefusal]) -> None:
        """Say beside each office what does not add up; on top where it is not asked for now."""
        last = {contest.office: self.fields_of(contest)[-1] for contest in self.asking.contests}
        if self.asking.asks_ballots:
            last[BALLOTS] = self._fields["ballots"]
        for office, refusal in wrong.items():
            if office in last:
                last[office].errors = [*last[office].errors, SUMS[refusal]]
            else:
                self.refuse(refusal, SUMS)


def _name(contest: Contest, what: str | int) -> str:
    return f"office{contest.position}_{what}"


def _rows(contest: Contest, asking: Asking, sent: Mapping[str, str], *, is_more: bool) -> dict[str, Any]:
    start = _name(contest, "order_")
    there = sum(name.startswith(start) for name in sent)
    wanted = there + (ROWS if is_more else 0) if there else len(asking.shown(contest.office)) + ROWS
    positions = [one.position for one in contest.candidates]
    questions: dict[str, Any] = {}
    for row in range(min(wanted, MOST_ROWS)):
        questions[f"{start}{row}"] = OrderField(_("Order %(number)d", number=row + 1), positions)
        questions[_name(contest, f"many_{row}")] = ManyField(
            _("How many papers say order %(number)d", number=row + 1)
        )
    return questions


def _first_rows(contest: Contest, asking: Asking) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for row, (paper, many) in enumerate(asking.shown(contest.office)):
        filled |= {_name(contest, f"order_{row}"): paper, _name(contest, f"many_{row}"): many}
    return filled


class ReplaceForm(Form):
    member_id = SelectField(
        _l("Who counts in their place?"),
        [needed(_l("Choose somebody."))],
        description=_l("A member who does not stand."),
    )
    reason = LineField(
        _l("Why?"),
        [needed(REFUSALS[Refusal.REASON_NEEDED])],
        most=200,
        description=_l("Everybody in the group can read this."),
    )

    @classmethod
    def choosing(cls, members: Sequence[Member]) -> "ReplaceForm":
        """The form with who can count."""
        form = cls()
        form.member_id.choices = member_choices(members, empty=_l("Choose somebody"))
        return form

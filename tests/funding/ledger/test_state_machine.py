"""The book's commands in any order, against a model of a few dictionaries."""

import uuid
from collections import Counter
from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from funding.ledger import commands, queries
from funding.ledger.commands import CannotPost
from funding.ledger.rules import (
    Cost,
    Entry,
    EntryKind,
    Fund,
    Line,
    Place,
    Source,
    mirrored,
    moved,
    moved_between_funds,
)
from funding.periods import commands as periods
from funding.periods import queries as periods_read
from funding.periods.rules import end_of_month_before
from funding.verification import queries as checks
from network import clock
from tests.factories.funding import Officers, make_officers
from tests.support.app import in_scope

places, funds = st.sampled_from(list(Place)), st.sampled_from(list(Fund))
amounts = st.integers(1, 900)
days = st.sampled_from([0, 1, 20, 33, 64, 95])
picks = st.integers(0, 50)


class Books(RuleBasedStateMachine):
    """What stands is what was acknowledged; what was refused is nowhere; the past stays as it was reported."""

    people: Officers

    @initialize(currency=st.sampled_from(["KES", "UGX", "TND"]))
    def open_a_group(self, currency: str) -> None:
        self.people = make_officers(currency=currency)
        self.posted: dict[uuid.UUID, tuple[date, tuple[Line, ...]]] = {}
        self.waiting: dict[uuid.UUID, tuple[date, tuple[Line, ...], uuid.UUID | None]] = {}
        self.taken_back: set[uuid.UUID] = set()
        self.undoing: set[uuid.UUID] = set()
        self.closed: date | None = None
        self.reported: list[tuple[date, dict[tuple[str, str], int]]] = []

    def _on(self, ago: int) -> date:
        return clock.today("Africa/Nairobi") - timedelta(days=ago)

    def _sums(self, through: date | None = None) -> dict[tuple[str, str], int]:
        sums: Counter[tuple[str, str]] = Counter()
        for day, lines in self.posted.values():
            for line in lines if through is None or day <= through else ():
                sums[line.account, line.fund] += line.amount
        return {key: amount for key, amount in sums.items() if amount}

    def _why_not(self, day: date, lines: tuple[Line, ...]) -> bool:
        """Whether the model says no: a closed month, or less than nothing left at a place or in a fund."""
        if self.closed and day <= self.closed:
            return True
        held: dict[int, Counter[str]] = {0: Counter(), 1: Counter()}
        change: dict[int, Counter[str]] = {0: Counter(), 1: Counter()}
        for (account, fund), amount in self._sums().items():
            if account in set(Place):
                held[0][account] += amount
                held[1][fund] += amount
        for line in lines:
            if line.account in set(Place):
                change[0][line.account] += line.amount
                change[1][line.fund] += line.amount
        return any(
            amount < 0 and held[by][name] + amount < 0 for by in (0, 1) for name, amount in change[by].items()
        )

    def _post(self, kind: EntryKind, day: date, lines: tuple[Line, ...]) -> None:
        entry = Entry(kind, day, lines, key=uuid.uuid4())
        refused = self._why_not(day, lines)
        try:
            with in_scope(self.people.group, self.people.treasurer):
                commands.post(entry, by=self.people.treasurer.id, now=clock.now())
        except CannotPost:
            assert refused
        else:
            assert not refused
            self.posted[entry.key] = day, lines  # type: ignore[index]

    @rule(place=places, fund=funds, amount=amounts, ago=days)
    def receive(self, place: Place, fund: Fund, amount: int, ago: int) -> None:
        self._post(EntryKind.OTHER_INCOME, self._on(ago), moved(Source.OTHER_INCOME, place, fund, amount))

    @rule(source=places, into=places, fund=funds, amount=amounts, ago=days)
    def move(self, source: Place, into: Place, fund: Fund, amount: int, ago: int) -> None:
        if source != into:
            self._post(EntryKind.TRANSFER, self._on(ago), moved(source, into, fund, amount))

    @precondition(lambda self: self.posted)
    @rule(pick=picks)
    def send_again(self, pick: int) -> None:
        """The same key and the same words, of something that stands: it is answered, and nothing is added."""
        key = sorted(self.posted)[pick % len(self.posted)]
        with in_scope(self.people.group, self.people.treasurer):
            standing = queries.get_entry(key)
            lines = tuple(queries.line_of(leg) for leg in standing.legs)
            again = Entry(EntryKind(standing.kind), standing.effective_on, lines, key=key)
            assert commands.post(again, by=standing.recorded_by_id, now=clock.now()).number == standing.number

    @rule(place=places, fund=funds, amount=amounts, ago=days)
    def spend(self, place: Place, fund: Fund, amount: int, ago: int) -> None:
        self._draft(EntryKind.EXPENSE, self._on(ago), moved(place, Cost.VENUE, fund, amount))

    @rule(place=places, source=funds, into=funds, amount=amounts, ago=days)
    def move_between_funds(self, place: Place, source: Fund, into: Fund, amount: int, ago: int) -> None:
        if source != into:
            self._draft(
                EntryKind.BETWEEN_FUNDS, self._on(ago), moved_between_funds(place, source, into, amount)
            )

    def _draft(self, kind: EntryKind, day: date, lines: tuple[Line, ...]) -> None:
        refused = self._why_not(day, lines)
        try:
            with in_scope(self.people.group, self.people.treasurer):
                entry = Entry(kind, day, lines, key=uuid.uuid4())
                waiting = commands.draft(entry, by=self.people.treasurer.id, now=clock.now())
        except CannotPost:
            assert refused
        else:
            assert not refused
            self.waiting[waiting.id] = day, lines, None

    @precondition(lambda self: self.posted)
    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        key = sorted(self.posted)[pick % len(self.posted)]
        day, lines = self.posted[key]
        asked = {about for _day, _lines, about in self.waiting.values()}
        try:
            with in_scope(self.people.group, self.people.treasurer):
                standing = queries.get_entry(key)
                draft = commands.draft_reversal(
                    standing, by=self.people.treasurer.id, reason="x", now=clock.now()
                )
        except CannotPost:
            is_settled = key in self.taken_back | asked | self.undoing
            assert is_settled or self._why_not(self._on(0), mirrored(lines))
        else:
            self.waiting[draft.id] = max(day, self._on(0)), mirrored(lines), key

    @precondition(lambda self: self.waiting)
    @rule(pick=picks, says_yes=st.booleans())
    def decide(self, pick: int, says_yes: bool) -> None:  # noqa: FBT001 - drawn
        key = sorted(self.waiting)[pick % len(self.waiting)]
        day, lines, about = self.waiting[key]
        refused = says_yes and (self._why_not(day, lines) or about in self.taken_back)
        try:
            with in_scope(self.people.group, self.people.chair):
                draft, by = queries.get_draft(key), self.people.chair.id
                if says_yes:
                    commands.confirm_draft(draft, by=by, now=clock.now())
                else:
                    commands.refuse_draft(draft, by=by, why_not="no", now=clock.now())
        except CannotPost:
            assert refused
            return
        assert not refused
        del self.waiting[key]
        if says_yes:
            self.posted[key] = day, lines
            if about:
                self.taken_back.add(about)
                self.undoing.add(key)

    @rule(back=st.integers(0, 3))
    def close_months(self, back: int) -> None:
        through = self._on(0)
        for _ in range(back + 1):
            through = end_of_month_before(through)
        is_held_up = any(day <= through for day, _lines, _about in self.waiting.values())
        try:
            with in_scope(self.people.group, self.people.treasurer):
                change = periods.ask_to_close(through, by=self.people.treasurer.id, now=clock.now())
            with in_scope(self.people.group, self.people.chair):
                periods.agree(periods_read.get_change(change.id), by=self.people.chair.id, now=clock.now())
        except periods.CannotChange:
            assert is_held_up or (self.closed and through <= self.closed)
        else:
            self.closed = through
            self.reported.append((through, self._sums(through)))

    @precondition(lambda self: self.closed)
    @rule(all_of_it=st.booleans())
    def reopen_months(self, all_of_it: bool) -> None:  # noqa: FBT001 - drawn
        through = None if all_of_it else end_of_month_before(self.closed)  # type: ignore[arg-type]
        with in_scope(self.people.group, self.people.treasurer):
            change = periods.ask_to_reopen(
                through, reason="late", by=self.people.treasurer.id, now=clock.now()
            )
        with in_scope(self.people.group, self.people.chair):
            periods.agree(periods_read.get_change(change.id), by=self.people.chair.id, now=clock.now())
        self.closed, self.reported = through, [one for one in self.reported if through and one[0] <= through]

    @invariant()
    def the_book_is_the_model(self) -> None:
        with in_scope(self.people.group):
            assert queries.balances_on(self._on(0)) == self._sums()
            for through, then in self.reported:
                assert queries.balances_on(through) == then
            assert queries.closed_through() == self.closed
            assert queries.count_drafts_waiting() == len(self.waiting)

    def teardown(self) -> None:
        if hasattr(self, "people"):
            self._ask_everything()

    def _ask_everything(self) -> None:
        with in_scope(self.people.group):
            assert checks.faults() == []


Books.TestCase.settings = settings(
    max_examples=6, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestBooks = Books.TestCase

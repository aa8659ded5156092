"""Around the end of a month: where the group is, a second before midnight and a second after."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.ledger.commands import CannotPost
from funding.ledger.rules import Refusal as BookRefusal
from funding.periods import commands, queries
from funding.periods.commands import CannotChange
from funding.periods.rules import Refusal, end_of_month_before
from funding.reports.queries import report_of
from funding.reports.rules import month_of
from funding.verification import queries as checks
from network import clock
from tests.factories.funding import Officers, income, make_officers, post_income, take_back, today
from tests.support.app import in_scope

END = end_of_month_before(today())
NEXT = END + timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(params=["Africa/Nairobi", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"])
def people(app: object, request: pytest.FixtureRequest) -> Officers:
    return make_officers(time_zone=request.param)


def midnight(people: Officers) -> datetime:
    """When the next month begins where the group is."""
    return datetime.combine(NEXT, time(), ZoneInfo(people.group.time_zone)).astimezone(UTC)


def close(people: Officers) -> None:
    with in_scope(people.group, people.treasurer):
        change = commands.ask_to_close(END, by=people.treasurer.id, now=clock.now())
    with in_scope(people.group, people.chair):
        commands.agree(queries.get_change(change.id), by=people.chair.id, now=clock.now())


def test_a_month_is_over_when_it_is_over_where_the_group_is(people: Officers) -> None:
    post_income(people, 500, effective_on=END)
    with in_scope(people.group, people.treasurer):
        with pytest.raises(CannotChange) as refused:
            commands.ask_to_close(END, by=people.treasurer.id, now=midnight(people) - SECOND)
        assert refused.value.refusal is Refusal.NOT_OVER
        assert commands.ask_to_close(END, by=people.treasurer.id, now=midnight(people)).through == END


def test_a_day_has_come_when_it_has_come_where_the_group_is(people: Officers) -> None:
    with in_scope(people.group, people.treasurer):
        by = people.treasurer.id
        with pytest.raises(CannotPost) as refused:
            ledger.post(income(5, effective_on=NEXT), by=by, now=midnight(people) - SECOND)
        assert refused.value.refusal is BookRefusal.IN_THE_FUTURE
        assert ledger.post(income(5, effective_on=NEXT), by=by, now=midnight(people)).effective_on == NEXT
        assert (
            ledger.post(income(5, effective_on=END), by=by, now=midnight(people) - SECOND).effective_on == END
        )


def test_the_last_day_is_of_one_report_and_the_first_of_the_other(people: Officers) -> None:
    post_income(people, 500, effective_on=END)
    post_income(people, 70, effective_on=NEXT)
    close(people)
    with pytest.raises(CannotPost) as refused:
        post_income(people, 1, effective_on=END)
    assert refused.value.refusal is BookRefusal.PERIOD_CLOSED
    post_income(people, 3, effective_on=NEXT)
    with in_scope(people.group):
        closed, opened = report_of(month_of(END)), report_of(month_of(NEXT))
        assert (closed.whole.opening, closed.whole.total_in, closed.whole.closing) == (0, 500, 500)
        assert (opened.whole.opening, opened.whole.total_in, opened.whole.closing) == (500, 73, 573)
        assert book.balances_on(END) == {("cash", "general"): 500, ("grants", "general"): -500}


def test_what_is_taken_back_after_the_end_leaves_the_closed_month_as_it_was(people: Officers) -> None:
    entry = post_income(people, 500, effective_on=END)
    close(people)
    take_back(people, entry.id)
    with in_scope(people.group):
        assert report_of(month_of(END)).whole.closing == 500
        assert sum(book.held().values()) == 0
        undone = book.find_reversal_of(entry.id)
        assert undone
        assert undone.effective_on > END
        assert checks.faults() == []

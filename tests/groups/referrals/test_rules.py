"""Whose turn it is: nobody is asked who did not leave the door open for it, and everybody is let go of in time."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from groups.referrals import rules
from groups.referrals.models import Answer, ReferralState
from groups.referrals.rules import Act

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31))


@given(DAYS, st.sampled_from(rules.MONTHS))
def test_months_later_is_never_earlier_than_promised_by_more_than_the_end_of_a_month(
    day: date, months: int
) -> None:
    later = rules.months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_a_door_is_left_open_for_one_of_three_times() -> None:
    assert [months for months in range(-1, 25) if rules.why_not_open_for(months) is None] == [3, 6, 12]


def test_only_a_welcome_carries_an_invitation() -> None:
    assert [answer for answer in Answer if rules.may_carry_invitation(answer)] == [Answer.WELCOME]


def test_nobody_is_taken_in_where_nobody_reads() -> None:
    assert rules.why_not_take(0, readers=0) is rules.Refusal.NOBODY_READS
    assert rules.why_not_take(0, readers=1) is None
    assert rules.why_not_take(rules.MOST_WAITING, readers=1) is rules.Refusal.TOO_MANY_WAITING


class Door(RuleBasedStateMachine):
    """Somebody at the door through the years; each asking uses up one door that was left open for it."""

    def __init__(self) -> None:
        super().__init__()
        self.today, self.state = date(2026, 1, 1), ReferralState.WAITING
        self.ask_again_on: date | None = None
        self.openings = self.askings = 0
        self.erase_on = rules.erase_on(self.state, today=self.today)
        self.changed_on, self.is_gone = self.today, False

    @rule(days=st.integers(1, 200))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.is_gone = self.is_gone or self.today >= self.erase_on

    @precondition(lambda self: not self.is_gone)
    @rule(act=st.sampled_from(list(Act)), months=st.sampled_from(rules.MONTHS))
    def somebody_acts(self, act: Act, months: int) -> None:
        refusal = rules.why_not(self.state, act, today=self.today, ask_again_on=self.ask_again_on)
        if refusal:
            return
        if act is Act.ASK:
            assert self.ask_again_on is not None
            assert self.today >= self.ask_again_on
            self.askings += 1
        self.openings += act is Act.LEAVE_OPEN
        self.ask_again_on = rules.months_later(self.today, months) if act is Act.LEAVE_OPEN else None
        self.state = rules.MOVES[self.state, act]
        self.changed_on = self.today
        self.erase_on = rules.erase_on(self.state, today=self.today, ask_again_on=self.ask_again_on)

    @invariant()
    def each_asking_needed_a_door_of_its_own(self) -> None:
        assert self.askings <= self.openings

    @invariant()
    def a_door_rests_exactly_while_it_has_its_day(self) -> None:
        assert (self.state is ReferralState.RESTING) == (self.ask_again_on is not None)

    @invariant()
    def nobody_is_kept_longer_than_a_year_and_two_months_without_saying_anything(self) -> None:
        longest = 366 + 30 if self.state is ReferralState.RESTING else 90
        assert self.erase_on - self.changed_on <= timedelta(days=longest)


TestDoor = Door.TestCase

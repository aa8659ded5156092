import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.elections import rules
from groups.elections.models import ElectionKind, ElectionState, VotingMethod
from groups.elections.rules import Held, Refusal
from groups.officers.rules import CountingRule

TODAY = date(2026, 5, 1)
A, B, C = (uuid.UUID(int=n) for n in (1, 2, 3))


class TestSteps:
    @given(st.lists(st.sampled_from(list(ElectionState)), max_size=12))
    def test_every_walk_ends_where_nothing_follows(self, wanted: list[ElectionState]) -> None:
        state = ElectionState.CALLED
        for step in wanted:
            if rules.may_become(state, step):
                assert state not in {ElectionState.CERTIFIED, ElectionState.VOID}
                state = step
        assert (not rules.STEPS[state]) == (state in {ElectionState.CERTIFIED, ElectionState.VOID})

    def test_nothing_is_declared_that_was_not_counted(self) -> None:
        assert [state for state in ElectionState if rules.may_become(state, ElectionState.DECLARED)] == [
            ElectionState.COUNTED
        ]

    def test_everything_but_what_is_final_can_be_void(self) -> None:
        assert {state for state in ElectionState if not rules.may_become(state, ElectionState.VOID)} == {
            ElectionState.CERTIFIED,
            ElectionState.VOID,
        }

    def test_whoever_runs_it_cannot_call_a_result_void(self) -> None:
        assert rules.why_not_void(ElectionState.DECLARED, "a reason") is Refusal.NOT_NOW

    def test_only_a_declared_result_becomes_final(self) -> None:
        assert [state for state in ElectionState if rules.may_become(state, ElectionState.CERTIFIED)] == [
            ElectionState.DECLARED
        ]


class TestWhyNotCall:
    @pytest.mark.parametrize(
        ("days", "agreed", "refusal"),
        [
            (14, False, None),
            (13, False, Refusal.NOTICE_TOO_SHORT),
            (0, True, None),
            (-1, True, Refusal.DAY_IS_PAST),
            (367, False, Refusal.DAY_TOO_FAR),
        ],
    )
    def test_of_the_day(self, days: int, *, agreed: bool, refusal: Refusal | None) -> None:
        found = rules.why_not_call(
            today=TODAY,
            held_on=TODAY + timedelta(days=days),
            notice_days=14,
            is_short_notice_agreed=agreed,
            was_held=False,
            offices=["treasurer"],
        )
        assert found == refusal

    def test_needs_an_office(self) -> None:
        found = rules.why_not_call(
            today=TODAY,
            held_on=TODAY,
            notice_days=0,
            is_short_notice_agreed=False,
            was_held=False,
            offices=[],
        )
        assert found == Refusal.NO_OFFICE

    @pytest.mark.parametrize(
        ("days", "refusal"),
        [
            (1, Refusal.DAY_IS_TO_COME),
            (0, Refusal.NOTICE_TOO_SHORT),
            (-1, None),
            (-60, None),
            (-61, Refusal.TOO_LONG_AGO),
        ],
    )
    def test_what_was_held_before_today_needs_no_notice_and_is_not_long_ago(
        self, days: int, refusal: Refusal | None
    ) -> None:
        found = rules.why_not_call(
            today=TODAY,
            held_on=TODAY + timedelta(days=days),
            notice_days=14,
            is_short_notice_agreed=False,
            was_held=True,
            offices=["treasurer"],
        )
        assert found == refusal


class TestWhyNotBegin:
    @pytest.mark.parametrize(
        ("tellers", "standing", "refusal"),
        [
            ([A, B], {C}, None),
            ([A, A], {C}, Refusal.TELLERS_ARE_ONE),
            ([A, C], {C}, Refusal.TELLER_IS_CANDIDATE),
            ([A, B], set(), Refusal.NOBODY_STANDS),
        ],
    )
    def test_of_the_tellers(
        self, tellers: list[uuid.UUID], standing: set[uuid.UUID], refusal: Refusal | None
    ) -> None:
        found = rules.why_not_begin(
            ElectionState.NOMINATING, today=TODAY, held_on=TODAY, standing=standing, tellers=tellers
        )
        assert found == refusal

    def test_not_before_the_day(self) -> None:
        tomorrow = TODAY + timedelta(days=1)
        found = rules.why_not_begin(
            ElectionState.NOMINATING, today=TODAY, held_on=tomorrow, standing={C}, tellers=[A, B]
        )
        assert found == Refusal.NOT_THE_DAY_YET


class TestQuorum:
    @given(st.integers(0, 500), st.integers(0, 100))
    def test_is_the_smallest_number_that_reaches_the_percentage(self, roll: int, percent: int) -> None:
        needed = rules.quorum(roll=roll, percent=percent)
        assert needed * 100 >= percent * roll
        assert needed == 0 or (needed - 1) * 100 < percent * roll


class TestTermsThatEnd:
    HELD = (Held(A, A, "chairperson"), Held(B, B, "treasurer"), Held(C, C, "facilitator"))
    ELECTED = ("chairperson", "treasurer", "committee")

    def ends(self, kind: ElectionKind, **winners: set[uuid.UUID]) -> set[uuid.UUID]:
        return rules.terms_that_end(kind, held=self.HELD, winners=winners, one_each=self.ELECTED)

    def test_yearly_ends_the_offices_somebody_was_elected_to(self) -> None:
        assert self.ends(ElectionKind.YEARLY, chairperson={C}, treasurer=set()) == {A}

    def test_a_by_election_ends_nobody_elses(self) -> None:
        assert self.ends(ElectionKind.BY_ELECTION, committee={C}) == set()

    def test_one_person_holds_one_elected_office(self) -> None:
        assert self.ends(ElectionKind.BY_ELECTION, committee={B}) == {B}


def test_lots_need_three_numbers() -> None:
    assert rules.why_not_numbers([4, 9]) == Refusal.TOO_FEW_NUMBERS
    assert rules.why_not_numbers([4, 9, -1]) == Refusal.TOO_FEW_NUMBERS
    assert rules.why_not_numbers([4, 9, 4]) is None


@pytest.mark.parametrize(
    ("rule", "seats", "asked_for", "wanted"),
    [
        (CountingRule.SCOTTISH_STV, 3, False, CountingRule.BLOCK_VOTE),
        (CountingRule.SCOTTISH_STV, 1, False, CountingRule.FIRST_PAST_THE_POST),
        (CountingRule.SCOTTISH_STV, 3, True, Refusal.ORDER_NEEDS_PAPER),
        (CountingRule.APPROVAL, 3, True, CountingRule.APPROVAL),
        (CountingRule.FIRST_PAST_THE_POST, 1, False, CountingRule.FIRST_PAST_THE_POST),
    ],
)
def test_hands_cannot_show_an_order(
    rule: CountingRule, seats: int, wanted: CountingRule | Refusal, *, asked_for: bool
) -> None:
    assert rules.rule_in_room(rule, method=VotingMethod.HANDS, seats=seats, is_asked_for=asked_for) == wanted

"""Who steps aside, which step follows which, and until when anything is kept."""

import uuid
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from groups.disputes import rules
from groups.disputes.models import MatterState, TextKind
from groups.nearness.rules import Person, are_office_mates, steps_aside

IDS = [uuid.UUID(int=number) for number in range(1, 7)]
ids = st.sampled_from(IDS)
offices = st.frozensets(
    st.sampled_from(["chairperson", "treasurer", "committee", "facilitator", "disputes"]), max_size=2
)
people = st.builds(
    Person, account_id=st.none() | ids, offices=offices, let_in_by=st.frozensets(ids, max_size=2)
)
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


class TestWhoHears:
    @given(st.lists(people, max_size=6), st.lists(people, max_size=3), st.sets(ids))
    def test_nobody_near_sits_and_nobody_without_a_key(
        self, committee: list[Person], parties: list[Person], keys: set[uuid.UUID]
    ) -> None:
        panel = rules.seated(committee, parties, with_keys=keys)
        assert set(panel.members) <= keys
        assert not set(panel.members) & {party.account_id for party in parties}
        assert list(panel.members) == sorted(set(panel.members))
        for one in committee:
            if one.account_id in panel.members and committee.count(one) == 1:
                same = [each for each in committee if each.account_id == one.account_id]
                assert any(not steps_aside(each, parties) for each in same)

    @given(people, people)
    def test_being_near_goes_both_ways(self, one: Person, other: Person) -> None:
        assert steps_aside(one, [other]) == steps_aside(other, [one])

    def test_those_who_run_the_group_together_are_office_mates_and_those_who_do_the_same(self) -> None:
        assert are_office_mates({"chairperson"}, {"committee"})
        assert are_office_mates({"disputes"}, {"disputes"})
        assert not are_office_mates({"disputes"}, {"chairperson"})
        assert not are_office_mates(set(), {"chairperson"})

    def test_whoever_let_somebody_in_lately_steps_aside_and_they_for_them(self) -> None:
        guest, host = Person(IDS[0], let_in_by=frozenset({IDS[1]})), Person(IDS[1])
        assert steps_aside(guest, [host])
        assert steps_aside(host, [guest])
        assert not steps_aside(guest, [Person(IDS[2])])


class TestSteps:
    @given(st.lists(st.sampled_from(list(MatterState)), max_size=12))
    def test_only_forward_one_after_the_other(self, wanted: list[MatterState]) -> None:
        order, state = list(MatterState), MatterState.BROUGHT
        for one in wanted:
            if rules.may_become(state, one):
                assert order.index(one) == order.index(state) + 1
                state = one

    @given(st.sampled_from(list(TextKind)), st.sampled_from(list(MatterState)), st.integers(0, 4))
    def test_one_alone_notes_down_and_nothing_more(
        self, kind: TextKind, state: MatterState, sitting: int
    ) -> None:
        if rules.why_not_write(kind, state, sitting=sitting) is None:
            assert sitting >= rules.TWO or kind == TextKind.NOTES
            assert state != MatterState.CLOSED

    @given(st.sampled_from(list(MatterState)), st.booleans())
    def test_taken_back_by_whoever_brought_it_until_an_outcome(self, state: MatterState, own: bool) -> None:  # noqa: FBT001
        may = rules.why_not_take_back(state, is_own=own) is None
        assert may == (own and state in {MatterState.BROUGHT, MatterState.HEARD})

    @given(st.lists(ids, max_size=5), st.lists(ids, max_size=5))
    def test_two_who_sit_agree_and_nobody_counts_twice(
        self, answers: list[uuid.UUID], sitting: list[uuid.UUID]
    ) -> None:
        assert rules.agreed(answers, sitting) == (len(set(answers) & set(sitting)) >= 2)

    @given(st.sets(ids), st.lists(ids, max_size=4, unique=True))
    def test_what_was_told_aloud_goes_when_two_say_so_or_the_last_one_left(
        self, said_so: set[uuid.UUID], sitting: list[uuid.UUID]
    ) -> None:
        counts = len(said_so & set(sitting))
        assert rules.is_taken_back(said_so, sitting) == (counts >= 2 or (counts == 1 and len(sitting) == 1))


class TestUntilWhen:
    @given(days, st.integers(0, 1095), st.integers(1, 366))
    def test_never_longer_than_three_years(self, brought_on: date, later: int, ahead: int) -> None:
        today = brought_on + timedelta(days=later)
        day, last = today + timedelta(days=ahead), brought_on + rules.LONGEST
        assert rules.destroyed_after_close(today, brought_on=brought_on) <= last
        assert rules.destroyed_unless_closed(brought_on) <= last
        if rules.why_not_review_on(day, today=today, brought_on=brought_on) is None:
            assert day <= rules.destroyed_after_review(day, brought_on=brought_on) <= last

    @given(days)
    def test_a_review_is_ahead_and_within_a_year(self, today: date) -> None:
        for ahead, fits in ((-1, False), (0, False), (1, True), (366, True), (367, False)):
            day = today + timedelta(days=ahead)
            assert (rules.why_not_review_on(day, today=today, brought_on=today) is None) == fits
        assert rules.why_not_review_on(None, today=today, brought_on=today) is not None

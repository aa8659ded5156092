"""The office's list and a group's own: who reads what, what may be changed, what is over."""

import pytest

from funding.opportunities import commands, queries
from funding.opportunities.commands import CannotOffer
from funding.opportunities.models import Opportunity
from funding.opportunities.queries import When
from funding.opportunities.rules import Refusal
from network import clock
from network.db import db
from network.tenancy.models import Group
from network.wording.models import Text
from tests.factories.chances import content, day, make_listed, make_own
from tests.factories.funding import Officers, Staff, make_officers, make_staff
from tests.factories.network import make_group, make_network
from tests.support.app import in_scope


@pytest.fixture
def staff(app: object) -> Staff:
    return make_staff()


@pytest.fixture
def people(staff: Staff) -> Officers:
    return make_officers(make_group(staff.network))


def listed(place: Group, *, when: When = When.OPEN, kind: str = "") -> list[Opportunity]:
    with in_scope(place):
        return list(db.session.scalars(queries.opportunities(when=when, today=day(), kind=kind)))


def ids(place: Group, **more: str) -> list[object]:
    return [one.id for one in listed(place, **more)]  # type: ignore[arg-type]


class TestWhoReads:
    def test_a_draft_is_the_offices(self, staff: Staff, people: Officers) -> None:
        draft = make_listed(staff, is_open=False)
        assert ids(staff.office) == [draft.id]
        assert ids(people.group) == []

    def test_groups_of_the_network_and_of_those_below_read_what_is_published(self, staff: Staff) -> None:
        one = make_listed(staff)
        below = make_group(make_network(parent=staff.network))
        assert ids(make_group(staff.network)) == ids(below) == [one.id]

    def test_groups_of_another_network_do_not(self, staff: Staff) -> None:
        make_listed(staff)
        assert ids(make_group()) == []

    def test_a_groups_own_is_nobody_elses(self, staff: Staff, people: Officers) -> None:
        own = make_own(people)
        assert ids(people.group) == [own.id]
        assert ids(make_group(staff.network)) == ids(staff.office) == []
        with in_scope(staff.office):
            assert db.session.get(Text, own.text_id) is None

    def test_translators_are_asked_about_the_offices_only(self, staff: Staff, people: Officers) -> None:
        assert make_listed(staff).text.purpose == "opportunity"
        assert make_own(people).text.purpose == "own_opportunity"


class TestTheList:
    def test_the_nearest_day_comes_first_then_all_year_then_what_nobody_knows(self, people: Officers) -> None:
        unknown = make_own(people)
        all_year = make_own(people, until="all_year")
        later, sooner = (make_own(people, until="day", closes_on=day(days)) for days in (20, 3))
        assert ids(people.group) == [sooner.id, later.id, all_year.id, unknown.id]

    def test_what_is_over_leaves_the_list_and_stays_readable(self, people: Officers) -> None:
        over = make_own(people, until="day", closes_on=day(-1))
        today = make_own(people, until="day", closes_on=day())
        assert ids(people.group) == [today.id]
        assert ids(people.group, when=When.PAST) == [over.id]
        with in_scope(people.group):
            assert queries.get_opportunity(over.id).id == over.id

    def test_what_was_taken_off_is_over(self, staff: Staff, people: Officers) -> None:
        one = make_listed(staff, until="day", closes_on=day(30))
        with in_scope(staff.office, staff.finance):
            own = queries.get_own_opportunity(one.id)
            commands.end_opportunity(own, by=staff.finance.id, now=clock.now())
            with pytest.raises(CannotOffer) as refused:
                commands.end_opportunity(own, by=staff.finance.id, now=clock.now())
        assert refused.value.refusal is Refusal.ENDED_ALREADY
        assert ids(people.group) == []
        assert ids(people.group, when=When.PAST) == [one.id]

    def test_can_be_narrowed_by_who_gives(self, people: Officers) -> None:
        bank = make_own(people, funder_kind="bank")
        make_own(people)
        assert ids(people.group, kind="bank") == [bank.id]


class TestWrite:
    @pytest.mark.parametrize(
        ("changed", "refusal"),
        [
            ({"until": "day"}, Refusal.DAY_MISSING),
            ({"least": 5, "most": 4}, Refusal.LEAST_ABOVE_MOST),
            ({"link": "ftp://a.example"}, Refusal.NOT_A_SAFE_LINK),
            ({"checked_on": day(1)}, Refusal.CHECKED_IN_THE_FUTURE),
        ],
    )
    def test_what_does_not_hold_is_not_kept(
        self, people: Officers, changed: dict[str, object], refusal: Refusal
    ) -> None:
        with pytest.raises(CannotOffer) as refused:
            make_own(people, **changed)
        assert refused.value.refusal is refusal
        assert ids(people.group) == []

    def test_a_day_counts_only_where_it_closes_on_one(self, people: Officers) -> None:
        assert make_own(people, until="all_year", closes_on=day(5)).closes_on is None

    def test_a_change_makes_translations_older(self, staff: Staff) -> None:
        one = make_listed(staff)
        with in_scope(staff.office, staff.finance):
            own = queries.get_own_opportunity(one.id)
            commands.change_opportunity(own, content(title="Else"), by=staff.finance.id, now=clock.now())
            assert own.text.source_version == 2

    def test_it_is_published_once(self, staff: Staff) -> None:
        one = make_listed(staff)
        with in_scope(staff.office, staff.finance), pytest.raises(CannotOffer) as refused:
            commands.publish_opportunity(
                queries.get_own_opportunity(one.id), by=staff.finance.id, now=clock.now()
            )
        assert refused.value.refusal is Refusal.PUBLISHED_ALREADY

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.constitution import rules
from groups.constitution.rules import What
from groups.decisions.commands import CannotDecide
from groups.decisions.rules import Refusal
from groups.namings.commands import name_member, settle
from groups.officers import commands as officers
from groups.officers import queries
from groups.officers.commands import CannotChangeOffices
from groups.officers.models import ConstitutionState
from groups.officers.queries import articles_in_force, present_terms
from groups.officers.rules import TEMPLATE, TEMPLATES, Method, Office
from groups.officers.rules import Refusal as OfficeRefusal
from network import clock
from network.tenancy.models import Group
from network.tenancy.settings import COUNTRY_PROFILE
from tests.factories.decisions import NO, YES, a_proposal, adopt, begin, count, put
from tests.factories.groups import a_member, a_term, an_election, some_members
from tests.factories.network import make_account, make_group, make_network
from tests.support.app import in_group


@pytest.fixture
def group(app: object) -> Iterator[Group]:
    made = make_group()
    with in_group(made):
        yield made


@pytest.fixture
def by(app: object) -> uuid.UUID:
    return make_account().id


class TestTemplate:
    def test_is_the_countrys(self, app: object) -> None:
        kenya = make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))
        with in_group(kenya):
            articles = officers.ensure_constitution(kenya, now=clock.now())
            assert [
                (one.code, one.seats, one.months)
                for one in articles.offices
                if one.method == Method.NOMINATED
            ] == [("disputes", 3, 12)]
            assert articles.version == 1
        with in_group(make_group()):
            assert articles_in_force().offices == TEMPLATE.offices

    def test_every_template_has_the_offices_a_group_needs(self) -> None:
        for template in TEMPLATES.values():
            assert {"chairperson", "secretary", "treasurer"} <= {one.code for one in template.elected}


class TestAdopting:
    def test_takes_effect_when_the_members_agree_and_not_before(self, group: Group, by: uuid.UUID) -> None:
        members = some_members(10)
        proposed = a_proposal(by, quorum_percent=40)
        motion = begin(put(proposed, by), members[:2])
        assert articles_in_force().quorum_percent == 50
        count(motion, YES)
        articles = articles_in_force()
        assert (articles.quorum_percent, articles.version) == (40, 2)
        assert queries.get_constitution(proposed.id).motion_id == motion.id

    def test_not_when_they_do_not(self, group: Group, by: uuid.UUID) -> None:
        proposed = a_proposal(by)
        count(begin(put(proposed, by), some_members(10)[:2]), NO)
        assert articles_in_force().version == 1
        assert queries.get_constitution(proposed.id).state == ConstitutionState.PROPOSED

    def test_other_proposals_fall_and_one_written_before_is_refused(
        self, group: Group, by: uuid.UUID
    ) -> None:
        other = a_proposal(by, quorum_percent=10)
        adopt(by, some_members(10), quorum_percent=40)
        fallen = queries.get_constitution(other.id)
        assert fallen.state == ConstitutionState.DROPPED
        with pytest.raises(CannotDecide) as refused:
            put(fallen, by)
        assert refused.value.refusal == Refusal.NOT_NOW

    def test_one_change_is_before_the_members_at_a_time(self, group: Group, by: uuid.UUID) -> None:
        put(a_proposal(by), by)
        with pytest.raises(CannotDecide) as refused:
            put(a_proposal(by, quorum_percent=30), by)
        assert refused.value.refusal == Refusal.ANOTHER_IS_OPEN

    def test_ends_offices_that_are_given_up(self, group: Group, by: uuid.UUID) -> None:
        members = some_members(10)
        a_term(members[0], "facilitator")
        a_term(members[1], "secretary")
        offices = tuple(one for one in TEMPLATE.offices if one.code != "facilitator")
        adopt(by, members, offices=offices)
        assert [term.office for term in present_terms()] == ["secretary"]

    def test_a_group_keeps_the_offices_it_needs(self, group: Group, by: uuid.UUID) -> None:
        for offices, refusal in (
            (tuple(one for one in TEMPLATE.offices if one.code != "treasurer"), OfficeRefusal.OFFICE_NEEDED),
            ((*TEMPLATE.offices, TEMPLATE.offices[4]), OfficeRefusal.OFFICE_TWICE),
        ):
            with pytest.raises(CannotChangeOffices) as refused:
                a_proposal(by, offices=offices)
            assert refused.value.refusal == refusal

    def test_an_election_is_for_the_offices_there_are_when_it_is_called(
        self, group: Group, by: uuid.UUID
    ) -> None:
        adopt(by, some_members(10), offices=(*TEMPLATE.offices, Office("own:Welfare", 2, 6, Method.ELECTED)))
        election = an_election(offices=["own:Welfare"])
        assert [(one.office, one.seats, one.months) for one in election.contests] == [("own:Welfare", 2, 6)]


class TestChanges:
    def test_are_told_one_by_one(self) -> None:
        welfare = Office("own:Welfare", 1, 12, Method.APPOINTED)
        after = replace(
            TEMPLATE,
            offices=(*TEMPLATE.offices[:3], replace(TEMPLATE.offices[3], seats=5), welfare),
            quorum_percent=40,
        )
        found = rules.changes(TEMPLATE, after, words_changed=True)
        assert [(one.what, one.office) for one in found] == [
            (What.OFFICE_GONE, "facilitator"),
            (What.SEATS, "committee"),
            (What.OFFICE_ADDED, "own:Welfare"),
            (What.QUORUM, ""),
            (What.WORDS, ""),
        ]


class TestNominating:
    def test_a_committee_for_disputes_holds_no_elected_office(self, app: object) -> None:
        group = make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))
        with in_group(group):
            chair, plain = a_member("Chair"), a_member("Plain")
            a_term(chair, "chairperson")
            with pytest.raises(CannotChangeOffices) as refused:
                officers.appoint_member(group, chair, "disputes", by=None, now=clock.now())
            assert refused.value.refusal == OfficeRefusal.HOLDS_ELECTED
            naming = name_member(
                plain, "disputes", named_by=chair, by=None, now=clock.now(), has_accepted=True
            )
            settle(group, naming, by=None, now=clock.now())
            assert present_terms(["disputes"])[0].source == "nominated"


ADOPTED = [
    "update constitutions set quorum_percent = 0",
    "update constitutions set offices = '[]'",
    "update constitutions set version = version + 10",
    "update constitutions set motion_id = null, proposed_by_id = null",
    "update constitutions set state = 'dropped', version = null, adopted_on = null, motion_id = null",
    "update constitutions set language = 'fr'",
    "delete from constitutions",
]


class TestTheDatabase:
    """As SQL, by the ordinary role and by the owner of the tables."""

    @pytest.fixture(params=["web", "owner"])
    def connection(
        self, app: object, request: pytest.FixtureRequest, database_urls: object
    ) -> Iterator[sa.Connection]:
        url = database_urls.web_url if request.param == "web" else database_urls.owner_url  # type: ignore[attr-defined]
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as opened:
            yield opened

    def _refuses(self, connection: sa.Connection, group: Group, statement: str, **values: object) -> None:
        connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group.id)})
        with pytest.raises(DBAPIError):
            connection.execute(sa.text(statement), values)
        connection.rollback()

    def test_changes_nothing_that_was_adopted(self, connection: sa.Connection) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            kept = adopt(by, some_members(10))
        for statement in ADOPTED:
            self._refuses(connection, group, f"{statement} where id = :id", id=kept.id)

    def test_adopts_nothing_the_members_did_not_carry(self, connection: sa.Connection) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            members = some_members(10)
            lost = count(begin(put(a_proposal(by), by), members[:2]), NO)
            waiting = a_proposal(by, quorum_percent=1)
            carried = adopt(by, members, quorum_percent=30)
            assert carried.motion_id
        adopting = "update constitutions set state = 'adopted', version = 3, adopted_on = current_date, motion_id = :m where id = :id"
        self._refuses(connection, group, adopting, id=lost.subject_id, m=lost.id)
        self._refuses(connection, group, adopting, id=waiting.id, m=carried.motion_id)

    def test_begins_with_a_proposal(self, connection: sa.Connection) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            a_proposal(by)
        copied = (
            "insert into constitutions select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'version', 2, 'follows', 1))).*"
            " from constitutions c where c.state = 'adopted'"
        )
        self._refuses(connection, group, copied)

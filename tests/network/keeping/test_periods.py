"""PRIV-08: each rule of keeping with a period, and rows on both sides of its day. The job takes the older; running again finds nothing."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from funding.statements import commands as statements
from funding.statements.models import AccountPlace, StatementLine, StatementUpload
from groups.ballots.commands import begin_vote
from groups.ballots.models import OpenedMark
from groups.challenges import commands as challenges
from groups.challenges.commands import certify_result
from groups.challenges.models import Challenge
from groups.challenges.queries import get_challenge
from groups.consents.models import Consent, Purpose
from groups.elections.commands import declare_result, draw_lot
from groups.elections.models import TalliedPaper, VotingMethod
from groups.elections.queries import reload
from groups.looks.models import Look
from groups.membership.commands import let_member_go
from groups.membership.queries import get_member
from groups.notices.models import About, Channel, Notice, Telling
from network import audit, clock, data_map
from network.accounts.models import FormSubmission, LinkPurpose, PrivateLink
from network.audit import AuditEvent
from network.data_map import period
from network.db import db
from network.documents.paper import in_language
from network.invitations.models import Invitation
from network.mine.words import UNTIL
from network.onboarding.applications.models import Application
from network.outbox import periodic
from network.outbox.models import OutboxItem, OutboxState
from network.servers import Addresses
from network.web.unit_of_work import Pamoja
from tests.factories.ballots import a_shut_box
from tests.factories.challenges import a_challenge, a_committee, a_declared_result
from tests.factories.funding import make_officers
from tests.factories.groups import a_count_in_order, a_member, some_members, tells
from tests.factories.invitations import give_invitation
from tests.factories.network import make_group
from tests.factories.onboarding import send_application
from tests.factories.statements import Moved, a_day, mpesa
from tests.support.app import alone, in_scope

A_DAY = timedelta(days=1)
Stands = Callable[[], bool]
"""Whether what was made is there still."""


def stands(group: object, asked: sa.Select[object]) -> Stands:
    """Whether this finds anything, in its group."""

    def look() -> bool:
        with in_scope(group):
            return db.session.scalar(asked.limit(1)) is not None

    return look


def put(row: object, *, group: object = None) -> Stands:
    """A row of its own, and whether it is there."""
    kind, row.id = type(row), uuid.uuid4()  # type: ignore[attr-defined] # every row has one
    found = sa.select(kind.id).where(kind.id == row.id)  # type: ignore[attr-defined] # as above
    with in_scope(group):
        db.session.add(row)
    return stands(group, found)


def an_event(at: datetime) -> Stands:
    group = make_group()
    with in_scope(group):
        audit.record("something.done", now=at)
    return stands(group, sa.select(AuditEvent.id).where(AuditEvent.event == "something.done"))


def a_code(at: datetime) -> Stands:
    group = make_group()
    give_invitation(group, now=at)
    return stands(group, sa.select(Invitation.id).where(Invitation.code.is_not(None)))


def an_application(at: datetime) -> Stands:
    sent = send_application(why="It is far", now=at)
    return stands(sent.network.office_id, sa.select(Application.id).where(Application.reach.is_not(None)))


def a_look(at: datetime) -> Stands:
    group = make_group()
    with in_scope(group):
        member = a_member("Rain").id
    return put(Look(member_id=member, office="secretary", on_day=at.date()), group=group)


def a_yes(at: datetime) -> Stands:
    group = make_group()
    with in_scope(group):
        member = a_member("Rain")
        tells(member, Purpose.SEX, "f", now=at - A_DAY)
        member.joined_on -= 900 * A_DAY
        let_member_go(group, member, by=None, now=at)
    return stands(group, sa.select(Consent.id))


def a_notice(at: datetime) -> Stands:
    group, notice = make_group(), uuid.uuid4()
    with in_scope(group):
        told = Notice(id=notice, about=About.VOTE_OPEN, subject_id=uuid.uuid4(), on_day=at.date(), made_at=at)
        db.session.add(told)
        db.session.flush()
        member = a_member("Rain").id
    return put(Telling(notice_id=notice, member_id=member, channel=Channel.NONE), group=group)


def a_link(at: datetime) -> Stands:
    whose = make_group().id
    ends = {"created_at": at - A_DAY, "expires_at": at}
    what = {"purpose": LinkPurpose.TELLER, "group_id": whose, "subject_id": whose}
    return put(PrivateLink(token_hash=uuid.uuid4().bytes, **ends, **what), group=whose)


def papers_in_a_room(at: datetime) -> Stands:
    group = make_group()
    with in_scope(group):
        election, declared = a_count_in_order(some_members(9)), at - 8 * A_DAY
        draw_lot(election, election.contests[0], [7, 23, 5], by=None, now=declared)
        declare_result(group, reload(election), by=None, now=declared)
        certify_result(reload(election), by=None, now=at)
    return stands(group, sa.select(TalliedPaper.id))


def papers_from_phones(at: datetime) -> Stands:
    group = make_group()
    with in_scope(group):
        held = a_shut_box()
        tellers = [get_member(keeper.member_id) for keeper in held.keepers()[:2]]
        begin_vote(
            group, held.election, method=VotingMethod.ELSEWHERE, tellers=tellers, with_phones=True, slips=0,
            lasts=timedelta(hours=1), by=None, now=clock.now(),
        )  # fmt: skip
        for voter in held.voters:
            held.cast(voter, {1: (1,)})
        held.close()
        held.open_by_two()
        declare_result(group, reload(held.election), by=None, now=at - 8 * A_DAY)
        certify_result(reload(held.election), by=None, now=at)
    return stands(group, sa.select(OpenedMark.id))


def a_payers_name(at: datetime) -> Stands:
    people, content = make_officers(), mpesa([Moved("SKC1", a_day(3), 500)])
    with in_scope(people.group, people.treasurer):
        read = statements.read(content, format_name=None, columns=None)
        statements.bring_statements(
            content, read, place=AccountPlace.MOBILE_MONEY, account=None, by=people.treasurer.id, now=at
        )
    return stands(people.group, sa.select(StatementLine.id).where(StatementLine.words.is_not(None)))


def a_waiting_file(at: datetime) -> Stands:
    people = make_officers()
    with in_scope(people.group, people.treasurer):
        statements.keep_upload(
            b"x;y\n", place=AccountPlace.BANK, account=None, by=people.treasurer.id, now=at
        )
    return stands(people.group, sa.select(StatementUpload.id))


def words_of_a_challenge(at: datetime) -> Stands:
    here = a_declared_result(days_ago=(clock.now() - at).days + 1)
    a_committee(here)
    made = a_challenge(here, now=at)

    def look() -> bool:
        with in_scope(here.group, here.voter):
            return db.session.get_one(Challenge, made).words is not None

    with in_scope(here.group, here.voter):
        challenges.withdraw_challenge(get_challenge(made), by=here.voter, now=at)
    return look


MADE: dict[str, Callable[[datetime], Stands]] = {
    "application": an_application,
    "audit": an_event,
    "challenge": words_of_a_challenge,
    "consent": a_yes,
    "invitation": a_code,
    "link": a_link,
    "looks": a_look,
    "notices": a_notice,
    "opened-papers": papers_from_phones,
    "outbox": lambda at: put(OutboxItem(kind="x", payload={}, state=OutboxState.DONE, run_at=at)),
    "papers": papers_in_a_room,
    "payer-names": a_payers_name,
    "sent-form": lambda at: put(FormSubmission(digest=b"x", created_at=at)),
    "statement-file": a_waiting_file,
}  # fmt: skip


SAID = {
    1: ("a day",),
    30: ("thirty days",),
    90: ("ninety days",),
    366: ("twelve months", "a year"),
    731: ("twenty-four months", "two years"),
}
"""How a number of days is told to people."""


def test_words_say_the_same_as_the_days(app: Pamoja) -> None:
    rules = [rule for rule in data_map.read_map([]).keeping.values() if rule.days]
    with app.test_request_context(), in_language("en"):
        told = [
            (one.days, said) for one in rules for said in (one.until, str(UNTIL.get(one.name, one.until)))
        ]
    assert [said for days, said in told if not any(words in said.lower() for words in SAID[days or 0])] == []


@pytest.fixture
def of_its_own(app: Pamoja, migrated_database: Addresses) -> Iterator[Pamoja]:
    """With nobody else's groups: the jobs go round all there are."""
    with alone(migrated_database) as made:
        yield made


def test_on_both_sides_of_each_day(of_its_own: Pamoja) -> None:
    rules = {name: rule for name, rule in data_map.read_map([]).keeping.items() if rule.days}
    assert set(MADE) == set(rules), "each period has its row here"
    now = clock.now()
    sides, stood, left = [A_DAY, -A_DAY], [True, True], [False, True]
    made = {name: [make(now - period(name) - side) for side in sides] for name, make in MADE.items()}
    assert {name: [one() for one in both] for name, both in made.items()} == dict.fromkeys(MADE, stood)
    for _ in range(2):
        for job in sorted({str(rule.job) for rule in rules.values()}):
            with of_its_own.app_context():
                periodic._jobs[job][1](now=now)
        assert {name: [one() for one in both] for name, both in made.items()} == dict.fromkeys(MADE, left)

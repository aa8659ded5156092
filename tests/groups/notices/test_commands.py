"""Who is told of what, how and how often; and what is never kept or sent."""

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import current_app
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import DBAPIError

from groups.ballots.commands import begin_vote
from groups.ballots.queries import find_box
from groups.consents.models import Ended, Purpose
from groups.consents.queries import standing_of
from groups.decisions import commands as decisions
from groups.elections.commands import call_election, declare_result, void_election
from groups.elections.models import ElectionKind, VotingMethod
from groups.membership import commands as membership
from groups.membership.commands import let_member_go
from groups.notices import commands, emails, queries
from groups.notices.commands import CannotReach
from groups.notices.forms import how_asked
from groups.notices.models import About, Asked, Channel, Notice, Reach, Telling
from groups.notices.rules import Refusal
from network import clock
from network.db import db
from network.messages.models import Letter
from network.outbox import commands as outbox
from network.outbox import worker
from network.outbox.models import OutboxItem
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.factories.ballots import Held, a_shut_box
from tests.factories.decisions import a_motion, a_proposal, put
from tests.factories.groups import a_counted_vote, a_member, an_election, some_members, tells
from tests.factories.network import make_account, make_group
from tests.factories.notices import chooses, notices, told_by
from tests.support.app import in_group, in_scope


@pytest.fixture
def group(app: object) -> Group:
    return make_group(language="sw")


@pytest.fixture
def inside(group: Group) -> Iterator[Group]:
    with in_group(group):
        yield group


@pytest.fixture
def by(app: object) -> uuid.UUID:
    return make_account().id


@pytest.fixture
def folder(app: Pamoja, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(app.config, "LETTERS_FOLDER", str(tmp_path))
    with app.app_context():
        outbox.queue().empty()
    return tmp_path


def tellings() -> list[Telling]:
    return list(db.session.scalars(sa.select(Telling)))


def work(app: Pamoja) -> None:
    """A real worker on the real queue, until there is nothing more to do."""
    worker._app[:] = [app]
    with app.app_context():
        queue = outbox.queue()
        SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer).work(
            burst=True, logging_level="ERROR"
        )


def letters(folder: Path) -> list[tuple[str, str, str]]:
    read = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in folder.glob("*.eml")]
    return sorted((str(one["To"]), str(one["Subject"]), one.get_content()) for one in read)


def begun_elsewhere(group: Group) -> Held:
    """A vote on phones that has begun and goes on for eight hours."""
    held = a_shut_box()
    begin_vote(
        group, held.election, method=VotingMethod.ELSEWHERE, tellers=held.voters[:2], with_phones=True, slips=0,
        lasts=timedelta(hours=8), by=None, now=clock.now(),
    )  # fmt: skip
    return held


class TestWhatTells:
    def test_each_step_once_and_everybody(self, inside: Group, by: uuid.UUID) -> None:
        members = some_members(12)
        election = a_counted_vote(members)
        declare_result(inside, election, by=by, now=clock.now())
        a_motion(by)
        put(a_proposal(by), by)
        assert sorted(notice.about for notice in notices()) == sorted(
            [About.ELECTION_CALLED, About.VOTE_OPEN, About.RESULT_DECLARED, About.DECISION_CALLED, About.CONSTITUTION_PUT]
        )  # fmt: skip
        assert len(tellings()) == 5 * 12
        assert {one.channel for one in tellings()} == {Channel.NONE}

    def test_what_is_called_off_is_told_and_nothing_else_any_more(self, inside: Group, by: uuid.UUID) -> None:
        member, motion, election = a_member(), a_motion(by), an_election()
        decisions.withdraw_motion(motion, "Not now", by=by, now=clock.now())
        void_election(election, "Not now", by=by, now=clock.now())
        left = {db.session.get_one(Notice, one.notice_id).about for one in tellings()}
        assert (left, len(tellings())) == ({About.CALLED_OFF}, 2)
        assert member.is_present

    def test_whoever_joins_is_told_of_what_is_ahead(self, inside: Group, by: uuid.UUID) -> None:
        ahead, off = a_motion(by), a_motion(by, words="Another")
        decisions.withdraw_motion(off, "Not now", by=by, now=clock.now())
        newcomer = a_member()
        told = {db.session.get_one(Notice, one.notice_id).subject_id for one in tellings()}
        assert told == {ahead.id}
        assert {one.member_id for one in tellings()} == {newcomer.id}

    def test_of_an_election_written_down_later_only_the_result_is_told(
        self, inside: Group, by: uuid.UUID
    ) -> None:
        held_on = clock.today(inside.time_zone) - timedelta(days=9)
        election = call_election(
            inside, kind=ElectionKind.YEARLY, offices=["chairperson"], held_on=held_on, by=by, now=clock.now(),
            was_held=True,
        )  # fmt: skip
        assert notices() == []
        commands.tell_everybody(About.RESULT_DECLARED, election.id, on_day=held_on, now=clock.now())
        assert len(notices()) == 1

    def test_the_same_again_tells_nobody_twice(self, inside: Group, by: uuid.UUID) -> None:
        a_member()
        motion = a_motion(by)
        again = commands.tell_everybody(
            About.DECISION_CALLED, motion.id, on_day=motion.held_on, now=clock.now()
        )
        assert again is None
        assert len(tellings()) == 1


class TestReminder:
    def test_goes_to_everybody_on_the_roll_while_the_box_is_open(self, inside: Group) -> None:
        held = begun_elsewhere(inside)
        held.cast(held.voters[0], {1: (1,)})
        late = a_member("Late")
        notice = commands.remind(held.election.id, now=clock.now() + timedelta(hours=7))
        assert notice is not None
        assert notice.on_day == clock.today(inside.time_zone, at=held.closes_at)
        told = {one.member_id for one in tellings() if one.notice_id == notice.id}
        roll = set(db.session.scalars(sa.text("select member_id from roll_entries")))
        assert told == roll
        assert held.voters[0].id in told
        assert late.id not in told
        assert commands.remind(held.election.id, now=clock.now() + timedelta(hours=7)) is None

    def test_comes_no_more_once_the_time_is_over(self, inside: Group) -> None:
        held = begun_elsewhere(inside)
        assert commands.remind(held.election.id, now=clock.now() + timedelta(hours=9)) is None

    def test_is_put_in_when_the_vote_begins_and_made_by_the_worker(self, group: Group) -> None:
        with in_group(group):
            held = begun_elsewhere(group)
            asked = sa.select(OutboxItem.id).where(
                OutboxItem.kind == commands.REMINDER, OutboxItem.group_id == group.id
            )
            item_id = db.session.scalars(asked).one()
        with in_scope():
            assert outbox.deliver(item_id)
        with in_group(group):
            notice = queries.find_notice_about(About.VOTE_CLOSING, held.election.id)
            assert notice is not None
            told = [one for one in tellings() if one.notice_id == notice.id]
            assert len(told) == db.session.scalar(sa.text("select count(*) from roll_entries"))

    def test_not_of_a_vote_that_is_void(self, inside: Group) -> None:
        held = begun_elsewhere(inside)
        void_election(held.election, "Not now", by=None, now=clock.now())
        assert commands.remind(held.election.id, now=clock.now()) is None

    def test_the_vote_says_until_when(self, inside: Group) -> None:
        held = begun_elsewhere(inside)
        notice = queries.find_notice_about(About.VOTE_OPEN, held.election.id)
        box = find_box(held.election.id)
        assert notice is not None
        assert box is not None
        assert notice.until == box.closes_at
        kept = sa.select(OutboxItem).where(
            OutboxItem.group_id == inside.id, OutboxItem.kind == commands.REMINDER
        )
        reminder = db.session.scalars(kept).one()
        assert reminder.payload == {"election_id": str(held.election.id)}
        assert box.closes_at is not None
        assert reminder.run_at == box.closes_at - timedelta(hours=2)


class TestLetters:
    def test_leave_by_the_real_worker_in_the_members_language(
        self, app: Pamoja, group: Group, by: uuid.UUID, folder: Path
    ) -> None:
        with in_group(group):
            told_by(Channel.EMAIL, "Rain", language="fr")
            chooses(a_member("Sun"), Channel.EMAIL, "sun@people.example")
            a_member("Quiet")
            a_motion(by, words="Secret words of ours")
            assert letters(folder) == []
        work(app)
        (_, french_subject, french), (_, swahili_subject, swahili) = letters(folder)
        assert french_subject != swahili_subject
        with in_group(group):
            notice = notices()[0]
            for said, language in ((french, "fr"), (swahili, "sw")):
                words = emails.words_of(notice, language=language, time_zone=group.time_zone)
                assert " ".join(words.split()) in " ".join(said.split())
                assert group.name not in said
                assert "Secret" not in said
            done = {one.member_id: one.told_at is not None for one in tellings()}
            assert sorted(done.values()) == [False, True, True]
            assert db.session.scalars(sa.select(Letter)).all() == []

    def test_once_though_the_work_is_done_twice(
        self, app: Pamoja, group: Group, by: uuid.UUID, folder: Path
    ) -> None:
        with in_group(group):
            told_by(Channel.EMAIL)
            a_motion(by)
        work(app)
        with in_group(group):
            outbox.put(commands.LETTERS, now=clock.now(), notice_id=notices()[0].id)
        work(app)
        assert len(letters(folder)) == 1

    def test_nothing_of_what_was_undone(self, app: Pamoja, group: Group, by: uuid.UUID, folder: Path) -> None:
        with in_group(group):
            told_by(Channel.EMAIL)
        with pytest.raises(RuntimeError), in_group(group):
            a_motion(by)
            raise RuntimeError
        work(app)
        assert letters(folder) == []
        with in_group(group):
            assert notices() == []

    def test_the_outbox_says_nothing_about_anybody(
        self, app: Pamoja, group: Group, by: uuid.UUID, folder: Path
    ) -> None:
        with in_group(group):
            member = told_by(Channel.EMAIL, "Nickname of theirs")
            a_motion(by, words="Secret words of ours")
            held = [notice.id for notice in notices()]
        with in_scope():
            items = db.session.scalars(sa.select(OutboxItem).where(OutboxItem.group_id == group.id)).all()
            assert [item.payload for item in items] == [{"notice_id": str(held[0])}]
            kept = json.dumps([[item.payload, item.once, item.kind] for item in items])
        for secret in ("people.example", "Nickname", "Secret", str(member.id), group.name):
            assert secret not in kept

    def test_whoever_chooses_e_mail_later_gets_what_still_waits(
        self, app: Pamoja, group: Group, by: uuid.UUID, folder: Path
    ) -> None:
        with in_group(group):
            member = a_member()
            a_motion(by)
            chooses(member, Channel.EMAIL)
        work(app)
        assert [to for to, _, _ in letters(folder)] == ["rain@people.example"]


class TestWords:
    @pytest.mark.parametrize("language", ["en", "sw", "fr"])
    def test_name_no_group_and_nobody(self, inside: Group, by: uuid.UUID, language: str) -> None:
        some_members(3)
        a_motion(by, words="Secret words of ours")
        notice = notices()[0]
        said = set()
        for about in About:
            notice.about = about
            said.add(emails.words_of(notice, language=language, time_zone=inside.time_zone))
        assert len(said) == len(About)
        for words in said:
            assert not [name for name in (inside.name, "Somebody", "Secret") if name in words]
            assert len(words) < 320

    def test_a_link_for_a_message_is_ready_to_send(self, app: Pamoja) -> None:
        assert emails.link_to_send("sms", "254700", "a & b?") == "sms:+254700?&body=a%20%26%20b%3F"
        assert emails.link_to_send("whatsapp", "254700", "a & b") == "https://wa.me/254700?text=a%20%26%20b"
        assert emails.link_to_send("none", None, "a") is None


class TestChoosing:
    def test_whoever_signs_in_chooses_for_themselves(self, inside: Group) -> None:
        member = a_member(account_id=make_account().id)
        with pytest.raises(CannotReach) as refused:
            commands.choose_channel(
                inside, member, Channel.SMS, "+254700111222", asked=Asked.IN_PERSON, how=how_asked(Asked.IN_PERSON, None),
                by=None, now=clock.now(),
            )  # fmt: skip
        assert refused.value.refusal == Refusal.SIGNS_IN

    def test_the_number_is_sealed_and_gone_with_the_choice(self, inside: Group) -> None:
        member = told_by(Channel.SMS)
        kept = db.session.execute(sa.text("select address from reaches")).scalar_one()
        assert b"254700222333" not in bytes(kept)
        chooses(member, Channel.NONE)
        assert queries.find_reach(member.id).address is None  # type: ignore[union-attr]

    @pytest.mark.parametrize(("asked", "method"), [
        (Asked.THEMSELVES, "self"), (Asked.IN_PERSON, "aloud"), (Asked.BY_PHONE, "aloud"), (Asked.IN_WRITING, "paper"),
    ])  # fmt: skip
    def test_is_a_yes_of_its_own_with_its_words_and_gone_with_the_place(
        self, inside: Group, asked: Asked, method: str
    ) -> None:
        member = a_member()

        def choose(channel: Channel, address: str) -> None:
            commands.choose_channel(
                inside, member, channel, address, asked=asked, how=how_asked(asked, None), by=None, now=clock.now()
            )  # fmt: skip

        choose(Channel.SMS, "+254700111222")
        first = standing_of(member.id)[Purpose.REACH]
        assert (first.method, bool(first.words)) == (method, method != "paper")
        choose(Channel.SMS, "+254 700 111 222")
        assert standing_of(member.id)[Purpose.REACH].id == first.id
        choose(Channel.SMS, "+254733444555")
        assert standing_of(member.id)[Purpose.REACH].id != first.id
        choose(Channel.NONE, "")
        assert standing_of(member.id) == {}

    @pytest.mark.parametrize("purpose", [Purpose.REACH, Purpose.CONTACT])
    def test_taken_back_on_ones_own_page_the_place_is_gone(self, inside: Group, purpose: Purpose) -> None:
        member = a_member()
        tells(member, Purpose.CONTACT, "+254700111222")
        chooses(member, Channel.SMS, "+254700111222")
        membership.take_back(member, purpose, ended=Ended.SELF, by=None, now=clock.now())
        assert queries.find_reach(member.id) is None
        assert set(standing_of(member.id)) == {Purpose.REACH, Purpose.CONTACT} - {purpose, Purpose.REACH}

    def test_leaving_takes_the_channel_and_what_waits(self, inside: Group, by: uuid.UUID) -> None:
        member, other = told_by(Channel.SMS), a_member("Stays")
        first, second = a_motion(by), a_motion(by, words="Another")
        notice = queries.find_notice_about(About.DECISION_CALLED, first.id)
        assert notice is not None
        mine = next(one for one in tellings() if (one.notice_id, one.member_id) == (notice.id, member.id))
        commands.tick_off(notice, [mine.id], by=by, now=clock.now())
        let_member_go(inside, member, by=by, now=clock.now())
        assert db.session.scalars(sa.select(Reach)).all() == []
        assert [one.id for one in tellings() if one.member_id == member.id] == [mine.id]
        assert len([one for one in tellings() if one.member_id == other.id]) == 2
        assert second.is_open


class TestTickingOff:
    def test_the_meeting_tells_all_who_are_left_but_not_by_e_mail(self, inside: Group, by: uuid.UUID) -> None:
        told_by(Channel.EMAIL, "Letter")
        told_by(Channel.SMS, "Message")
        a_member("Quiet")
        a_motion(by)
        assert commands.tick_off_meeting(notices()[0], by=by, now=clock.now()) == 2
        assert sorted((one.channel, one.told_at is not None) for one in tellings()) == [
            ("email", False), ("none", True), ("none", True),
        ]  # fmt: skip

    def test_old_ones_are_let_go_of(self, inside: Group, by: uuid.UUID) -> None:
        a_member()
        a_motion(by)
        commands.forget_old(now=clock.now() + timedelta(days=365))
        assert len(notices()) == 1
        commands.forget_old(now=clock.now() + timedelta(days=367))
        assert (notices(), tellings()) == ([], [])


class TestNoticeRan:
    """As SQL, by the ordinary role and by the owner of the tables."""

    @pytest.fixture(params=["web", "owner"])
    def connection(
        self, app: object, request: pytest.FixtureRequest, database_urls: object
    ) -> Iterator[sa.Connection]:
        url = database_urls.web_url if request.param == "web" else database_urls.owner_url  # type: ignore[attr-defined]
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as opened:
            yield opened

    @pytest.mark.parametrize("table", ["motions", "elections"])
    def test_nothing_is_held_before_its_day_or_called_sooner_without_saying_so(
        self, connection: sa.Connection, group: Group, by: uuid.UUID, table: str
    ) -> None:
        with in_group(group):
            some_members(3)
            decisions.call_motion(
                group, kind="other", words="A", held_on=clock.today(group.time_zone) + timedelta(days=20), by=by, now=clock.now()
            )  # fmt: skip
            an_election()
        sooner = "jsonb_build_object('id', gen_random_uuid(), 'state', 'called', 'is_short_notice', false, 'notice_days', 30)"
        for statement in (
            f"update {table} set is_short_notice = not is_short_notice",
            f"update {table} set frozen_at = called_at - interval '3 days'",
            f"insert into {table} select (jsonb_populate_record(t, {sooner})).* from {table} t",
        ):
            connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group.id)})
            with pytest.raises(DBAPIError):
                connection.execute(sa.text(statement))
            connection.rollback()


def test_the_address_of_the_service_says_nothing(app: Pamoja) -> None:
    with app.app_context():
        assert current_app.config["PUBLIC_URL"].count("/") == 2

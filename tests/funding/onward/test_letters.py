"""Officers who chose e-mail are written to when a part is on its way or a word is awaited; the office learns nothing of it."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from funding.onward import commands, jobs, queries
from funding.onward.rules import News
from groups.consents.models import Purpose
from groups.membership.models import Member
from groups.notices.models import Channel
from groups.officers.queries import present_terms
from network import clock
from network.db import db
from network.messages.models import Letter
from network.outbox import commands as outbox
from network.outbox import worker
from network.outbox.models import OutboxItem
from network.web.unit_of_work import Pamoja
from tests.factories.groups import tells
from tests.factories.network import day_there
from tests.factories.notices import chooses, told_by
from tests.factories.onward import (
    Pair,
    acknowledge,
    answer,
    confirm,
    make_pair,
    make_sent,
    offer,
    put_in_order,
    release,
    say_standing,
    write_grant,
)
from tests.support.app import in_scope
from tests.support.client import StrictClient
from tests.support.statements import statements


@pytest.fixture
def folder(app: Pamoja, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(app.config, "LETTERS_FOLDER", str(tmp_path))
    with app.app_context():
        outbox.queue().empty()
    return tmp_path


def work(app: Pamoja) -> None:
    """A real worker on the real queue, until there is nothing more to do."""
    worker._app[:] = [app]
    with app.app_context():
        queue = outbox.queue()
        SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer).work(
            burst=True, logging_level="ERROR"
        )


def letters(folder: Path) -> list[tuple[str, str]]:
    read = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in folder.glob("*.eml")]
    return sorted((str(one["To"]), f"{one['Subject']} {one.get_content()}") for one in read)


def choose(pair: Pair, office: str, address: str, *, language: str | None = None) -> None:
    """Whoever holds this office chose e-mail."""
    with in_scope(pair.people.group):
        member: Member = present_terms([office])[0].member
        member.language = language
        chooses(member, Channel.EMAIL, address)


@pytest.fixture
def pair(app: Pamoja, folder: Path) -> Pair:
    """A grant in force whose first part is due; the treasurer and the secretary chose e-mail, the chairperson nothing."""
    made = make_pair()
    put_in_order(made)
    choose(made, "treasurer", "treasurer@people.example", language="fr")
    choose(made, "secretary", "secretary@people.example")
    with in_scope(made.people.group):
        told_by(Channel.EMAIL, "Rain")
    return answer(offer(write_grant(made)))


class TestOnItsWay:
    def test_those_in_office_who_chose_e_mail_are_written_in_their_language(
        self, app: Pamoja, pair: Pair, folder: Path
    ) -> None:
        say_standing(pair)
        draft = release(pair)
        work(app)
        assert letters(folder) == []
        confirm(pair, draft)
        work(app)
        (_, english), (_, french) = letters(folder)
        assert [to for to, _ in letters(folder)] == ["secretary@people.example", "treasurer@people.example"]
        assert english != french
        for said in (english, french):
            assert pair.people.group.name not in said
            assert "250" not in said
            assert "First year" not in said
        with in_scope(pair.people.group):
            assert db.session.scalars(sa.select(Letter)).all() == []

    def test_nobody_is_written_to_before_a_parent_agreed(self, app: Pamoja, pair: Pair, folder: Path) -> None:
        with in_scope(pair.people.group):
            tells(present_terms(["treasurer"])[0].member, Purpose.AGE_BAND, "under")
        say_standing(pair)
        confirm(pair, release(pair))
        work(app)
        assert [to for to, _ in letters(folder)] == ["secretary@people.example"]

    def test_once_though_it_is_done_twice(self, app: Pamoja, pair: Pair, folder: Path) -> None:
        say_standing(pair)
        confirm(pair, release(pair))
        work(app)
        with app.app_context():
            jobs.tell_group(pair.people.group.id, pair.part_ids[0])
        work(app)
        assert len(letters(folder)) == 2

    def test_the_office_learns_nothing_of_whom_it_reached(self, app: Pamoja, pair: Pair) -> None:
        say_standing(pair)
        confirm(pair, release(pair))
        work(app)
        office = pair.staff.office.id
        with in_scope():
            found = db.session.scalars(sa.select(OutboxItem).where(OutboxItem.group_id == office)).all()
        kinds = {item.kind for item in found}
        assert commands.TELL in kinds
        assert not {commands.LETTERS, "letter"} & kinds
        assert "example" not in str([item.payload for item in found])

    def test_nothing_leaves_where_it_was_not_kept(self, app: Pamoja, pair: Pair, folder: Path) -> None:
        with pytest.raises(RuntimeError), in_scope(pair.staff.office):
            outbox.put(
                commands.TELL, now=clock.now(), for_group_id=pair.people.group.id, part_id=pair.part_ids[0]
            )
            raise RuntimeError
        work(app)
        assert letters(folder) == []


class TestAWordIsAwaited:
    def ask(self, app: Pamoja, pair: Pair) -> None:
        with in_scope(pair.people.group):
            commands.ask_for_words(now=clock.now())
        work(app)

    def test_once_for_each_part(self, app: Pamoja, pair: Pair, folder: Path) -> None:
        self.ask(app, pair)
        self.ask(app, pair)
        assert len(letters(folder)) == 2

    def test_nobody_is_asked_who_has_said_it(self, app: Pamoja, pair: Pair, folder: Path) -> None:
        say_standing(pair)
        self.ask(app, pair)
        assert letters(folder) == []

    def test_not_before_the_part_comes_near(self, app: Pamoja, folder: Path) -> None:
        far = make_pair()
        put_in_order(far)
        choose(far, "treasurer", "far@people.example")
        answer(offer(write_grant(far, due_on=day_there() + timedelta(days=60))))
        self.ask(app, far)
        assert letters(folder) == []

    def test_every_group_is_looked_at(self, app: Pamoja, pair: Pair) -> None:
        with app.app_context():
            jobs.ask_for_words(now=clock.now())
        with in_scope():
            asked = sa.select(OutboxItem).where(
                OutboxItem.group_id == pair.people.group.id, OutboxItem.kind == commands.LETTERS
            )
            assert [one.payload for one in db.session.scalars(asked)] == [{"news": News.WORD_AWAITED}]


class TestWhatWaits:
    def listed(self, client: StrictClient, pair: Pair) -> bool:
        client.sign_in(pair.staff.onboarding)
        page = client.fetch(f"{pair.office_page}/waiting")
        return f"{pair.office_page}/{pair.grant_id}" in page.links

    def test_a_grant_stands_there_from_the_offer_to_its_last_part(self, client: StrictClient) -> None:
        pair = write_grant(make_pair(), 25_000, asks=())
        assert not self.listed(client, pair)
        offer(pair)
        assert self.listed(client, pair)
        answer(pair)
        confirm(pair, release(pair))
        assert self.listed(client, pair)
        acknowledge(pair, 25_000)
        assert not self.listed(client, pair)

    def test_what_a_group_did_not_take_waits_for_nothing(self, client: StrictClient) -> None:
        assert not self.listed(client, answer(offer(write_grant(make_pair())), accepts=False))

    def test_what_is_due_first_stands_on_top(self, app: Pamoja) -> None:
        pair = make_pair()
        late = offer(write_grant(pair, due_on=day_there() + timedelta(days=9)))
        soon = offer(write_grant(pair, due_on=day_there() + timedelta(days=2)))
        with in_scope(pair.staff.office):
            found = [one.id for one in db.session.scalars(queries.waiting())]
        assert found == [soon.grant_id, late.grant_id]

    def test_takes_as_many_questions_for_one_as_for_many(self, client: StrictClient) -> None:
        pair, asked = make_sent(), []
        client.sign_in(pair.staff.finance)
        for more in (0, 3):
            for _ in range(more):
                offer(write_grant(pair))
            client.fetch(f"{pair.office_page}/waiting")
            with statements() as seen:
                client.fetch(f"{pair.office_page}/waiting")
            asked.append(len(seen))
        assert asked[0] == asked[1]

    def test_is_for_the_office(self, client: StrictClient) -> None:
        pair = make_pair()
        client.sign_in(pair.people.chair)
        assert client.get(f"{pair.office_page}/waiting").status_code == 404

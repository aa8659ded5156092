"""Being forgotten once more, as after a restore: whoever can be forgotten is, and nobody who came back is thrown out."""

import threading
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from groups.challenges.models import Challenge
from groups.membership import commands as membership
from groups.membership.models import Member
from network import audit, clock
from network.accounts.models import Account, RoleAssignment
from network.db import db
from network.mine import erasing, erasures, registry
from network.mine.erasures import Erasure
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from network.wording import commands as wording
from network.wording.models import Wording
from tests.factories.challenges import a_challenge, a_committee, a_declared_result, an_answer
from tests.factories.groups import a_member
from tests.factories.network import make_account, make_group, word
from tests.support.app import in_scope


@pytest.fixture(autouse=True)
def outside(app: Pamoja, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "erasures.jsonl"
    monkeypatch.setitem(app.config, "ERASURES_FILE", str(file))
    return file


def joined(group: Group, who: Account) -> tuple[uuid.UUID, str]:
    with in_scope(group):
        nickname = word()
        return a_member(nickname, account_id=who.id).id, nickname


def nickname_of(group: Group, member_id: uuid.UUID) -> str:
    with in_scope(group):
        return db.session.get_one(Member, member_id).nickname


def replay(app: Pamoja) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["erasures", "replay"])
    return done.exit_code, done.output


class TestWhoCameBack:
    def test_stays_where_they_are_and_what_they_were_before_stays_forgotten(self, app: Pamoja) -> None:
        me, group = make_account(), make_group()
        first, name = joined(group, me)
        with app.app_context():
            erasing.forget_in(me.id, group.id, now=clock.now())
        assert nickname_of(group, first) != name
        second, again = joined(group, me)
        with in_scope(group):
            restored = db.session.get_one(Member, first)
            restored.nickname = name
        assert replay(app)[0] == 0
        assert (nickname_of(group, first) != name, nickname_of(group, second)) == (True, again)
        with in_scope(group):
            assert db.session.get_one(Member, second).account_id == me.id
            theirs = sa.select(RoleAssignment.role).where(RoleAssignment.account_id == me.id)
            assert db.session.scalars(theirs).all() == ["member"]


class TestTheList:
    def test_what_is_younger_than_the_backup_keeps_no_other_back(self, app: Pamoja) -> None:
        me, group = make_account(), make_group()
        member, name = joined(group, me)
        with app.app_context():
            erasures.add(Erasure(uuid.uuid4(), clock.now(), {uuid.uuid4(): (uuid.uuid4(),)}))
            erasures.add(Erasure(uuid.uuid4(), clock.now(), {group.id: ()}))
            erasures.add(Erasure(me.id, clock.now(), {group.id: (member,)}))
        assert replay(app)[0] == 0
        assert name not in nickname_of(group, member)

    def test_a_member_whose_account_is_younger_than_the_backup_is_forgotten(self, app: Pamoja) -> None:
        group = make_group()
        with in_scope(group):
            member = a_member("Older").id
        with app.app_context():
            erasures.add(Erasure(uuid.uuid4(), clock.now(), {group.id: (member,)}))
        assert replay(app)[0] == 0
        assert nickname_of(group, member) != "Older"

    def test_a_line_that_was_cut_off_is_told_and_keeps_no_other_back(
        self, app: Pamoja, outside: Path
    ) -> None:
        me, group = make_account(), make_group()
        member, name = joined(group, me)
        outside.write_text('{"id":"8d1f0f2e-6c1c')
        with app.app_context():
            erasures.add(Erasure(me.id, clock.now(), {group.id: (member,)}))
        code, said = replay(app)
        assert (code, "line 1" in said) == (1, True)
        assert name not in nickname_of(group, member)

    def test_what_is_written_is_what_is_read(self, app: Pamoja) -> None:
        wish = Erasure(
            uuid.uuid4(), clock.now(), {uuid.uuid4(): (uuid.uuid4(), uuid.uuid4())}, is_whole=False
        )
        with app.app_context():
            erasures.add(wish)
            assert erasures.read().wishes == erasures.read().open == [wish]
            erasures.finish(wish, now=clock.now())
            assert (erasures.read().wishes, erasures.read().open) == ([wish], [])


class TestTheListGetsShorter:
    def forgotten(self, *, days: int, is_done: bool = True) -> tuple[Erasure, Group, uuid.UUID]:
        """Somebody who asked so many days ago, in a database that knows them still (again)."""
        group = make_group()
        with in_scope(group):
            member = a_member("Restored").id
        wish = Erasure(None, clock.now() - timedelta(days=days), {group.id: (member,)}, is_whole=False)
        erasures.add(wish)
        if is_done:
            erasures.finish(wish, now=wish.at)
        return wish, group, member

    def test_by_those_who_stand_in_no_backup_and_replay_does_the_others(
        self, app: Pamoja, outside: Path
    ) -> None:
        with app.app_context():
            old, *_ = self.forgotten(days=37)
            young, *here = self.forgotten(days=35)
            begun, *begun_here = self.forgotten(days=90, is_done=False)
            with outside.open("a") as file:
                file.write('{"id":"8d1f0f2e\n')
            before = erasures.read()
            assert [one.id for one in before.wishes] == [old.id, young.id, begun.id]
            for _ in range(2):
                erasing.shorten_the_list(now=clock.now())
                after = erasures.read()
                assert [one.id for one in after.wishes] == [young.id, begun.id]
                assert (set(after.done), len(after.broken)) == ({young.id}, 1)
        assert str(old.id) not in outside.read_text()
        assert outside.stat().st_mode & 0o077 == 0
        assert "2 erasures are done" in replay(app)[1]
        assert "Restored" not in {nickname_of(*here), nickname_of(*begun_here)}

    def test_not_by_who_was_finished_late(self, app: Pamoja) -> None:
        with app.app_context():
            wish, *_ = self.forgotten(days=60, is_done=False)
            erasures.finish(wish, now=clock.now() - timedelta(days=20))
            erasing.shorten_the_list(now=clock.now())
            assert [one.id for one in erasures.read().wishes] == [wish.id]

    def test_what_is_written_meanwhile_is_not_lost(self, app: Pamoja) -> None:
        wishes = [Erasure(None, clock.now(), {uuid.uuid4(): ()}) for _ in range(20)]

        def write(some: list[Erasure]) -> None:
            with app.app_context():
                for one in some:
                    erasures.add(one)

        with app.app_context():
            for _ in range(20):
                self_made = Erasure(None, clock.now() - timedelta(days=50), {})
                erasures.add(self_made)
                erasures.finish(self_made, now=self_made.at)
            writers = [threading.Thread(target=write, args=(wishes[start::4],)) for start in range(4)]
            for one in writers:
                one.start()
            for _ in range(10):
                erasing.shorten_the_list(now=clock.now())
            for one in writers:
                one.join()
            erasing.shorten_the_list(now=clock.now())
            assert {one.id for one in erasures.read().wishes} == {one.id for one in wishes}


class TestHalfDone:
    def test_the_other_places_are_done_and_the_rest_is_tried_again(
        self, app: Pamoja, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        me, bad, good = make_account(), make_group(), make_group()
        (held_back, one), (gone, other) = joined(bad, me), joined(good, me)
        as_ever = registry.forget_here

        def fail_in_one(who: registry.Me, *, now: object) -> None:
            if held_back in who.members:
                raise RuntimeError
            as_ever(who, now=now)  # type: ignore[arg-type]

        monkeypatch.setattr(registry, "forget_here", fail_in_one)
        with app.app_context():
            assert erasing.forget_everywhere(me.id, now=clock.now()) is False
        assert (nickname_of(bad, held_back), nickname_of(good, gone) == other) == (one, False)
        with in_scope():
            assert not db.session.get_one(Account, me.id).is_active

        monkeypatch.setattr(registry, "forget_here", as_ever)
        with app.app_context():
            erasing.finish_what_was_begun(now=clock.now() + timedelta(hours=1))
            assert erasures.read().open == []
        assert nickname_of(bad, held_back) != one


def test_whoever_left_long_ago_can_be_let_go_again(app: Pamoja) -> None:
    me, group = make_account(), make_group()
    member, name = joined(group, me)
    with in_scope(group):
        membership.let_member_go(
            db.session.get_one(Group, group.id), db.session.get_one(Member, member), by=me.id, now=clock.now()
        )
    with app.app_context():
        erasing.forget_everywhere(me.id, now=clock.now())
        listed = erasures.read().wishes
    assert listed[0].places[group.id] == (member,)
    assert nickname_of(group, member) != name


class TestAChallenge:
    @pytest.mark.parametrize("state", ["not_upheld", "withdrawn"])
    def test_loses_its_words_once_and_can_be_forgotten_again(self, app: Pamoja, state: str) -> None:
        here = a_declared_result()
        made = a_challenge(here)
        if state == "not_upheld":
            for who in a_committee(here):
                an_answer(here, made, who, upholds=False)
        with app.app_context():
            for _ in range(2):
                assert erasing.forget_everywhere(here.voter, now=clock.now())
        assert replay(app)[0] == 0
        with in_scope(here.group, here.voter):
            kept = db.session.get_one(Challenge, made)
            assert (kept.words, kept.state) == (None, state)


class TestThanks:
    def test_to_whoever_translated_it_since_stay(self, app: Pamoja) -> None:
        first, second, group = make_account(), make_account(), make_group()
        joined(group, first)
        with in_scope(group):
            text = wording.write_text(purpose="resource", language="en", title="A", body="B", now=clock.now())
            for who, name in ((first, "First"), (second, "Second")):
                kept = wording.translate(
                    text, language="sw", title="C", body="D", made_by=name, now=clock.now()
                )
                audit.record("wording.translated", kept, by=who.id, now=clock.now())
            swahili = kept.id
        with app.app_context():
            assert erasing.forget_everywhere(first.id, now=clock.now())
        with in_scope(group):
            assert db.session.get_one(Wording, swahili).made_by == "Second"
        joined(group, second)
        with app.app_context():
            assert erasing.forget_everywhere(second.id, now=clock.now())
        with in_scope(group):
            assert db.session.get_one(Wording, swahili).made_by == ""

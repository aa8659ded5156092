"""A yes is kept with its words, stands until it is taken back, and says nothing of what was told."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from groups.consents import commands, queries
from groups.consents.forms import by_oneself, read_aloud
from groups.consents.models import Consent, Ended, Method, Purpose
from groups.consents.rules import asks_again
from groups.membership import commands as membership
from groups.membership import queries as members
from groups.membership.jobs import forget_consents
from groups.membership.models import Member
from groups.membership.rules import KEPT
from network import clock
from network.data_map import period
from network.db import db
from network.web.unit_of_work import Pamoja
from tests.factories.groups import a_member, tells
from tests.factories.network import make_group
from tests.support.app import in_group, the_app

VALUES = {
    Purpose.CONTACT: ["+254700111222", "rain@people.example"],
    Purpose.LANGUAGE: ["sw", "fr"],
    Purpose.LIVED_EXPERIENCE: ["lived", "carer", "mixed"],
    Purpose.AGE_BAND: ["under", "youth", "adult", "older"],
    Purpose.SEX: ["f", "m", "i"],
    Purpose.DISABILITY_REGISTERED: ["yes", "not"],
}


class TestGive:
    def test_keeps_the_words_their_language_and_how(self) -> None:
        with in_group(make_group()):
            member, officer = a_member("Rain"), a_member("Sun")
            how = read_aloud(Purpose.SEX, officer.id)
            consent = commands.give(member.id, Purpose.SEX, how, now=clock.now())
            kept = queries.standing_of(member.id)[Purpose.SEX]
            assert (kept.id, kept.method, kept.read_by_id) == (consent.id, Method.ALOUD, officer.id)
            assert kept.words
            assert (kept.words.words, kept.words.digest) == (how.shown.words, how.shown.digest)  # type: ignore[union-attr]
            assert kept.words.language
            assert kept.words.version == how.shown.version  # type: ignore[union-attr]

    def test_the_same_under_the_same_words_stands_as_it_did(self) -> None:
        with in_group(make_group()):
            member = a_member()
            how = by_oneself(Purpose.SEX)
            first = commands.give(member.id, Purpose.SEX, how, now=clock.now())
            assert commands.give(member.id, Purpose.SEX, how, now=clock.now()).id == first.id

    def test_under_other_words_it_takes_the_place_of_the_old_one(self) -> None:
        with in_group(make_group()):
            member, how = a_member(), by_oneself(Purpose.SEX)
            assert how.shown
            commands.give(member.id, Purpose.SEX, how, now=clock.now())
            later = replace(how, shown=replace(how.shown, version=99, words="Other words."))
            commands.give(member.id, Purpose.SEX, later, now=clock.now())
            history = db.session.scalars(queries.history_of(member.id)).all()
            assert sorted(str(one.ended) for one in history) == ["None", "renewed"]

    def test_another_value_is_another_yes_also_under_the_same_words(self) -> None:
        with in_group(make_group()):
            member = a_member()
            tells(member, Purpose.CONTACT, "+254700111222")
            tells(member, Purpose.CONTACT, "+254700111222")
            assert len(db.session.scalars(queries.history_of(member.id)).all()) == 1
            tells(member, Purpose.CONTACT, "+254700111333")
            assert len(db.session.scalars(queries.history_of(member.id)).all()) == 2

    def test_what_somebody_else_heard_is_no_yes_of_ones_own_any_more(self) -> None:
        with in_group(make_group()):
            member, officer, other = a_member("Rain"), a_member("Sun"), a_member("Wind")
            tells(member, Purpose.SEX, "f")
            for heard_by in (officer.id, other.id):
                how = read_aloud(Purpose.SEX, heard_by)
                membership.tell(member, Purpose.SEX, "m", how=how, by=None, now=clock.now())
                standing = queries.standing_of(member.id)[Purpose.SEX]
                assert (standing.method, standing.read_by_id) == (Method.ALOUD, heard_by)

    def test_ones_own_yes_takes_the_place_of_one_that_was_brought(self) -> None:
        with in_group(make_group()) as _:
            member = a_member()
            commands.note_brought([(member.id, Purpose.LANGUAGE)], read_by_id=None, now=clock.now())
            tells(member, Purpose.LANGUAGE, "sw")
            assert queries.standing_of(member.id)[Purpose.LANGUAGE].method == Method.SELF

    def test_words_are_kept_once_however_many_say_yes(self) -> None:
        with in_group(make_group()):
            for number in range(3):
                tells(a_member(f"Somebody {number}"), Purpose.SEX, "f")
            rests_on = set(db.session.scalars(sa.select(Consent.words_id)))
            assert len(rests_on) == 1


class TestTwoAtOnce:
    def test_come_one_after_the_other_and_one_yes_stands(self) -> None:
        group, gone_wrong = make_group(), []
        with in_group(group):
            member_id = a_member().id

        def say() -> None:
            try:
                with the_app().app_context(), in_group(group):
                    tells(db.session.get_one(Member, member_id), Purpose.NAMED_ON_RETURN)
            except Exception as wrong:  # noqa: BLE001 - what goes wrong in a thread is told by the test
                gone_wrong.append(wrong)

        waits = sa.text(
            "select count(*) from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid))"
        )
        second = threading.Thread(target=say)
        with in_group(group):
            tells(db.session.get_one(Member, member_id), Purpose.NAMED_ON_RETURN)
            second.start()
            while second.is_alive() and not db.session.scalar(waits):
                pass
        second.join()
        assert gone_wrong == []
        with in_group(group):
            assert list(queries.standing_of(member_id)) == [Purpose.NAMED_ON_RETURN]


class TestAsksAgain:
    @pytest.mark.parametrize(
        ("method", "version", "again"),
        [
            (Method.LIST, None, True), (Method.INVITATION, None, True), (Method.BEFORE, None, True),
            (Method.PAPER, None, False), (Method.SELF, 1, True), (Method.ALOUD, 2, False),
        ],
    )  # fmt: skip
    def test_under_older_words_or_none_but_not_what_a_paper_says(
        self, method: Method, version: int | None, *, again: bool
    ) -> None:
        assert asks_again(method, version=version, now_version=2) is again


class TestLeaving:
    def test_ends_every_yes_and_keeps_only_that_there_was_one(self) -> None:
        group = make_group()
        with in_group(group):
            member = a_member()
            for purpose, values in VALUES.items():
                tells(member, purpose, values[0])
            guardian = read_aloud(Purpose.GUARDIAN, None, method=Method.PAPER)
            membership.tell(member, Purpose.GUARDIAN, None, how=guardian, by=None, now=clock.now())
            membership.let_member_go(group, member, by=None, now=clock.now())
            assert queries.standing_of(member.id) == {}
            history = {Purpose(one.purpose) for one in db.session.scalars(queries.history_of(member.id))}
            assert history == set(VALUES), "that a parent agreed is gone at once"
            assert set(members.told_by(member.id).values()) == {None}
            assert {one.ended for one in db.session.scalars(queries.history_of(member.id))} == {Ended.LEFT}
            commands.erase_of_member(member.id)
            assert db.session.scalars(queries.history_of(member.id)).all() == []

    def test_what_is_left_goes_on_its_day_and_of_nobody_who_is_here(self, app: Pamoja) -> None:
        group, now = make_group(), clock.now()
        with in_group(group):
            gone, lately, here = a_member("Gone"), a_member("Lately"), a_member("Here")
            for member in (gone, lately, here):
                tells(member, Purpose.SEX, "f", now=now - timedelta(days=900))
            for member, days in ((gone, 2), (lately, -2)):
                member.joined_on -= timedelta(days=900)
                left = now - period("consent") - timedelta(days=days)
                membership.let_member_go(group, member, by=None, now=left)
        for _ in range(2):
            with app.app_context():
                forget_consents(now=now)
            with in_group(group):
                kept = set(db.session.scalars(sa.select(Consent.member_id)))
            assert kept == {lately.id, here.id}


class TestBrought:
    def test_of_a_list_it_is_noted_that_nobody_asked_them_yet(self) -> None:
        group = make_group()
        with in_group(group):
            member = membership.add_member(
                group, "Rain", by=None, now=clock.now(), contact="+254700111222", language="sw"
            )
            standing = queries.standing_of(member.id)
            assert {str(purpose): one.method for purpose, one in standing.items()} == {
                "contact": Method.LIST,
                "language": Method.LIST,
            }
            assert all(one.words is None for one in standing.values())


class ToldAndTakenBack(RuleBasedStateMachine):
    """Told, told otherwise, taken back, in any order and by anybody: a value is there exactly as long as a yes stands."""

    @initialize()
    def begin(self) -> None:
        self.group, self.expected = make_group(), dict.fromkeys(VALUES, None)
        self.methods: dict[Purpose, Method] = {}
        with in_group(self.group):
            self.member_id = a_member().id

    @rule(data=st.data(), aloud=st.booleans())
    def tell(self, data: st.DataObject, *, aloud: bool) -> None:
        purpose = data.draw(st.sampled_from(list(VALUES)))
        value = data.draw(st.sampled_from(VALUES[purpose]))
        with in_group(self.group):
            how = read_aloud(purpose, None) if aloud else by_oneself(purpose)
            membership.tell(self._member(), purpose, value, how=how, by=None, now=clock.now())
        self.expected[purpose] = value
        self.methods[purpose] = Method.ALOUD if aloud else Method.SELF

    @rule(purpose=st.sampled_from(list(VALUES)), ended=st.sampled_from([Ended.SELF, Ended.ALOUD]))
    def take_back(self, purpose: Purpose, ended: Ended) -> None:
        with in_group(self.group):
            membership.take_back(self._member(), purpose, ended=ended, by=None, now=clock.now())
        self.expected[purpose] = None

    @invariant()
    def a_value_is_there_exactly_as_long_as_a_yes_stands(self) -> None:
        if not hasattr(self, "member_id"):
            return
        with in_group(self.group):
            told, standing = members.told_by(self.member_id), queries.standing_of(self.member_id)
        assert told == {str(purpose): value for purpose, value in self.expected.items()}
        assert {purpose for purpose, value in self.expected.items() if value} == set(standing)
        assert {purpose: one.method for purpose, one in standing.items()} == {
            purpose: self.methods[purpose] for purpose in standing
        }

    def _member(self) -> Member:
        return db.session.get_one(Member, self.member_id)


ToldAndTakenBack.TestCase.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestToldAndTakenBack = ToldAndTakenBack.TestCase


def test_every_value_kept_is_tried() -> None:
    assert set(VALUES) == set(KEPT)

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.decisions import commands
from groups.decisions.commands import CannotDecide, Kind
from groups.decisions.models import Motion, MotionState
from groups.decisions.queries import get_motion
from groups.decisions.rules import Count, Refusal
from network import clock
from network.accounts.queries import find_link_of_any_purpose
from network.db import db
from network.support.models import SupportRequest
from network.tenancy.models import Group
from tests.factories.decisions import NO, YES, a_motion, begin, count
from tests.factories.groups import a_member, some_members
from tests.factories.network import make_account, make_group
from tests.support.app import in_group


@pytest.fixture
def group(app: object) -> Iterator[Group]:
    made = make_group()
    with in_group(made):
        yield made


@pytest.fixture
def by(app: object) -> uuid.UUID:
    return make_account().id


class TestCall:
    def test_freezes_what_the_constitution_asks(self, group: Group, by: uuid.UUID) -> None:
        plain, weighty = a_motion(by), a_motion(by, kind="close_group")
        assert (plain.majority, weighty.majority) == ("half", "two_thirds")
        assert (plain.quorum_percent, plain.notice_days) == (50, 14)

    def test_the_constitutions_notice_holds_unless_members_agree(self, group: Group, by: uuid.UUID) -> None:
        today = clock.today(group.time_zone)
        with pytest.raises(CannotDecide) as refused:
            commands.call_motion(
                group, kind="other", words="A", held_on=today + timedelta(days=13), by=by, now=clock.now()
            )
        assert refused.value.refusal == Refusal.NOTICE_TOO_SHORT
        commands.call_motion(
            group, kind="other", words="A", held_on=today + timedelta(days=14), by=by, now=clock.now()
        )

    def test_needs_words_where_it_has_no_others(self, group: Group, by: uuid.UUID) -> None:
        with pytest.raises(CannotDecide) as refused:
            a_motion(by, words=" ")
        assert refused.value.refusal == Refusal.WORDS_NEEDED


class TestCount:
    def test_two_who_agree_decide_and_the_slips_are_gone(self, group: Group, by: uuid.UUID) -> None:
        members = some_members(10)
        motion = begin(a_motion(by), members[:2])
        slips = [counter.slip or "" for counter in motion.counters]
        assert all(find_link_of_any_purpose(slip, now=clock.now()) for slip in slips)
        done = count(motion, YES)
        assert (done.state, done.is_carried, done.roll, done.present) == (MotionState.DECIDED, True, 10, 8)
        assert [counter.slip for counter in done.counters] == [None, None]

    def test_two_who_differ_count_again_and_say_why(self, group: Group, by: uuid.UUID) -> None:
        motion = begin(a_motion(by), some_members(10)[:2])
        differing = count(motion, YES, NO)
        assert differing.state == MotionState.COUNTING
        first = differing.counters[0]
        with pytest.raises(CannotDecide) as refused:
            commands.enter_count(group, differing, first, NO, now=clock.now())
        assert refused.value.refusal == Refusal.REASON_NEEDED
        commands.enter_count(group, differing, first, NO, now=clock.now(), reason="Counted again")
        assert get_motion(motion.id).is_carried is False

    def test_numbers_that_cannot_be_are_refused(self, group: Group, by: uuid.UUID) -> None:
        motion = begin(a_motion(by), some_members(8)[:2])
        for counted, refusal in (
            (Count(8, 5, 1, 1), Refusal.DOES_NOT_ADD_UP),
            (Count(9, 9, 0, 0), Refusal.MORE_THAN_ROLL),
        ):
            with pytest.raises(CannotDecide) as refused:
                commands.enter_count(group, motion, motion.counters[0], counted, now=clock.now())
            assert refused.value.refusal == refusal

    def test_not_before_its_day_and_by_two_different_people(self, group: Group, by: uuid.UUID) -> None:
        members, today = some_members(3), clock.today(group.time_zone)
        later = commands.call_motion(
            group, kind="other", words="A", held_on=today + timedelta(days=20), by=by, now=clock.now()
        )
        for motion, counters, refusal in (
            (later, members[:2], Refusal.NOT_THE_DAY_YET),
            (a_motion(by), [members[0], members[0]], Refusal.COUNTERS_ARE_ONE),
        ):
            with pytest.raises(CannotDecide) as refused:
                commands.begin_count(
                    group, motion, method="hands", counters=counters, by=None, now=clock.now()
                )
            assert refused.value.refusal == refusal

    def test_whoever_joins_later_does_not_change_the_roll(self, group: Group, by: uuid.UUID) -> None:
        motion = begin(a_motion(by), some_members(3)[:2])
        a_member("Late")
        assert get_motion(motion.id).roll == 3


class TestWhatFollows:
    def test_happens_once_and_only_when_carried(
        self, group: Group, by: uuid.UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[uuid.UUID] = []
        monkeypatch.setattr(commands, "_kinds", {**commands._kinds})
        commands.register(Kind("paint", "Paint", carry=lambda group, motion, now: done.append(motion.id)))
        members = some_members(10)
        lost, won = (
            begin(a_motion(by, kind="paint"), members[:2]),
            begin(a_motion(by, kind="paint"), members[2:4]),
        )
        count(lost, NO)
        count(won, YES)
        assert done == [won.id]

    def test_closing_is_told_to_the_network(self, group: Group, by: uuid.UUID) -> None:
        motion = count(begin(a_motion(by, kind="close_group"), some_members(10)[:2]), YES)
        asked = db.session.scalars(sa.select(SupportRequest)).one()
        assert (motion.is_carried, asked.subject_id) == (True, motion.id)

    def test_joining_the_charter_is_told_to_the_network(self, group: Group, by: uuid.UUID) -> None:
        motion = count(begin(a_motion(by, kind="charter"), some_members(10)[:2]), YES)
        asked = db.session.scalars(sa.select(SupportRequest)).one()
        assert (motion.is_carried, asked.subject_id) == (True, motion.id)

    def test_taken_back_it_decides_nothing(self, group: Group, by: uuid.UUID) -> None:
        motion = begin(a_motion(by), some_members(4)[:2])
        slip = motion.counters[0].slip or ""
        commands.withdraw_motion(motion, "Not the time", by=by, now=clock.now())
        assert find_link_of_any_purpose(slip, now=clock.now()) is None
        with pytest.raises(CannotDecide):
            count(get_motion(motion.id), YES)


FOR_EVER = [
    "update motions set is_carried = not is_carried",
    "update motions set votes_for = votes_for - 1, abstain = abstain + 1",
    "update motions set state = 'counting', decided_at = null",
    "update motions set method = 'paper'",
    "update motions set kind = 'close_group'",
    "update motion_counts set votes_for = 0, abstain = present - votes_against",
    "update motion_counters set place = 3 - place",
    "delete from motions",
    "delete from motion_counts",
    "delete from motion_counters",
]
UNANIMOUS = (
    "state = 'decided', decided_at = now(), present = 8, votes_for = 8, votes_against = 0, abstain = 0"
)
WHILE_COUNTED = [
    "update motions set roll = 20",
    "update motions set quorum_percent = 0",
    "update motions set majority = 'three_quarters'",
    "update motions set held_on = held_on + 1",
    "update motions set state = 'called'",
    f"update motions set {UNANIMOUS}, is_carried = true",
]


class TestTheDatabase:
    """As SQL, by the ordinary role and by the owner of the tables."""

    def _try(self, connection: sa.Connection, group: Group, statement: str) -> None:
        connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group.id)})
        with pytest.raises(DBAPIError):
            connection.execute(sa.text(f"{statement} where group_id = :g"), {"g": group.id})
        connection.rollback()

    @pytest.fixture(params=["web", "owner"])
    def connection(
        self, app: object, request: pytest.FixtureRequest, database_urls: object
    ) -> Iterator[sa.Connection]:
        url = database_urls.web_url if request.param == "web" else database_urls.owner_url  # type: ignore[attr-defined]
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as opened:
            yield opened

    def test_changes_nothing_that_was_decided(self, connection: sa.Connection) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            count(begin(a_motion(by), some_members(10)[:2]), YES)
        for statement in FOR_EVER:
            self._try(connection, group, statement)

    def test_takes_no_outcome_that_two_did_not_count(self, connection: sa.Connection) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            count(begin(a_motion(by), some_members(10)[:2]), YES, NO)
        for statement in WHILE_COUNTED:
            self._try(connection, group, statement)

    def test_does_the_sum_itself(self, connection: sa.Connection) -> None:
        """Even two counts that agree cannot make five of nine a majority of two thirds."""
        group, by = make_group(), make_account().id
        with in_group(group):
            motion = begin(a_motion(by, kind="close_group"), some_members(10)[:2])
            for counter in motion.counters[:1]:
                commands.enter_count(group, motion, counter, NO, now=clock.now())
            counters = [counter.id for counter in motion.counters]
        connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group.id)})
        connection.execute(
            sa.text(
                "insert into motion_counts (id, group_id, motion_id, counter_id, version, present, votes_for, votes_against, abstain, reason, entered_at)"
                " values (gen_random_uuid(), :g, :m, :c, 1, 8, 3, 4, 1, '', now())"
            ),
            {"g": group.id, "m": motion.id, "c": counters[1]},
        )
        numbers = "present = 8, votes_for = 3, votes_against = 4, abstain = 1"
        with pytest.raises(DBAPIError, match="ck_motions_carried"):
            connection.execute(
                sa.text(
                    f"update motions set state = 'decided', decided_at = now(), {numbers}, is_carried = true where id = :m"
                ),
                {"m": motion.id},
            )
        connection.rollback()

    def test_calls_nothing_with_less_than_the_constitution_asks(self, connection: sa.Connection) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            a_motion(by, kind="close_group")
        for changed in ("'majority', 'half'", "'quorum_percent', 1"):
            connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group.id)})
            with pytest.raises(DBAPIError, match="as the constitution says"):
                connection.execute(
                    sa.text(
                        f"insert into motions select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), {changed}))).* from motions m"
                    )
                )
            connection.rollback()

    def test_is_never_emptied(self, connection: sa.Connection) -> None:
        for table in ("motion_counts", "motion_counters", "motions", "constitutions"):
            with pytest.raises(DBAPIError):
                connection.execute(sa.text(f"truncate {table} cascade"))
            connection.rollback()

    def test_knows_nobody_who_raised_a_hand(self, connection: sa.Connection) -> None:
        columns = {column.name for column in Motion.__table__.columns}
        assert not {name for name in columns if "voter" in name or "member" in name}

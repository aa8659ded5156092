"""What the database shows of matters and refuses about them, asked as the ordinary role and as the owner of the tables."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from groups.disputes import commands, queries
from groups.membership.models import Member
from network import clock
from network.accounts.models import Account
from network.servers import Addresses
from network.tenancy.models import Group
from tests.factories.disputes import (
    Disputes,
    agreed,
    ask,
    bring,
    heard,
    make_disputes,
    offer,
    somebody,
    tell,
    write_down,
)
from tests.factories.groups import a_member
from tests.factories.network import make_holder
from tests.support.app import in_scope

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)
TABLES = ("matters", "matter_texts", "matter_locks", "matter_answers", "matter_asks")
TEXT = (
    "insert into matter_texts (id, group_id, matter_id, kind, written_by_id, written_at, content)"
    " values (gen_random_uuid(), %s, %s, %s, %s, now(), '\\x01')"
)
BEGIN = (
    "insert into matters (id, group_id, brought_by_id, brought_at, panel, state, destroy_on)"
    " values (gen_random_uuid(), %s, %s, now(), %s, %s, current_date + 10)"
)


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def here(app: object) -> Disputes:
    return make_disputes()


def enter(sql: psycopg.Connection, where: Group | None, who: Account | None) -> None:
    sql.execute(
        "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
        (str(where.id) if where else "", str(who.id) if who else ""),
    )


def refuses(sql: psycopg.Connection, statement: str, values: tuple[object, ...] = ()) -> None:
    with pytest.raises(REFUSED), sql.transaction():
        sql.execute(statement, values)


def changes_nothing(sql: psycopg.Connection, statement: str, values: tuple[object, ...] = ()) -> None:
    """Refused, or no row is there for it."""
    try:
        with sql.transaction():
            assert sql.execute(statement, values).rowcount == 0
    except REFUSED:
        pass


def rows(sql: psycopg.Connection) -> dict[str, int]:
    found = {table: sql.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES}  # type: ignore[index]
    return {table: count for table, count in found.items() if count}


class TestWhoSees:
    def test_nobody_but_the_panel_and_whoever_brought_it(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        offer(here)
        matter_id = heard(here)
        with in_scope(here.group, here.panel[0]):
            commands.tell(
                queries.get_matter(matter_id), here.party.id, "x", by=here.panel[0].id, now=clock.now()
            )
        ask(here, matter_id)
        nobody: list[tuple[Group | None, Account | None]] = [
            (here.group, None), (None, None), (here.group, make_holder("chairperson", here.group)), (here.group, make_holder("disputes", here.group)),
            (here.group, make_holder("onboarding", here.network)), (None, make_holder("administration", here.network)),
        ]  # fmt: skip
        for where, who in nobody:
            enter(sql, where, who)
            assert rows(sql) == {}
        for where in (here.group, here.other, None):
            enter(sql, where, here.panel[1])
            assert rows(sql) == {"matters": 1, "matter_texts": 3, "matter_locks": 11, "matter_asks": 1}
            enter(sql, where, here.bringer)
            assert rows(sql) == {"matters": 1, "matter_texts": 1, "matter_locks": 1}
            enter(sql, where, here.party)
            assert rows(sql) == {"matter_texts": 1, "matter_locks": 1}
        enter(sql, here.other, here.others[0])
        assert rows(sql) == {"matter_asks": 1}
        enter(sql, here.group, here.others[0])
        assert rows(sql) == {}

    def test_a_lock_somebody_puts_in_opens_no_row_of_a_matter(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        bring(here)
        chair = make_holder("chairperson", here.group)
        enter(sql, here.group, chair)
        lock = (
            "insert into matter_locks (id, group_id, matter_id, text_id, account_id, key_pair_id, wrapped)"
            " select gen_random_uuid(), %s, gen_random_uuid(), gen_random_uuid(), %s, id, '\\x01' from key_pairs limit 1"
        )
        refuses(sql, lock, (here.group.id, chair.id))
        assert rows(sql) == {}


class TestAMatter:
    def test_begins_with_the_committee_of_that_day_in_ones_own_name(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        me, one, stranger = here.bringer, here.panel[0], somebody(here.group)
        enter(sql, here.group, me)
        for by, panel, state in (
            (me.id, [stranger.id], "brought"), (me.id, [one.id, stranger.id], "brought"), (me.id, [], "brought"), (me.id, [me.id], "brought"),
            (one.id, [here.panel[1].id], "brought"), (me.id, [one.id], "heard"),
        ):  # fmt: skip
            refuses(sql, BEGIN, (here.group.id, by, panel, state))
        refuses(sql, BEGIN, (here.other.id, me.id, [one.id], "brought"))
        sql.execute(BEGIN, (here.group.id, me.id, [one.id], "brought"))

    def test_keeps_what_it_began_with_and_goes_on_step_by_step(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        matter_id, one = heard(here), here.panel[0]
        enter(sql, here.group, one)
        for change in (
            "brought_by_id = panel[2]", "brought_at = now()", "panel = panel[1:1]", "set_aside = panel[2:2]", "destroy_on = destroy_on + 1",
            "state = 'brought'", "state = 'closed', review_on = current_date, closed_at = now()",
            "state = 'reviewed', review_on = current_date", "state = 'agreed', review_on = current_date",
        ):  # fmt: skip
            refuses(sql, f"update matters set {change} where id = %s", (matter_id,))
        refuses(sql, "update matters set panel = panel || %s where id = %s", ([here.others[0].id], matter_id))

    def test_an_outcome_takes_two_who_said_so_themselves(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        matter_id, one = heard(here), here.panel[0]
        with in_scope(here.group, one):
            commands.propose_outcome(
                queries.get_matter(matter_id), "x", review_on=(clock.now() + timedelta(days=9)).date(), by=one.id, now=clock.now()
            )  # fmt: skip
        enter(sql, here.group, one)
        said = (
            "insert into matter_answers (id, group_id, matter_id, text_id, account_id, answered_at)"
            " select gen_random_uuid(), group_id, matter_id, id, %s, now() from matter_texts where kind = %s"
        )
        refuses(sql, said, (here.panel[1].id, "outcome"))
        refuses(sql, said, (one.id, "notes"))
        step = "update matters set state = 'agreed', review_on = current_date + 9 where id = %s"
        refuses(sql, step, (matter_id,))
        enter(sql, here.group, here.panel[1])
        sql.execute(said, (here.panel[1].id, "outcome"))
        sql.execute(step, (matter_id,))

    def test_closing_takes_two_who_said_so_themselves(self, sql: psycopg.Connection, here: Disputes) -> None:
        matter_id, one = agreed(here, now=clock.now() - timedelta(days=40)), here.panel[0]
        with in_scope(here.group, one):
            commands.review(queries.get_matter(matter_id), "x", again_on=None, by=one.id, now=clock.now())
        said = (
            "insert into matter_answers (id, group_id, matter_id, text_id, account_id, answered_at)"
            " select gen_random_uuid(), group_id, matter_id, id, %s, now() from matter_texts where kind = %s"
        )
        step = "update matters set state = 'closed', closed_at = now() where id = %s"
        enter(sql, here.group, one)
        refuses(sql, step, (matter_id,))
        refuses(sql, said, (here.panel[1].id, "review"))
        enter(sql, here.group, here.panel[1])
        refuses(sql, said, (here.panel[1].id, "outcome"))
        refuses(sql, step, (matter_id,))
        sql.execute(said, (here.panel[1].id, "review"))
        sql.execute(step, (matter_id,))

    def test_nobody_is_told_before_two_have_heard_it(self, sql: psycopg.Connection, here: Disputes) -> None:
        matter_id, one = bring(here), here.panel[0]
        tells = (
            "insert into matter_texts (id, group_id, matter_id, kind, written_by_id, written_at, content, for_account_id)"
            " values (gen_random_uuid(), %s, %s, 'told', %s, now(), '\\x01', %s)"
        )
        values = (here.group.id, matter_id, one.id, here.party.id)
        enter(sql, here.group, one)
        refuses(sql, tells, values)
        sql.execute("update matters set state = 'heard' where id = %s", (matter_id,))
        sql.execute(tells, values)

    def test_only_whoever_was_told_lets_go_of_their_keys(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        matter_id = heard(here)
        with in_scope(here.group, here.panel[0]):
            commands.tell(
                queries.get_matter(matter_id), here.party.id, "x", by=here.panel[0].id, now=clock.now()
            )
        for who, left in ((here.bringer, 1), (here.panel[0], 11), (here.party, 0)):
            enter(sql, here.group, who)
            sql.execute("select matter_forget_told(true)")
            assert rows(sql).get("matter_locks", 0) == left

    def test_whoever_brought_it_writes_nothing_later_and_changes_nothing(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        matter_id = heard(here)
        enter(sql, here.group, here.bringer)
        for kind in ("words", "notes", "told", "outcome"):
            refuses(sql, TEXT, (here.group.id, matter_id, kind, here.bringer.id))
        refuses(sql, "update matters set set_aside = panel[1:1] where id = %s", (matter_id,))
        enter(sql, here.group, here.panel[0])
        refuses(sql, TEXT, (here.group.id, matter_id, "notes", here.panel[1].id))
        refuses(sql, TEXT, (here.group.id, matter_id, "review", here.panel[0].id))

    def test_texts_and_keys_are_written_once_and_go_with_their_matter(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        matter_id = heard(here)
        enter(sql, here.group, here.panel[0])
        for table in ("matter_texts", "matter_locks"):
            changes_nothing(sql, f"delete from {table}")
            refuses(sql, f"update {table} set matter_id = matter_id")
            refuses(sql, f"truncate {table} cascade")
        refuses(sql, "delete from matters where id = %s", (matter_id,))

    def test_is_taken_back_by_whoever_brought_it_until_the_outcome(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        matter_id, later = heard(here), agreed(here)
        enter(sql, here.group, here.party)
        changes_nothing(sql, "delete from matters")
        enter(sql, here.group, here.bringer)
        refuses(sql, "delete from matters where id = %s", (later,))
        assert sql.execute("delete from matters where id = %s", (matter_id,)).rowcount == 1
        enter(sql, here.group, here.panel[0])
        gone = "select count(*) from matter_texts where matter_id = %s"
        assert sql.execute(gone, (matter_id,)).fetchone() == (0,)

    def test_nobody_steps_aside_for_another(self, sql: psycopg.Connection, here: Disputes) -> None:
        matter_id = heard(here)
        for who in (here.bringer, here.party):
            enter(sql, here.group, who)
            refuses(sql, "select matter_step_aside(%s)", (matter_id,))


class TestAsking:
    def test_only_the_asked_committee_answers_and_only_whoever_said_yes_comes(
        self, sql: psycopg.Connection, here: Disputes
    ) -> None:
        offer(here)
        matter_id, one, they = heard(here), here.panel[0], here.others
        ask(here, matter_id)
        answers = "update matter_asks set state = 'accepted', answered_by_id = %s where matter_id = %s"
        enter(sql, here.group, one)
        refuses(sql, answers, (one.id, matter_id))
        refuses(sql, "update matters set panel = panel || %s where id = %s", ([they[0].id], matter_id))
        enter(sql, here.other, somebody(here.other))
        changes_nothing(sql, answers, (they[0].id, matter_id))
        enter(sql, here.other, they[0])
        refuses(sql, answers, (they[1].id, matter_id))
        no = "update matter_asks set declined_by = declined_by || %s where matter_id = %s"
        refuses(sql, no, ([they[1].id], matter_id))
        enter(sql, here.other, they[1])
        assert sql.execute(no, ([they[1].id], matter_id)).rowcount == 1
        refuses(sql, answers, (they[1].id, matter_id))
        refuses(sql, "update matter_asks set declined_by = '{}' where matter_id = %s", (matter_id,))
        enter(sql, here.other, they[0])
        assert sql.execute(answers, (they[0].id, matter_id)).rowcount == 1
        enter(sql, here.group, one)
        refuses(sql, "update matters set panel = panel || %s where id = %s", ([they[1].id], matter_id))
        sql.execute("update matters set panel = panel || %s where id = %s", ([they[0].id], matter_id))


class TestAnswering:
    TEXT = (
        "insert into matter_texts (id, group_id, matter_id, kind, written_by_id, written_at, content)"
        " values (gen_random_uuid(), %s, %s, 'answer', %s, now(), '\\x01')"
    )

    def test_only_whoever_was_told_answers_while_it_is_worked_on(
        self,
        sql: psycopg.Connection,
        here: Disputes,
    ) -> None:
        matter_id, untold = heard(here), heard(here)
        tell(here, matter_id)
        for who in (here.bringer, here.panel[0], here.others[0]):
            enter(sql, here.group, who)
            refuses(sql, self.TEXT, (here.group.id, matter_id, who.id))
        enter(sql, here.group, here.party)
        refuses(sql, self.TEXT, (here.group.id, untold, here.party.id))
        refuses(sql, self.TEXT, (here.group.id, matter_id, here.panel[0].id))
        # For somebody who does not hear it nothing is closed.
        lock = (
            "insert into matter_locks (id, group_id, matter_id, text_id, account_id, key_pair_id, wrapped)"
            " select gen_random_uuid(), %s, %s, t.id, %s, k.id, '\\x01' from matter_texts t, key_pairs k limit 1"
        )
        refuses(sql, lock, (here.group.id, matter_id, here.bringer.id))

    def test_parts_stay_though_whoever_deletes_does_not_see_the_matter(
        self,
        sql: psycopg.Connection,
        here: Disputes,
    ) -> None:
        text_id = tell(here, heard(here))
        enter(sql, here.group, here.party)
        changes_nothing(sql, "delete from matter_texts where id = %s", (text_id,))

    def test_what_was_told_aloud_begins_with_one_who_hears_it_and_goes_with_two(
        self,
        sql: psycopg.Connection,
        here: Disputes,
    ) -> None:
        begin = (
            "insert into matters (id, group_id, brought_by_id, brought_at, panel, state, destroy_on)"
            " values (gen_random_uuid(), %s, null, now(), %s, 'brought', current_date + 10)"
        )
        matter_id, one, two = write_down(here), *here.panel[:2]
        enter(sql, here.group, here.bringer)
        refuses(sql, begin, (here.group.id, [one.id]))
        enter(sql, here.group, one)
        refuses(sql, begin, (here.group.id, [two.id]))
        sql.execute(begin, (here.group.id, [one.id, two.id]))
        said = (
            "insert into matter_answers (id, group_id, matter_id, text_id, account_id, answered_at)"
            " select gen_random_uuid(), group_id, matter_id, id, %s, now() from matter_texts where matter_id = %s and kind = 'words'"
        )
        refuses(sql, "delete from matters where id = %s", (matter_id,))
        sql.execute(said, (one.id, matter_id))
        refuses(sql, said, (two.id, matter_id))
        refuses(sql, "delete from matters where id = %s", (matter_id,))
        enter(sql, here.group, two)
        sql.execute(said, (two.id, matter_id))
        enter(sql, None, None)
        changes_nothing(sql, "delete from matters where id = %s", (matter_id,))
        enter(sql, here.group, two)
        assert sql.execute("delete from matters where id = %s", (matter_id,)).rowcount == 1


def test_a_members_name_stands_in_no_row(here: Disputes, sql: psycopg.Connection) -> None:
    """Who told it is in the closed words alone."""
    with in_scope(here.group):
        teller: Member = a_member("Nobody Knows", now=clock.now())
    matter_id = write_down(here, teller=teller)
    enter(sql, here.group, here.panel[0])
    rows = sql.execute(
        "select m::text || t::text from matters m join matter_texts t on t.matter_id = m.id"
    ).fetchall()
    told = str([row for row in rows if str(matter_id) in row[0]])
    assert str(teller.id) not in told
    assert str(matter_id) in told

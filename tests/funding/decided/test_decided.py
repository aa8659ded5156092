"""What the members agree on about money stands in the book in the same moment, and says what it rests on."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from funding.contributions.commands import CannotAgree, agree_amount
from funding.contributions.models import AgreedAmount
from funding.contributions.queries import find_agreed
from funding.decided import commands
from funding.welfare.commands import CannotHelp, decide_share
from funding.welfare.models import ReserveShare
from funding.welfare.queries import share_on
from groups.decisions.commands import enter_count
from groups.decisions.models import Motion
from network import clock
from network.db import db
from network.tenancy.models import Group
from tests.factories.decisions import NO, YES, begin, count
from tests.factories.groups import some_members
from tests.factories.network import make_account, make_group, make_holder
from tests.support import strict
from tests.support.app import in_group
from tests.support.client import StrictClient


@pytest.fixture
def group(app: object) -> Iterator[Group]:
    made = make_group(currency="KES")
    with in_group(made):
        yield made


@pytest.fixture
def by(app: object) -> uuid.UUID:
    return make_account().id


def put_amount(group: Group, by: uuid.UUID, *, amount: int = 25_000, later: int = 0) -> Motion:
    today = clock.today(group.time_zone)
    return commands.put_amount(
        group, amount=amount, from_on=today + timedelta(days=later), held_on=today, by=by, now=clock.now(),
        is_short_notice_agreed=True,
    )  # fmt: skip


def words_then_counts(group: Group) -> None:
    """An officer writes nothing down for a later day; after that members count both figures, in force from today."""
    with in_group(group):
        today, members, by = clock.today(group.time_zone), some_members(10), make_account().id
        words = {"from_on": today + timedelta(days=40), "decided_on": today, "by": by, "now": clock.now()}
        agree_amount(amount=0, **words)
        decide_share(percent=0, **words)
        share = commands.put_share(
            group,
            percent=35,
            from_on=today,
            held_on=today,
            by=by,
            now=clock.now(),
            is_short_notice_agreed=True,
        )
        for motion, counters in ((put_amount(group, by), members[:2]), (share, members[2:4])):
            count(begin(motion, counters), YES)


class TestTheAmount:
    def test_is_suggested_from_its_day_once_the_members_agree(self, group: Group, by: uuid.UUID) -> None:
        today, motion = clock.today(group.time_zone), put_amount(group, by, later=10)
        done = count(begin(motion, some_members(10)[:2]), YES)
        agreed = find_agreed(today + timedelta(days=10))
        assert agreed is not None
        assert (agreed.amount, agreed.motion_id, agreed.decided_on) == (25_000, done.id, today)
        assert find_agreed(today + timedelta(days=9)) is None

    def test_decided_later_than_its_day_it_holds_from_the_day_of_the_count(
        self, group: Group, by: uuid.UUID
    ) -> None:
        motion = put_amount(group, by)
        later = clock.now() + timedelta(days=5)
        members = some_members(10)
        begun = begin(motion, members[:2])
        for counter in begun.counters:
            enter_count(group, begun, counter, YES, now=later)
        agreed = db.session.scalars(sa.select(AgreedAmount)).one()
        assert agreed.from_on == agreed.decided_on == clock.today(group.time_zone, at=later)

    def test_stays_as_it_was_where_they_do_not_agree(self, group: Group, by: uuid.UUID) -> None:
        count(begin(put_amount(group, by), some_members(10)[:2]), NO)
        assert db.session.scalars(sa.select(AgreedAmount)).all() == []


class TestTheShare:
    def test_splits_what_is_given_from_its_day(self, group: Group, by: uuid.UUID) -> None:
        today = clock.today(group.time_zone)
        motion = commands.put_share(
            group, percent=35, from_on=today + timedelta(days=3), held_on=today, by=by, now=clock.now(), is_short_notice_agreed=True
        )  # fmt: skip
        before = share_on(today)
        count(begin(motion, some_members(10)[:2]), YES)
        assert (share_on(today), share_on(today + timedelta(days=3))) == (before, 35)
        assert db.session.scalars(sa.select(ReserveShare.motion_id)).all() == [motion.id]


class TestWhatTheMembersCounted:
    """One treasurer's words do not take the place of a count; another count does."""

    def test_is_changed_by_another_count_alone(self, group: Group, by: uuid.UUID) -> None:
        today, members = clock.today(group.time_zone), some_members(10)
        before = {"decided_on": today - timedelta(days=9), "by": by, "now": clock.now()}
        agree_amount(amount=10_000, from_on=today - timedelta(days=9), **before)
        decide_share(percent=5, from_on=today - timedelta(days=9), **before)
        count(begin(put_amount(group, by), members[:2]), YES)
        share = commands.put_share(
            group,
            percent=35,
            from_on=today,
            held_on=today,
            by=by,
            now=clock.now(),
            is_short_notice_agreed=True,
        )
        count(begin(share, members[2:4]), YES)
        for later in (0, 30):
            after = {
                "from_on": today + timedelta(days=later),
                "decided_on": today,
                "by": by,
                "now": clock.now(),
            }
            with pytest.raises(CannotAgree):
                agree_amount(amount=90_000, **after)
            with pytest.raises(CannotHelp):
                decide_share(percent=90, **after)
        agree_amount(amount=20_000, from_on=today - timedelta(days=5), **before)
        decide_share(percent=7, from_on=today - timedelta(days=5), **before)
        assert (
            share_on(today - timedelta(days=1)),
            share_on(today),
            share_on(today + timedelta(days=40)),
        ) == (7, 35, 35)
        count(begin(put_amount(group, by, amount=30_000, later=10), members[4:6]), YES)
        found = [find_agreed(today + timedelta(days=days)) for days in (-1, 0, 9, 10)]
        assert [one.amount for one in found if one] == [20_000, 25_000, 25_000, 30_000]

    def test_counts_before_other_words_of_the_same_day(self, group: Group, by: uuid.UUID) -> None:
        today, now = clock.today(group.time_zone), clock.now()
        agree_amount(amount=90_000, from_on=today, decided_on=today, by=by, now=now + timedelta(hours=1))
        count(begin(put_amount(group, by), some_members(10)[:2]), YES)
        agreed = find_agreed(today)
        assert agreed is not None
        assert agreed.amount == 25_000

    def test_holds_against_words_that_were_written_earlier_for_a_later_day(
        self, group: Group, by: uuid.UUID
    ) -> None:
        """Nought from the new year on, written down by one officer; then the members count."""
        today, members = clock.today(group.time_zone), some_members(10)
        before = {"from_on": today + timedelta(days=40), "decided_on": today, "by": by, "now": clock.now()}
        agree_amount(amount=0, **before)
        decide_share(percent=0, **before)
        count(begin(put_amount(group, by), members[:2]), YES)
        share = commands.put_share(
            group,
            percent=35,
            from_on=today,
            held_on=today,
            by=by,
            now=clock.now(),
            is_short_notice_agreed=True,
        )
        count(begin(share, members[2:4]), YES)
        for days in (0, 39, 40, 400):
            agreed = find_agreed(today + timedelta(days=days))
            assert agreed is not None
            assert (agreed.amount, share_on(today + timedelta(days=days))) == (25_000, 35)
        for days in (40, 41, 400):
            after = {**before, "from_on": today + timedelta(days=days)}
            with pytest.raises(CannotAgree):
                agree_amount(amount=1, **after)
            with pytest.raises(CannotHelp):
                decide_share(percent=1, **after)

    def test_is_said_on_the_pages(self, client: StrictClient) -> None:
        group = make_group(currency="KES")
        words_then_counts(group)
        client.sign_in(make_holder("chairperson", group))
        for where, values in (
            ("agreed-amount", {"amount": "900"}),
            ("reserve", {"percent": "90"}),
        ):
            at = f"/g/{group.id}/money/{where}"
            shown = client.fetch(at)
            assert f"{at}/decide" not in shown.links
            assert len([one for one in shown.tree.iter("li") if " · " in strict.text_of(one)]) == 2
            page = client.fetch(f"{at}/decide")
            assert f"{at}/put" in page.links
            refused = client.send(page, values)
            assert (refused.status, refused.fields_with_errors) == (422, {"from_on"})
            assert share_and_amount(group) == (35, 25_000)


def share_and_amount(group: Group) -> tuple[int, int]:
    with in_group(group):
        agreed = find_agreed(clock.today(group.time_zone))
        return share_on(clock.today(group.time_zone)), agreed.amount if agreed else 0


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

    def test_takes_no_amount_that_the_members_did_not_decide(self, connection: sa.Connection) -> None:
        group, by = make_group(currency="KES"), make_account().id
        with in_group(group):
            members = some_members(10)
            refused = count(begin(put_amount(group, by), members[:2]), NO)
            agreed = count(begin(put_amount(group, by, later=30), members[2:4]), YES)
        for motion, amount, days in (
            (refused.id, 25_000, 40),
            (agreed.id, 90_000, 40),
            (agreed.id, 25_000, 0),
        ):
            connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group.id)})
            with pytest.raises(DBAPIError, match="rests on a decision"):
                connection.execute(
                    sa.text(
                        "insert into agreed_amounts (id, group_id, amount, currency, from_on, decided_on, motion_id, recorded_by_id, recorded_at)"
                        " values (gen_random_uuid(), :g, :a, 'KES', current_date + :d, current_date, :m, :b, now())"
                    ),
                    {"g": group.id, "a": amount, "d": days, "m": motion, "b": by},
                )
            connection.rollback()

    @pytest.mark.parametrize(
        ("table", "columns", "values"),
        [("agreed_amounts", "amount, currency", "1, 'KES'"), ("reserve_shares", "percent", "1")],
    )
    def test_takes_no_words_over_a_count(
        self, connection: sa.Connection, table: str, columns: str, values: str
    ) -> None:
        group, by = make_group(currency="KES"), make_account().id
        today = clock.today(group.time_zone)
        words_then_counts(group)
        for days in (0, 30, 50):
            connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group.id)})
            with pytest.raises(DBAPIError, match="another decision of theirs"):
                connection.execute(
                    sa.text(
                        f"insert into {table} (id, group_id, {columns}, from_on, decided_on, recorded_by_id, recorded_at)"
                        f" values (gen_random_uuid(), :g, {values}, :on, :on, :b, now())"
                    ),
                    {"g": group.id, "on": today + timedelta(days=days), "b": by},
                )
            connection.rollback()


class TestPages:
    def test_from_the_page_of_the_amount_to_the_decision_and_back(self, client: StrictClient) -> None:
        group = make_group(currency="KES")
        with in_group(group):
            members = some_members(10)
        client.sign_in(make_holder("chairperson", group))
        assert f"/g/{group.id}/money/agreed-amount/put" in client.fetch(f"/g/{group.id}/decisions/call").links
        page = client.fetch(f"/g/{group.id}/money/agreed-amount/put")
        today = clock.today(group.time_zone)
        values = {
            "amount": "250",
            "from_on": (today - timedelta(days=1)).isoformat(),
            "held_on": today.isoformat(),
        }
        early = client.send(page, {**values, "is_short_notice_agreed": "y"})
        assert (early.status, early.fields_with_errors) == (422, {"from_on"})
        shown = client.send(page, {**values, "from_on": today.isoformat(), "is_short_notice_agreed": "y"})
        assert shown.status == 200
        with in_group(group):
            motion = db.session.scalars(sa.select(Motion)).one()
            count(begin(motion, members[:2]), YES)
        decided = client.fetch(shown.path)
        assert f"/g/{group.id}/money/agreed-amount" in decided.links
        assert shown.path in client.fetch(f"/g/{group.id}/money/agreed-amount").links

    def test_from_the_page_of_the_share(self, client: StrictClient) -> None:
        group = make_group(currency="KES")
        with in_group(group):
            members = some_members(10)
        client.sign_in(make_holder("secretary", group))
        page = client.fetch(f"/g/{group.id}/money/reserve/put")
        today = clock.today(group.time_zone).isoformat()
        values = {"percent": "30", "from_on": today, "held_on": today, "is_short_notice_agreed": "y"}
        assert client.send(page, {**values, "percent": "101"}).fields_with_errors == {"percent"}
        shown = client.send(page, values)
        with in_group(group):
            count(begin(db.session.scalars(sa.select(Motion)).one(), members[:2]), YES)
        assert f"/g/{group.id}/money/reserve" in client.fetch(shown.path).links
        assert shown.path in client.fetch(f"/g/{group.id}/money/reserve").links

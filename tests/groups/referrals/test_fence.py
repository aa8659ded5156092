"""Who sees somebody at the door, and who can be asked again, as SQL: by the ordinary role and by the owner of the tables."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.permissions import Role
from groups.referrals.models import ReferralState
from groups.referrals.rules import MOVES
from network import clock
from network.accounts.queries import token_hash
from network.tenancy.models import Group
from tests.factories.network import make_group, make_holder
from tests.factories.referrals import an_asker, an_introduction, left_open, may_be_asked

ASK = (
    "insert into referral_askings (id, group_id, referral_id, opened_on, asked_at)"
    " select gen_random_uuid(), group_id, id, coalesce(opened_on, current_date), now() from referrals"
)
FORGED = (
    "insert into referral_askings (id, group_id, referral_id, opened_on, asked_at)"
    " values (gen_random_uuid(), :g, :id, current_date, now())"
)
COUNT = "select count(*) from referrals"
STATES = {
    ReferralState.WAITING: "state = 'waiting', answer = null, opened_on = null, months = null, ask_again_on = null",
    ReferralState.ANSWERED: "state = 'answered', answer = 'come', opened_on = null, months = null, ask_again_on = null",
    ReferralState.ASKED: "state = 'asked', answer = null, opened_on = null, months = null, ask_again_on = null",
    ReferralState.RESTING: (
        "state = 'resting', answer = null, opened_on = current_date - 120, months = 3,"
        " ask_again_on = (current_date - 120 + interval '3 months')::date"
    ),
}
IN_TIME = "changed_on = current_date, erase_on = current_date"


@pytest.fixture(params=["web", "owner"])
def connection(app: object, request: pytest.FixtureRequest, database_urls: object) -> Iterator[sa.Connection]:
    url = database_urls.web_url if request.param == "web" else database_urls.owner_url  # type: ignore[attr-defined]
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as opened:
        yield opened


def enter(
    connection: sa.Connection, group: Group | None, account: UUID | None = None, code: str | None = None
) -> None:
    connection.rollback()
    told = {
        "g": str(group.id) if group else "",
        "a": str(account or ""),
        "s": token_hash(code).hex() if code else "",
    }
    connection.execute(
        sa.text(
            "select set_config('app.group_id', :g, true), set_config('app.account_id', :a, true), set_config('app.share', :s, true)"
        ),
        told,
    )


def do(connection: sa.Connection, statement: str, **values: object) -> sa.CursorResult[object]:
    return connection.execute(sa.text(statement), values)


def refused(connection: sa.Connection, statement: str, **values: object) -> bool:
    """Whether the database refuses it; undone either way."""
    try:
        with connection.begin_nested():
            do(connection, statement, **values)
    except DBAPIError:
        return True
    return False


class TestWhoSees:
    def test_two_offices_and_the_persons_own_code_and_nobody_else(self, connection: sa.Connection) -> None:
        group, elsewhere = make_group(), make_group()
        code, other = an_asker(group), an_asker(group)
        passed_on = an_introduction(group)
        chair = make_holder(Role.CHAIRPERSON, group).id
        for account, shown, wanted in (
            (chair, None, 3),
            (make_holder(Role.TREASURER, group).id, None, 0),
            (make_holder(Role.CHAIRPERSON, elsewhere).id, None, 0),
            (None, None, 0),
            (None, code, 1),
            (None, other, 1),
            (None, passed_on, 0),
        ):
            enter(connection, group, account, shown)
            assert do(connection, COUNT).scalar_one() == wanted
        enter(connection, elsewhere, chair, code)
        assert do(connection, COUNT).scalar_one() == 0

    def test_a_door_that_rests_is_shown_to_no_office_before_its_day(self, connection: sa.Connection) -> None:
        group = make_group()
        chair, code = make_holder(Role.CHAIRPERSON, group).id, an_asker(group)
        left_open(group, code, 3)
        for account, shown, wanted in ((chair, None, 0), (None, None, 0), (None, code, 1)):
            enter(connection, group, account, shown)
            assert do(connection, COUNT).scalar_one() == wanted

    def test_a_day_that_has_come_is_shown_to_the_offices(self, connection: sa.Connection) -> None:
        group = make_group()
        may_be_asked(group)
        enter(connection, group, make_holder(Role.SECRETARY, group).id)
        assert do(connection, COUNT).scalar_one() == 1

    def test_what_is_due_can_be_deleted_by_nobody_in_particular_and_nothing_else(
        self, connection: sa.Connection
    ) -> None:
        group = make_group()
        an_asker(group, now=clock.now() - timedelta(days=100))
        kept = an_asker(group)
        enter(connection, None)
        do(connection, "delete from referrals")
        connection.execute(
            sa.text("select set_config('app.group_id', :g, true), set_config('app.account_id', :a, true)"),
            {"g": str(group.id), "a": str(make_holder(Role.SECRETARY, group).id)},
        )
        assert do(connection, "select key_hash from referrals").scalars().all() == [token_hash(kept)]


class TestAskingAgain:
    def test_is_written_down_where_the_door_was_left_open_and_its_day_has_come(
        self, connection: sa.Connection
    ) -> None:
        group = make_group()
        may_be_asked(group)
        enter(connection, group, make_holder(Role.SECRETARY, group).id)
        do(connection, ASK)
        assert refused(connection, ASK), "twice for one open door"

    def test_is_refused_for_everybody_else(self, connection: sa.Connection) -> None:
        group = make_group()
        chair = make_holder(Role.CHAIRPERSON, group).id
        waiting, resting = an_asker(group), an_asker(group)
        left_open(group, resting, 3)
        for code in (waiting, resting):
            enter(connection, group, chair, code)
            assert refused(connection, f"{ASK} where key_hash = :key", key=token_hash(code))
        enter(connection, group, chair)
        assert refused(connection, FORGED, g=group.id, id=uuid4())

    def test_stays_as_it_was_written_down(self, connection: sa.Connection) -> None:
        group = make_group()
        may_be_asked(group)
        enter(connection, group, make_holder(Role.SECRETARY, group).id)
        do(connection, ASK)
        assert refused(connection, "update referral_askings set asked_at = now() - interval '1 year'")

    def test_without_writing_it_down_nobody_is_asked(self, connection: sa.Connection) -> None:
        group = make_group()
        may_be_asked(group)
        enter(connection, group, make_holder(Role.SECRETARY, group).id)
        go_on = f"update referrals set {STATES[ReferralState.ASKED]}, {IN_TIME}"
        assert refused(connection, go_on)
        do(connection, ASK)
        assert not refused(connection, go_on)

    def test_the_day_is_not_moved(self, connection: sa.Connection) -> None:
        group = make_group()
        code = an_asker(group)
        left_open(group, code, 12)
        enter(connection, group, None, code)
        sooner = "update referrals set months = 3, ask_again_on = (opened_on + interval '3 months')::date"
        assert refused(connection, sooner)
        assert refused(connection, "update referrals set ask_again_on = current_date")


class TestWhatFollowsWhat:
    @pytest.mark.parametrize("pair", list(product(ReferralState, ReferralState)))
    def test_the_database_knows_the_same_steps_as_the_rules(
        self, connection: sa.Connection, pair: tuple[ReferralState, ReferralState]
    ) -> None:
        before, after = pair
        follows = {(state, then) for (state, _), then in MOVES.items()} | {
            (one, one) for one in ReferralState
        }
        group = make_group()
        code = an_asker(group)
        chair = make_holder(Role.CHAIRPERSON, group).id
        enter(connection, group, chair, code)
        way = {
            ReferralState.WAITING: [],
            ReferralState.ANSWERED: [ReferralState.ANSWERED],
            ReferralState.RESTING: [ReferralState.RESTING],
            ReferralState.ASKED: [ReferralState.RESTING, ReferralState.ASKED],
        }[before]
        for step in way:
            if step is ReferralState.ASKED:
                do(connection, ASK)
            do(connection, f"update referrals set {STATES[step]}, {IN_TIME}")
        if before is ReferralState.RESTING:
            do(connection, ASK)
        go_on = f"update referrals set {STATES[after]}, {IN_TIME}"
        assert refused(connection, go_on) == (pair not in follows)


class TestWhatMustBeThere:
    @pytest.mark.parametrize(
        "change",
        [
            "agreement_hash = null",
            "agreement_language = null",
            "words = '\\x00'",
            "introduced_by = 'friend'",
            "erase_on = changed_on + 91",
            "answer_words = '\\x00'",
        ],
    )
    def test_an_introduction_without_agreement_or_with_a_reason_is_refused(
        self, connection: sa.Connection, change: str
    ) -> None:
        group = make_group()
        an_introduction(group)
        enter(connection, group, make_holder(Role.SECRETARY, group).id)
        assert refused(connection, f"update referrals set {change}")

    def test_nobody_begins_further_on(self, connection: sa.Connection) -> None:
        group = make_group()
        enter(connection, group, make_holder(Role.SECRETARY, group).id)
        begin = (
            "insert into referrals (id, group_id, introduced_by, called, language, code, key_hash, state, received_at, changed_on,"
            " erase_on, agreement_hash, agreement_language)"
            " values (gen_random_uuid(), :g, :who, '\\x00', 'en', '\\x00', sha256(:key), :state, now(), current_date, current_date, :hash, :in)"
        )
        values = {"g": group.id, "key": b"x", "who": "friend", "state": "waiting", "hash": b"x", "in": "en"}
        assert not refused(connection, begin, **values)
        assert refused(connection, begin, **{**values, "state": "asked"})
        assert refused(connection, begin, **{**values, "hash": None})

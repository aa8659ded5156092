"""Who sees somebody at the door, and who can be asked again, as SQL: by the ordinary role and by the owner of the tables."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.permissions import Role
from groups.referrals import commands
from groups.referrals.models import Answer, ReferralState
from groups.referrals.rules import MOVES
from network import clock
from network.accounts.queries import token_hash
from network.db import db
from network.tenancy.models import Group
from network.tenancy.queries import get_group
from tests.factories.network import make_group, make_holder
from tests.factories.referrals import an_asker, an_introduction, behind, left_open, may_be_asked, note_of
from tests.support.app import in_group

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


def answered_with_note(group: Group, code: str, *, by: UUID) -> None:
    """The group's welcome, with an invitation and the note that can be sent."""
    with in_group(group, by):
        commands.answer_person(
            get_group(group.id), behind(code), Answer.WELCOME, "Come", by=by, now=clock.now(), with_invitation=True
        )  # fmt: skip


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
        an_introduction(group)
        chair = make_holder(Role.CHAIRPERSON, group).id
        for account, shown, wanted in (
            (chair, None, 3),
            (make_holder(Role.TREASURER, group).id, None, 0),
            (make_holder(Role.CHAIRPERSON, elsewhere).id, None, 0),
            (None, None, 0),
            (None, code, 1),
            (None, other, 1),
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

    def test_the_groups_note_shows_it_until_the_door_rests(self, connection: sa.Connection) -> None:
        group = make_group()
        secretary, code = make_holder(Role.SECRETARY, group).id, an_asker(group)
        answered_with_note(group, code, by=secretary)
        note = note_of(group, secretary)
        enter(connection, group, None, note)
        assert do(connection, COUNT).scalar_one() == 1
        left_open(group, code, 3)
        enter(connection, group, None, note)
        assert do(connection, COUNT).scalar_one() == 0

    def test_the_day_is_the_groups_own(self, connection: sa.Connection) -> None:
        ahead, behind_us = make_group(), make_group()
        own_day = "(now() at time zone :zone)::date"
        for group, zone, days in ((ahead, "Pacific/Kiritimati", 0), (behind_us, "Pacific/Pago_Pago", 1)):
            an_asker(group)
            with in_group(group):
                db.session.execute(
                    sa.text("update groups set time_zone = :zone where id = :g"),
                    {"zone": zone, "g": group.id},
                )
            enter(connection, group, make_holder(Role.SECRETARY, group).id)
            set_day = f"update referrals set changed_on = current_date, erase_on = {own_day} + {days}"
            do(connection, set_day, zone=zone)
            connection.commit()
        enter(connection, None)
        do(connection, "delete from referrals")
        for group, left in ((ahead, 0), (behind_us, 1)):
            tell = "select set_config('app.group_id', :g, true), set_config('app.account_id', :a, true)"
            do(connection, tell, g=str(group.id), a=str(make_holder(Role.SECRETARY, group).id))
            assert do(connection, COUNT).scalar_one() == left


class TestWhatStays:
    @pytest.mark.parametrize(
        "change",
        [
            "answer = 'not_here'",
            "answer_words = '\\x01'",
            "invitation_id = null",
            "note_hash = sha256('x')",
            "note_code = null, note_hash = null",
            "key_hash = sha256('x')",
        ],
    )
    def test_what_was_answered_and_its_codes(self, connection: sa.Connection, change: str) -> None:
        group = make_group()
        secretary, code = make_holder(Role.SECRETARY, group).id, an_asker(group)
        answered_with_note(group, code, by=secretary)
        enter(connection, group, secretary, code)
        assert refused(connection, f"update referrals set {change}")

    def test_a_note_ends_as_the_row_goes_on_and_its_link_with_it(self, connection: sa.Connection) -> None:
        group = make_group()
        secretary, code = make_holder(Role.SECRETARY, group).id, an_asker(group)
        answered_with_note(group, code, by=secretary)
        note = token_hash(note_of(group, secretary))
        links = "select count(*) from private_links where token_hash in (:note, :own)"
        enter(connection, group, secretary, code)
        rests = STATES[ReferralState.RESTING]
        let_go = f"update referrals set {rests}, answer_words = null, invitation_id = null, {IN_TIME}"
        assert refused(connection, let_go)
        assert do(connection, links, note=note, own=token_hash(code)).scalar_one() == 2
        do(connection, f"{let_go}, note_code = null, note_hash = null")
        assert do(connection, links, note=note, own=token_hash(code)).scalar_one() == 1
        do(connection, "delete from referrals")
        assert do(connection, links, note=note, own=token_hash(code)).scalar_one() == 0


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


class TestTheirsAlone:
    """Who was asked again opens the door once more, or comes back, themselves: the database takes no office's word for it."""

    @pytest.mark.parametrize("after", [ReferralState.RESTING, ReferralState.WAITING])
    def test_an_office_does_not_say_it_for_them(
        self, connection: sa.Connection, after: ReferralState
    ) -> None:
        group = make_group()
        code, chair = may_be_asked(group), make_holder(Role.CHAIRPERSON, group).id
        enter(connection, group, chair)
        do(connection, ASK)
        do(connection, f"update referrals set {STATES[ReferralState.ASKED]}, {IN_TIME}")
        go_on = f"update referrals set {STATES[after]}, {IN_TIME}"
        assert refused(connection, go_on)
        do(connection, "select set_config('app.share', :key, true)", key=token_hash(code).hex())
        assert not refused(connection, go_on)

    def test_what_was_said_of_their_age_stays_as_it_was_ticked(self, connection: sa.Connection) -> None:
        group = make_group()
        an_asker(group)
        enter(connection, group, make_holder(Role.CHAIRPERSON, group).id)
        assert refused(connection, "update referrals set old_enough_hash = '\\x00'")


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
            "insert into referrals (id, group_id, introduced_by, called, language, key_hash, state, received_at, changed_on,"
            " erase_on, agreement_hash, agreement_language)"
            " values (gen_random_uuid(), :g, :who, '\\x00', 'en', sha256(:key), :state, now(), current_date, current_date, :hash, :in)"
        )
        values = {"g": group.id, "key": b"x", "who": "friend", "state": "waiting", "hash": b"x", "in": "en"}
        assert not refused(connection, begin, **values)
        assert refused(connection, begin, **{**values, "state": "asked"})
        assert refused(connection, begin, **{**values, "hash": None})

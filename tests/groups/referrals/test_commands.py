"""Taking in, answering, leaving the door open, asking once, erasing: what is kept, and what is let go of."""

import hashlib
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from groups.membership.models import Member
from groups.permissions import Role
from groups.referrals import commands, jobs, rules
from groups.referrals.commands import CannotChangeDoor
from groups.referrals.models import Answer, Introducer, Referral, ReferralAsking, ReferralState
from network import clock
from network.accounts.models import LinkPurpose, PrivateLink
from network.accounts.queries import token_hash
from network.db import db
from network.invitations.commands import accept_invitation
from network.invitations.models import Invitation
from network.mine.registry import Me
from network.tenancy.models import Group
from network.tenancy.queries import get_group
from tests.factories.directory import list_group
from tests.factories.network import make_account, make_group, make_holder
from tests.factories.referrals import (
    AGREED,
    an_asker,
    an_introduction,
    behind,
    left_open,
    may_be_asked,
    seen_by,
)
from tests.support.app import in_group, in_scope


def a_group_with_secretary() -> tuple[Group, UUID]:
    group = make_group()
    return group, make_holder(Role.SECRETARY, group).id


def raw_rows(group: Group, code: str) -> str:
    """Everything the database holds of somebody, as it lies there."""
    with in_group(group):
        behind(code)
        return str(db.session.execute(sa.text("select * from referrals")).mappings().all())


class TestTaking:
    def test_seals_everything_somebody_wrote(self) -> None:
        group = make_group()
        code = an_asker(group, called="Sanaa", reach="0700 111 222", words="On Saturdays")
        rows = raw_rows(group, code)
        assert all(said not in rows for said in ("Sanaa", "0700 111 222", "Saturdays", code))

    def test_an_introduction_keeps_which_words_were_agreed_to_and_when(self) -> None:
        group, secretary = a_group_with_secretary()
        an_introduction(group, name="A sister")
        with in_group(group, secretary):
            kept = db.session.scalars(sa.select(Referral)).one()
            assert kept.agreement_hash == hashlib.sha256(AGREED.encode()).digest()
            assert (kept.agreement_language, kept.words, kept.writer_name) == ("en", None, "A sister")
            assert clock.now() - kept.received_at < timedelta(minutes=5)

    def test_whoever_introduces_gets_nothing_that_leads_back(self) -> None:
        group, secretary = a_group_with_secretary()
        an_introduction(group)
        with in_group(group, secretary):
            links = sa.select(PrivateLink).where(PrivateLink.group_id == group.id)
            assert db.session.scalars(links).all() == [], "nor has anybody a code of theirs yet"

    @pytest.mark.parametrize("is_said", [True, False])
    def test_a_group_for_young_people_hears_of_their_age_before_it_takes_a_number(
        self, *, is_said: bool
    ) -> None:
        group, secretary = a_group_with_secretary()
        list_group(group, welcome=("young_people",))
        said = "They are 18 or older, or their parent or guardian agrees." if is_said else ""
        with in_group(group, secretary):
            here = get_group(group.id)
            commands.take_request(here, commands.Person("No number", "en"), now=clock.now())
            person = commands.Person("Sanaa", "en", "0700 111 222", old_enough=said)
            if not is_said:
                with pytest.raises(CannotChangeDoor) as refused:
                    commands.take_request(here, person, now=clock.now())
                assert refused.value.refusal == rules.Refusal.AGE_FIRST
                return
            commands.take_request(here, person, now=clock.now())
            kept = {one.called: one.old_enough_hash for one in db.session.scalars(sa.select(Referral))}
        assert kept == {"No number": None, "Sanaa": hashlib.sha256(said.encode()).digest()}

    def test_takes_nobody_in_where_nobody_reads(self) -> None:
        group = make_group()
        make_holder(Role.TREASURER, group)
        with in_group(group), pytest.raises(CannotChangeDoor):
            commands.take_request(get_group(group.id), commands.Person("Sanaa", "en"), now=clock.now())

    def test_stops_where_the_group_cannot_be_answering_any_more(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        group = make_group()
        monkeypatch.setattr(rules, "MOST_WAITING", 2)
        an_asker(group)
        an_introduction(group)
        with pytest.raises(CannotChangeDoor):
            an_asker(group)


class TestAnswering:
    @pytest.mark.parametrize("is_own", [True, False])
    def test_a_welcome_joins_nobody_and_its_invitation_does_by_their_own_act(self, *, is_own: bool) -> None:
        group, secretary = a_group_with_secretary()
        an_asker(group) if is_own else an_introduction(group)
        with in_group(group, secretary):
            kept = db.session.scalars(sa.select(Referral)).one()
            commands.answer_person(
                get_group(group.id), kept, Answer.WELCOME, "Come", by=secretary, now=clock.now(), with_invitation=True
            )  # fmt: skip
            assert db.session.scalars(sa.select(Member)).all() == []
            account = make_account(shown_name="Baraka")
            accept_invitation(db.session.scalars(sa.select(Invitation)).one(), account, now=clock.now())
            member = db.session.scalars(sa.select(Member)).one()
            assert (member.account_id, member.contact) == (account.id, None)

    def test_closing_the_door_after_a_welcome_leaves_nobody_in_the_list(self) -> None:
        group, secretary = a_group_with_secretary()
        code = an_asker(group)
        with in_group(group, secretary):
            values = {"by": secretary, "now": clock.now(), "with_invitation": True}
            commands.answer_person(get_group(group.id), behind(code), Answer.WELCOME, "Come", **values)
            commands.erase_referral(behind(code), by=None, now=clock.now(), why="closed")
            assert db.session.scalars(sa.select(Member)).all() == []
            invitation = db.session.scalars(sa.select(Invitation)).one()
            assert invitation.withdrawn_at
            assert invitation.code is None

    @pytest.mark.parametrize("answer", [Answer.COME, Answer.NOT_HERE])
    def test_no_other_answer_carries_an_invitation(self, answer: Answer) -> None:
        group, secretary = a_group_with_secretary()
        code = an_asker(group)
        with in_group(group, secretary):
            values = {"by": secretary, "now": clock.now(), "with_invitation": True}
            commands.answer_person(get_group(group.id), behind(code), answer, "Words", **values)
            assert db.session.scalars(sa.select(Invitation)).all() == []

    def test_is_done_once(self) -> None:
        group, secretary = a_group_with_secretary()
        code = an_asker(group)
        with in_group(group, secretary):
            values = {"by": secretary, "now": clock.now()}
            commands.answer_person(get_group(group.id), behind(code), Answer.COME, "On Saturday", **values)
            with pytest.raises(CannotChangeDoor):
                commands.answer_person(get_group(group.id), behind(code), Answer.NOT_HERE, "No", **values)


class TestTheDoor:
    def test_left_open_is_not_seen_by_any_office_before_its_day(self) -> None:
        group, secretary = a_group_with_secretary()
        code = an_asker(group, called="Nia")
        assert seen_by(group, secretary) == {"Nia": ReferralState.WAITING}
        left_open(group, code, 3)
        assert seen_by(group, secretary) == {}
        assert seen_by(group, None) == {}
        with in_group(group):
            assert behind(code).state == ReferralState.RESTING

    def test_left_open_lets_go_of_what_was_written_and_of_the_invitation(self) -> None:
        group, secretary = a_group_with_secretary()
        code = an_asker(group, words="On Saturdays")
        with in_group(group, secretary):
            commands.answer_person(
                get_group(group.id), behind(code), Answer.WELCOME, "Come", by=secretary, now=clock.now(), with_invitation=True
            )  # fmt: skip
        left_open(group, code)
        with in_group(group, secretary):
            kept = behind(code)
            assert (kept.words, kept.answer, kept.answer_words, kept.invitation_id) == (None,) * 4
            assert db.session.scalars(sa.select(Invitation)).one().withdrawn_at

    def test_asked_once_and_not_again_until_it_is_left_open_anew(self) -> None:
        group, secretary = a_group_with_secretary()
        code = may_be_asked(group)
        with in_group(group, secretary):
            here = get_group(group.id)
            commands.ask_again(here, behind(code), by=secretary, now=clock.now())
            with pytest.raises(CannotChangeDoor):
                commands.ask_again(here, behind(code), by=secretary, now=clock.now())
            commands.leave_door_open(here, behind(code), 6, by=None, now=clock.now())
            with pytest.raises(CannotChangeDoor):
                commands.ask_again(here, behind(code), by=secretary, now=clock.now())
            assert len(db.session.scalars(sa.select(ReferralAsking)).all()) == 1

    def test_not_yet_come_to_its_day_asks_nobody(self) -> None:
        group = make_group()
        code = an_asker(group, now=clock.now() - timedelta(days=60))
        left_open(group, code, 3, ago=timedelta(days=59))
        with in_group(group), pytest.raises(CannotChangeDoor):
            commands.ask_again(get_group(group.id), behind(code), by=None, now=clock.now())

    def test_closed_leaves_nothing(self) -> None:
        group, secretary = a_group_with_secretary()
        code = may_be_asked(group)
        with in_group(group, secretary):
            kept = behind(code)
            commands.ask_again(get_group(group.id), kept, by=secretary, now=clock.now())
            commands.erase_referral(kept, by=None, now=clock.now(), why="closed")
        with in_group(group, secretary):
            assert db.session.scalars(sa.select(Referral)).all() == []
            assert db.session.scalars(sa.select(ReferralAsking)).all() == []
            links = sa.select(PrivateLink).where(PrivateLink.token_hash == token_hash(code))
            assert db.session.scalars(links).all() == []

    def test_a_code_lasts_as_long_as_what_it_opens(self) -> None:
        group = make_group()
        code = an_asker(group)
        left_open(group, code, 12)
        with in_group(group):
            kept = behind(code)
            link = db.session.scalars(
                sa.select(PrivateLink).where(PrivateLink.token_hash == token_hash(code))
            ).one()
            assert timedelta() < link.expires_at.date() - kept.erase_on <= timedelta(days=1)

    def test_what_a_person_does_is_not_signed_by_whoever_is_signed_in_on_that_phone(self) -> None:
        group, secretary = a_group_with_secretary()
        code = an_asker(group)
        with in_group(group, secretary):
            here = get_group(group.id)
            commands.leave_door_open(here, behind(code), 3, by=None, now=clock.now())
            commands.come_back(here, behind(code), now=clock.now())
            commands.erase_referral(behind(code), by=None, now=clock.now(), why="closed")
        with in_group(group):
            said = sa.text("select event, account_id from audit_events where event like 'referral.%'")
            events = {row.event: row.account_id for row in db.session.execute(said)}
        assert set(events) == {"referral.received", "referral.door_left_open", "referral.came_back"}
        assert set(events.values()) == {None}

    def test_opened_again_by_the_person_is_seen_at_once(self) -> None:
        group, secretary = a_group_with_secretary()
        code = an_asker(group, called="Nia")
        left_open(group, code, 12)
        with in_group(group):
            commands.come_back(get_group(group.id), behind(code), now=clock.now())
        assert seen_by(group, secretary) == {"Nia": ReferralState.WAITING}


class TestErasing:
    def test_takes_who_is_due_and_nobody_else_and_can_be_repeated(self) -> None:
        group, secretary = a_group_with_secretary()
        today = clock.now()
        an_asker(group, called="Long ago", now=today - timedelta(days=92))
        an_asker(group, called="Lately", now=today - timedelta(days=87))
        answered = an_asker(group, called="Answered", now=today - timedelta(days=60))
        recent = an_asker(group, called="Answered lately", now=today - timedelta(days=60))
        for code, days in ((answered, 33), (recent, 27)):
            with in_group(group, secretary):
                at = today - timedelta(days=days)
                commands.answer_person(
                    get_group(group.id), behind(code), Answer.COME, "Come", by=None, now=at
                )
        asked = may_be_asked(group, called="May be asked")
        forgotten = an_asker(group, called="Never asked", now=today - timedelta(days=140))
        left_open(group, forgotten, 3, ago=timedelta(days=130))
        for _ in range(2):
            with in_scope():
                jobs.forget_askers(now=today)
            assert set(seen_by(group, secretary)) == {"Lately", "Answered lately", "May be asked"}
            with in_scope():
                kept = {token_hash(code) for code in (answered, recent, asked, forgotten)}
                links = sa.select(PrivateLink.token_hash).where(PrivateLink.token_hash.in_(kept))
                assert set(db.session.scalars(links)) == {token_hash(recent), token_hash(asked)}

    def test_erases_what_was_asked_with_it(self) -> None:
        group, secretary = a_group_with_secretary()
        code = an_asker(group, now=clock.now() - timedelta(days=200))
        left_open(group, code, 3, ago=timedelta(days=190))
        with in_group(group, secretary):
            at = clock.now() - timedelta(days=60)
            commands.ask_again(get_group(group.id), behind(code), by=secretary, now=at)
        with in_scope():
            jobs.forget_askers(now=clock.now())
        with in_group(group, secretary):
            assert db.session.scalar(sa.text("select count(*) from referral_askings")) == 0
        assert seen_by(group, secretary) == {}

    def test_somebody_who_came_in_takes_the_codes_along_when_they_are_forgotten(self) -> None:
        group, secretary = a_group_with_secretary()
        code = an_asker(group)
        with in_group(group, secretary):
            values = {"by": secretary, "now": clock.now(), "with_invitation": True}
            commands.answer_person(get_group(group.id), behind(code), Answer.WELCOME, "Come", **values)
            account = make_account(shown_name="Sanaa")
            accept_invitation(db.session.scalars(sa.select(Invitation)).one(), account, now=clock.now())
        links = sa.select(PrivateLink.id).where(
            PrivateLink.group_id == group.id, PrivateLink.purpose == LinkPurpose.ASKING
        )
        with in_group(group, account.id):
            assert len(db.session.scalars(links).all()) == 2
            commands.forget_asker(Me(account.id), now=clock.now())
            assert db.session.scalars(links).all() == []


@pytest.mark.parametrize("role", [*Role])
def test_only_chairperson_and_secretary_see_anybody(role: str) -> None:
    group = make_group()
    an_asker(group, called="Sanaa")
    an_introduction(group, called="Baraka", by=Introducer.PROFESSIONAL)
    seen = set(seen_by(group, make_holder(role, group).id))
    assert seen == ({"Sanaa", "Baraka"} if role in {Role.CHAIRPERSON, Role.SECRETARY} else set())

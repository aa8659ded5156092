from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from groups.consents.forms import by_oneself
from groups.consents.models import Purpose
from groups.consents.queries import standing_of
from groups.membership import commands, queries
from groups.membership.commands import CannotChangeMembers
from groups.membership.models import LivedExperience, Member
from groups.membership.rules import Refusal
from network import clock
from network.accounts.models import Account
from network.accounts.queries import roles_held
from network.db import db
from network.invitations.commands import give_invitation
from network.invitations.models import Invitation, InvitationKind
from network.tenancy.settings import COMPOSITION_MINIMUM
from tests.factories.groups import a_member, a_term, some_members
from tests.factories.network import make_account, make_group, make_network
from tests.support.app import in_group


def now() -> datetime:
    return clock.now()


class TestAddMembers:
    def test_adds_everybody_or_nobody(self) -> None:
        group = make_group()
        with in_group(group):
            a_member("Sun")
            with pytest.raises(CannotChangeMembers) as refused:
                commands.add_members(group, "Rain\nSUN\nRain", by=None, now=now())
            assert [(line.number, line.refusal) for line in refused.value.lines] == [
                (2, Refusal.NAME_TAKEN),
                (3, Refusal.NAME_TWICE),
            ]
            assert queries.count_present_members() == 1

    def test_takes_sixty_and_no_more(self) -> None:
        group = make_group()
        with in_group(group):
            names = [f"Name {n}" for n in range(61)]
            with pytest.raises(CannotChangeMembers):
                commands.add_members(group, "\n".join(names), by=None, now=now())
            assert len(commands.add_members(group, "\n".join(names[:60]), by=None, now=now())) == 60

    def test_the_database_refuses_a_second_of_the_same_name(self) -> None:
        group = make_group()
        with in_group(group):
            a_member("Éva")
            db.session.add(Member(nickname="éVA", joined_on=clock.today(group.time_zone)))
            with pytest.raises(IntegrityError):
                db.session.flush()
            db.session.rollback()


class TestLinkAccount:
    def test_gives_membership_and_the_offices_held(self) -> None:
        group, account = make_group(), make_account()
        with in_group(group):
            member = a_member()
            a_term(member, "treasurer")
            commands.link_account(member, account.id, now=now())
            assert roles_held(account.id, group.id, now=now()) == {"member", "treasurer"}
            commands.unlink_account(member, by=None, now=now())
            assert roles_held(account.id, group.id, now=now()) == set()

    def test_one_account_is_one_member(self) -> None:
        group, account = make_group(), make_account()
        with in_group(group):
            a_member("Rain", account_id=account.id)
            with pytest.raises(CannotChangeMembers) as refused:
                a_member("Sun", account_id=account.id)
            assert refused.value.refusal == Refusal.ACCOUNT_HERE_ALREADY


class TestLetMemberGo:
    def test_ends_offices_and_rights_at_once_and_forgets_what_was_private(self) -> None:
        group, account = make_group(), make_account()
        with in_group(group):
            member = a_member(account_id=account.id, lived=LivedExperience.LIVED)
            term = a_term(member)
            commands.let_member_go(group, member, by=account.id, now=now())
            assert roles_held(account.id, group.id, now=now()) == set()
            assert not term.goes_on
            assert (member.account_id, member.contact, queries.lived_experience_of(member.id)) == (
                None,
                None,
                None,
            )
            assert queries.count_present_members() == 0
            a_member(member.nickname)  # the name is free again


class TestPrivateAnswers:
    def test_are_noise_in_the_database(self) -> None:
        with in_group(make_group()):
            member = a_member(lived=LivedExperience.CAREGIVER)
            stored = db.session.execute(
                sa.text("select lived_experience from members where id = :id"), {"id": member.id}
            )
            kept = bytes(stored.scalar_one())
            assert LivedExperience.CAREGIVER.encode() not in kept


class TestCountComposition:
    def test_once_a_month_and_never_of_a_few(self) -> None:
        group = make_group(make_network(settings={COMPOSITION_MINIMUM: 70}))
        with in_group(group):
            some_members(4, lived=LivedExperience.LIVED)
            with pytest.raises(CannotChangeMembers) as refused:
                commands.count_composition(group, now=now())
            assert refused.value.refusal == Refusal.TOO_FEW_ANSWERS
            a_member("Fifth", lived=LivedExperience.LIVED)
            assert commands.count_composition(group, now=now()).word == "well_above"
            a_member("Sixth", lived=LivedExperience.CAREGIVER)
            with pytest.raises(CannotChangeMembers) as refused:
                commands.count_composition(group, now=now())
            assert refused.value.refusal == Refusal.COUNTED_ALREADY
            assert commands.count_composition(group, now=now() + timedelta(days=32)).word

    def test_one_or_two_answers_more_do_not_move_the_word_so_that_it_tells_of_nobody(self) -> None:
        group = make_group(make_network(settings={COMPOSITION_MINIMUM: 70}))
        first = now() + timedelta(days=2)
        with in_group(group):
            some_members(7, lived=LivedExperience.LIVED)
            for name in ("Kito", "Lela", "Moi"):
                a_member(name, lived=LivedExperience.CAREGIVER)
            assert commands.count_composition(group, now=first).word == "near"
            words = []
            for month in (1, 2, 3):
                told = first + timedelta(days=31 * month)
                later = a_member(f"Later {month}")
                commands.tell(
                    later, Purpose.LIVED_EXPERIENCE, LivedExperience.CAREGIVER, how=by_oneself(Purpose.LIVED_EXPERIENCE), by=None, now=told
                )  # fmt: skip
                words.append(commands.count_composition(group, now=told + timedelta(hours=1)).word)
        assert words == ["near", "near", "below"]


class TestJoinByInvitation:
    @pytest.mark.parametrize(("language", "kept"), [("en", None), ("sw", "sw")])
    def test_another_language_than_the_groups_is_noted_as_brought_by_it(
        self, language: str, kept: str | None
    ) -> None:
        group, account = make_group(language="en"), make_account()
        with in_group(group):
            give_invitation(InvitationKind.MEMBER, language=language, now=now())
            invitation = db.session.scalars(sa.select(Invitation)).one()
            member = commands.join_by_invitation(
                invitation, db.session.get_one(Account, account.id), now=now()
            )
            told = {str(purpose): one.method for purpose, one in standing_of(member.id).items()}
            assert (member.language, told) == (kept, {"language": "invitation"} if kept else {})


class TestInvitationsOfSomebodyWhoLeft:
    def test_all_are_taken_back_also_one_made_in_another_tab(self) -> None:
        group = make_group()
        with in_group(group):
            member = a_member()
            for _ in range(2):
                give_invitation(InvitationKind.MEMBER, language="en", now=now(), member_id=member.id)
            commands.let_member_go(group, member, by=None, now=now())
            made = db.session.scalars(sa.select(Invitation)).all()
            assert [one.withdrawn_at is not None for one in made] == [True, True]

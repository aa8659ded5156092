from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from groups.officers import commands, queries
from groups.officers.commands import CannotChangeOffices
from groups.officers.models import Term, TermSource
from groups.officers.rules import Refusal
from network import clock
from network.accounts.queries import roles_held
from network.db import db
from tests.factories.groups import a_member, a_term
from tests.factories.network import make_account, make_group
from tests.support.app import in_group


class TestStartTerm:
    def test_gives_the_rights_at_this_moment_and_takes_them_at_its_end(self) -> None:
        group, account, now = make_group(), make_account(), clock.now()
        with in_group(group):
            member = a_member(account_id=account.id, now=now - timedelta(days=2))
            term = a_term(member, "treasurer", now=now)
            assert "treasurer" not in roles_held(account.id, group.id, now=now - timedelta(seconds=1))
            assert "treasurer" in roles_held(account.id, group.id, now=now)
            commands.end_term(term, by=None, now=now + timedelta(hours=1))
            assert "treasurer" not in roles_held(account.id, group.id, now=now + timedelta(hours=1))

    def test_fills_the_seats_there_are(self) -> None:
        with in_group(make_group()):
            seats = [a_term(a_member(f"Name {n}"), "committee").seat for n in range(3)]
            assert seats == [1, 2, 3]
            with pytest.raises(CannotChangeOffices) as refused:
                a_term(a_member("One more"), "committee")
            assert refused.value.refusal == Refusal.NO_FREE_SEAT

    def test_knows_the_constitutions_offices_only(self) -> None:
        with in_group(make_group()), pytest.raises(CannotChangeOffices) as refused:
            a_term(a_member(), "king")
        assert refused.value.refusal == Refusal.NO_SUCH_OFFICE

    def test_keeps_the_template_as_the_first_constitution(self) -> None:
        with in_group(make_group()):
            a_term(a_member())
            assert queries.articles_in_force().version == 1


class TestTheDatabase:
    def test_lets_nobody_sit_on_somebody_elses_seat(self) -> None:
        with in_group(make_group()):
            now = clock.now()
            term = a_term(a_member(), now=now - timedelta(days=10))
            commands.end_term(term, by=None, now=now)
            other = Term(
                member_id=a_member("Sun").id, office="chairperson", seat=1, source=TermSource.APPOINTED,
                starts_at=now - timedelta(days=5), ends_at=now + timedelta(days=5), due_on=now.date(),
            )  # fmt: skip
            db.session.add(other)
            with pytest.raises(IntegrityError):
                db.session.flush()
            db.session.rollback()

    def test_holds_one_seat_once(self) -> None:
        with in_group(make_group()):
            first, second = a_term(a_member(), "committee"), a_term(a_member("Sun"), "committee")
            with pytest.raises(IntegrityError):
                db.session.execute(sa.update(Term).where(Term.id == second.id).values(seat=first.seat))
            db.session.rollback()

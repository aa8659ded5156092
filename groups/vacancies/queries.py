"""Which offices are empty, whose turn it is to call a by-election, and whether one was ever held."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from groups.elections.models import Contest, Election, ElectionState
from groups.elections.queries import OPEN
from groups.membership.models import Member
from groups.officers import queries as officers
from groups.officers import rules
from groups.officers.models import Term
from network.db import db

HAD_RESULT = (ElectionState.DECLARED, ElectionState.CERTIFIED)


@dataclass(frozen=True)
class Vacancies:
    """Empty seats of elected offices, and who fills them."""

    seats: dict[str, int]
    """By office; without those an election is already called for."""
    callers: frozenset[uuid.UUID] | None
    """Accounts whose turn it is to call a by-election; nothing means every member."""
    caller_names: list[str]

    def may_call(self, account_id: uuid.UUID | None) -> bool:
        return self.callers is None or account_id in self.callers

    @property
    def is_orphaned(self) -> bool:
        """Whether neither a chairperson nor a secretary is there to call any election."""
        return bool({"chairperson", "secretary"} <= self.seats.keys()) or self.callers is None


def vacancies() -> Vacancies:
    """How it stands in the group in scope, in a constant number of questions."""
    articles, terms = officers.articles_in_force(), officers.present_terms()
    seats = rules.empty_seats(
        articles.elected, held=[term.office for term in terms], being_filled=_being_filled(terms)
    )
    able = {term.member.account_id: term.member.nickname for term in terms if term.member.account_id}
    callers = rules.who_calls(
        ((term.office, term.member.account_id) for term in terms if term.member.account_id),
        elected={office.code for office in articles.elected},
    )
    return Vacancies(seats, callers, [name for account, name in able.items() if account in (callers or ())])


def _being_filled(terms: Sequence[Term]) -> Collection[str]:
    called = sa.select(Contest.office).join(Contest.election).where(Election.state.in_(OPEN))
    if not any(term.office in {"chairperson", "secretary"} and term.member.account_id for term in terms):
        # Whoever called in their place may have left. Nobody could bring that election to its end, so it fills nothing.
        here = sa.select(Member.account_id).where(Member.left_on.is_(None), Member.account_id.is_not(None))
        called = called.where(Election.run_by_id.in_(here))
    return set(db.session.scalars(called))


def was_ever_elected() -> bool:
    """Whether an election of this group ever had a result."""
    held = sa.select(Election.id).where(Election.state.in_(HAD_RESULT)).limit(1)
    return db.session.scalar(held) is not None

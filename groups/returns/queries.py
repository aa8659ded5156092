"""Reading returns, and gathering what the group has written down for one."""

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from groups.assets.queries import assets_on
from groups.meetings import queries as meetings
from groups.membership import queries as membership
from groups.membership.models import Member
from groups.objectives import queries as objectives
from groups.officers import queries as officers
from groups.registration.queries import find_newest, lines_of
from groups.registration.rules import State
from groups.returns import rules
from groups.returns.models import FormAnswers, PeopleCount, Return, ReturnCopy, ReturnState
from network import clock
from network.authorities.guide import OTHER, PROFILES, Authority, Kind, Part, Profile
from network.authorities.queries import profile_for
from network.db import db
from network.tenancy.models import Group
from network.vault import keys

OFFICERS = ("chairperson", "secretary", "treasurer", "committee")
NEEDED = frozenset({"chairperson", "secretary", "treasurer"})
NOT_ON_FORMS = frozenset({"facilitator", "disputes"})
LEFT_OUT = "left_out"
MOST_LISTED = 1000
A_DAY = timedelta(days=1)
Sums = tuple[int, int]
"""What came in and what went out, in minor units."""


@dataclass(frozen=True)
class Book:
    """Who can say what came in and went out, and on which page that is written."""

    sums: Callable[[date, date], Sums | None]
    endpoint: str


_books: list[Book] = []


def tell_money(sums: Callable[[date, date], Sums | None], *, endpoint: str) -> None:
    """Have a package above say what came in and went out from one day up to, not including, another."""
    _books[:] = [Book(sums, endpoint)]


def page_of_money() -> str | None:
    """The page where money is written down, where there is one."""
    return _books[0].endpoint if _books else None


def returns() -> sa.Select[Return]:
    """Every return, drafts first, then the latest; a selection so that pages can page it."""
    is_draft = Return.state == ReturnState.DRAFT
    return sa.select(Return).order_by(is_draft.desc(), Return.covers_until.desc(), Return.prepared_at.desc(), Return.id)  # fmt: skip


def get_return(return_id: uuid.UUID) -> Return:
    """A return of the group in scope with what stands in it, or a page that says there is nothing here."""
    whole = sa.select(Return).options(undefer(Return.held), undefer(Return.names))
    return db.one_or_404(whole.where(Return.id == return_id))


def find_draft(authority: str, called: str, kind: str) -> Return | None:
    """The draft for an authority, if one was begun."""
    return db.session.scalar(
        sa.select(Return).where(
            Return.authority == authority, Return.called == called, Return.kind == kind, Return.state == ReturnState.DRAFT
        )
    )  # fmt: skip


def drafts() -> list[Return]:
    """Every draft."""
    return list(db.session.scalars(returns().where(Return.state == ReturnState.DRAFT)))


def copies_of(one: Return) -> list[ReturnCopy]:
    """Its stamped copies without their content, the first first."""
    kept = sa.select(ReturnCopy).where(ReturnCopy.return_id == one.id)
    return list(db.session.scalars(kept.order_by(ReturnCopy.kept_at, ReturnCopy.id)))


def get_copy(copy_id: uuid.UUID) -> ReturnCopy:
    """A stamped copy with its content, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(ReturnCopy).options(undefer(ReturnCopy.content)).where(ReturnCopy.id == copy_id)
    )


def find_answers() -> FormAnswers | None:
    """What the group has answered once for all forms."""
    return db.session.scalar(sa.select(FormAnswers))


def counted_on(one: Return) -> date | None:
    """On which day everybody was counted for a draft."""
    count = db.session.get(PeopleCount, one.count_id) if one.count_id else None
    return count.counted_on if count else None


def find_count(month: date) -> PeopleCount | None:
    """The count of a month."""
    return db.session.scalar(sa.select(PeopleCount).where(PeopleCount.month == month))


def everybody_counted() -> dict[str, dict[str, int]]:
    """The form's table of everybody who is here now; nothing of those who asked to be left out but that they are here."""
    left_out = sum(row.total for row in membership.return_matrix(left_out=True).values())
    return rules.matrix(membership.return_matrix(left_out=False), left_out=left_out)


def profile_of(one: Return) -> Profile:
    """The form it follows."""
    return PROFILES[one.profile.partition(" ")[0]]


def authority_of(one: Return) -> Authority:
    """Whom it is for."""
    return profile_of(one).authority(one.authority)


def suggested_period(authority: str, called: str, kind: str, *, today: date) -> tuple[date, date]:
    """What a return would cover: the certificate's year, the last quarter, or the year until today."""
    if kind == Kind.QUARTERLY:
        return rules.quarter_before(today)
    certificate = find_newest(authority, called)
    return rules.year_until((certificate and certificate.holds_until) or today)


def authorities_waiting_for(group: Group, start: date, end: date, *, today: date) -> list[Authority]:
    """Authorities that ask for reports of quarters, whose certificate the group has, and that have none of this one yet."""
    begun = sa.select(Return.authority).where(
        Return.kind == Kind.QUARTERLY, Return.covers_from <= end, Return.covers_until >= start
    )
    there = set(db.session.scalars(begun))
    holding = {
        line.authority.code
        for line in lines_of(group, today=today)
        if line.standing.state in {State.HOLDS, State.DUE}
    }
    asking = [one for one in profile_for(group).authorities if one.quarterly]
    return [one for one in asking if one.code in holding - there]


def is_known_authority(group: Group, authority: str, kind: str) -> bool:
    """Whether this authority asks for a return of this kind here."""
    profile = profile_for(group)
    known = authority == OTHER or authority in {one.code for one in profile.authorities}
    return known and bool(profile.authority(authority).parts(kind))


def facts_of(group: Group, one: Return) -> tuple[dict[str, Any], dict[str, str]]:
    """What stands in a return, and what the people in it are called: as it was handed in, else as it would be now."""
    if one.held is not None:
        return json.loads(one.held), json.loads(one.names or "{}")
    return _gathered(group, one)


def form_of(one: Return, facts: Mapping[str, Any]) -> Authority:
    """The form it follows; of what was handed in, the form as it was then."""
    authority, form = authority_of(one), facts.get("form")
    if form is None:
        return authority
    parts = tuple(Part(part) for part in form["parts"])
    return replace(
        authority,
        yearly=parts,
        quarterly=parts,
        questions=tuple(form["questions"]),
        numbers=form.get("numbers", {}),
    )


def digest_of(facts: Mapping[str, Any], names: Mapping[str, str]) -> bytes:
    """A fingerprint of what stands in a draft, to tell whether it is still what somebody read."""
    told = {code: value for code, value in facts.items() if code != "as_of"}
    return keys.lookup("returns", json.dumps([told, names], sort_keys=True))


def _gathered(group: Group, one: Return) -> tuple[dict[str, Any], dict[str, str]]:
    """What this form prints, and nothing it does not."""
    authority = authority_of(one)
    parts, start, end = authority.parts(one.kind), one.covers_from, one.covers_until + A_DAY
    questions = authority.asked(one.kind)
    answers = find_answers()
    lines, names = _officers(authority) if Part.OFFICERS in parts else ([], {})
    listed, left_out = _listed() if Part.EVERYBODY in parts else ({}, 0)
    sums = _books[0].sums(start, end) if _books and Part.MONEY in parts else None
    owned = assets_on(one.covers_until) if Part.ASSETS in parts else []
    facts = {
        "form": {"parts": list(parts), "questions": questions, "numbers": dict(authority.numbers) if one.kind == Kind.YEARLY else {}},
        "group": group.name, "certificate": _certificate(one), "people": _people(one, parts),
        "officers": lines, "listed": list(listed), "left_out": left_out, "meetings": _meetings(start, end),
        "answers": {code: words for code, words in (answers.read if answers else {}).items() if code in questions},
        "assets": [[a.what, a.since_on.isoformat(), a.amount, a.currency] for a in owned],
        "money": [*sums, group.currency] if sums else None, "objectives": _objectives(start, end),
        "words": one.words or "", "as_of": clock.today(group.time_zone).isoformat(),
    }  # fmt: skip
    return facts, names | listed


def _listed() -> tuple[dict[str, str], int]:
    """Who stands on the list of all members, and how many asked not to."""
    members = list(db.session.scalars(membership.members_on_return().limit(MOST_LISTED)))
    left_out = sum(row.total for row in membership.return_matrix(left_out=True).values())
    return {str(member.id): member.nickname for member in members}, left_out


def _people(one: Return, parts: Collection[str]) -> dict[str, Any]:
    count = db.session.get(PeopleCount, one.count_id) if one.count_id else None
    asked = {"matrix": Part.PEOPLE in parts, "ratio": Part.RATIO in parts}
    if count is None or not any(asked.values()):
        return {}
    return {code: value for code, value in count.read.items() if asked.get(code, True)}


def _certificate(one: Return) -> dict[str, Any]:
    found = find_newest(one.authority, one.called)
    if found is None:
        return {}
    return {
        "number": found.number, "issued_on": found.issued_on.isoformat(),
        "holds_until": found.holds_until.isoformat() if found.holds_until else None,
    }  # fmt: skip


def _officers(authority: Authority) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """A line for each of the form's, then for whoever holds an elected office the form has no line for; and their names."""
    held: dict[str, list[Member]] = {}
    for term in officers.present_terms():
        if term.office not in NOT_ON_FORMS:
            held.setdefault(term.office, []).append(term.member)
    lines: list[tuple[str, Member | None]] = [
        (office, held[office].pop(0) if held.get(office) else None)
        for office in authority.offices or OFFICERS
    ]
    lines += [(office, member) for office, those in held.items() for member in those]
    named = {
        str(member.id): member.nickname for _, member in lines if member and not member.left_out_of_return
    }
    told = [
        {"office": office, "member": _key_of(member), "is_needed": office in NEEDED}
        for office, member in lines
    ]
    return told, named


def _key_of(member: Member | None) -> str:
    """By which key somebody stands in a return; nobody, or that they asked to be left out."""
    if member is None:
        return ""
    return LEFT_OUT if member.left_out_of_return else str(member.id)


def _meetings(start: date, end: date) -> dict[str, Any]:
    held = meetings.meetings_held(start, end)
    hours = [(one.local.weekday(), one.local.strftime("%H:%M")) for one in held]
    days, people = rules.usual(hours), [one.people or 0 for one in held]
    return {
        "held": len(held), "fewest": min(people, default=None), "most": max(people, default=None),
        "place": rules.usual(one.place for one in held if one.place), "weekday": days[0] if days else None,
        "hour": days[1] if days else None,
    }  # fmt: skip


def _objectives(start: date, end: date) -> list[list[str]]:
    found = objectives.objectives_between(start, end)
    return [[one.title, str(one.state), one.quarter_on.isoformat()] for one in found]


def names_in(held: Iterable[Return], member_id: uuid.UUID) -> list[Return]:
    """Those of some returns in which somebody is named."""
    return [one for one in held if one.names and str(member_id) in json.loads(one.names)]


def handed_in_with_names() -> list[Return]:
    """Everything that was handed in, with its names."""
    kept = sa.select(Return).where(Return.state == ReturnState.HANDED_IN).options(undefer(Return.names))
    return list(
        db.session.scalars(
            kept.order_by(Return.id).with_for_update(), execution_options={"populate_existing": True}
        )
    )

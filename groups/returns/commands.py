"""Beginning a return, writing its report, having it read over, handing it in; stamped copies; forgetting somebody in it."""

import base64
import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from groups.membership import commands as membership
from groups.membership.queries import answers_of_everybody
from groups.notices.commands import stop_telling, tell_officers
from groups.notices.models import About
from groups.registration.commands import OFFICES
from groups.returns import queries, rules
from groups.returns.formats import stamped
from groups.returns.models import FormAnswers, PeopleCount, Return, ReturnCopy, ReturnMention, ReturnState
from groups.returns.rules import Refusal
from network import audit, clock
from network.authorities.guide import OTHER, Kind
from network.authorities.queries import profile_for
from network.db import db
from network.mine.registry import Me
from network.tenancy.models import Group


class CannotReturn(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def begin_return(
    group: Group, authority: str, *, kind: str, covers_from: date, covers_until: date, by: uuid.UUID | None, now: datetime,
    called: str = "",
) -> Return:  # fmt: skip
    """Begin a draft, and count everybody together unless that was done this month. Raises `CannotReturn`.

    Of two officers who begin the same one at once, the second is refused like anybody who comes later.
    """
    called = called if authority == OTHER else ""
    refusal = rules.why_not_begin(
        start=covers_from, end=covers_until, is_named=bool(called) or authority != OTHER,
        is_asked=queries.is_known_authority(group, authority, kind),
        has_draft=queries.find_draft(authority, called, kind) is not None, is_quarter=kind == Kind.QUARTERLY,
    )  # fmt: skip
    if refusal:
        raise CannotReturn(refusal)
    profile = profile_for(group)
    begun = Return(
        id=uuid.uuid4(), authority=authority, called=called, kind=kind, profile=f"{profile.code} {profile.version}",
        covers_from=covers_from, covers_until=covers_until, count_id=_count_everybody(group, now=now).id, prepared_by_id=by,
        prepared_at=now, state=ReturnState.DRAFT,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(begun)
    except IntegrityError:
        raise CannotReturn(Refusal.IS_DRAFT_ALREADY) from None
    audit.record("return.begun", begun, by=by, now=now)
    if kind == Kind.QUARTERLY:
        stop_telling(_which_quarter(group, authority, covers_from))
    return begun


def _which_quarter(group: Group, authority: str, first: date) -> uuid.UUID:
    """What officers are told about, where a report of a quarter has no row yet."""
    return uuid.uuid5(group.id, f"{authority} {rules.quarter_of(first)}")


def _count_everybody(group: Group, *, now: datetime) -> PeopleCount:
    """The count of this month, made now where there is none; counts of other months that nothing needs any more go."""
    today = clock.today(group.time_zone, at=now)
    month = today.replace(day=1)
    if found := queries.find_count(month):
        return found
    with suppress(membership.CannotChangeMembers):
        membership.count_composition(group, now=now)
    minimum = membership.minimum_for(group)
    figures = {
        "counted_on": today.isoformat(), "matrix": queries.everybody_counted(), "ratio": rules.ratio(answers_of_everybody()), "asked": minimum,
    }  # fmt: skip
    counted = PeopleCount(id=uuid.uuid4(), month=month, counted_on=today, figures=json.dumps(figures))
    try:
        with db.session.begin_nested():
            db.session.add(counted)
    except IntegrityError:  # somebody else counted at the same moment: theirs is the month's
        return db.session.scalars(sa.select(PeopleCount).where(PeopleCount.month == month)).one()
    _let_go_of_counts(month)
    return counted


def _let_go_of_counts(month: date) -> None:
    """Counts of earlier months that no draft needs any more."""
    needed = sa.select(Return.count_id).where(Return.count_id.is_not(None))
    db.session.execute(sa.delete(PeopleCount).where(PeopleCount.month < month, PeopleCount.id.not_in(needed)))
    db.session.flush()


def count_anew(group: Group, one: Return, *, by: uuid.UUID | None, now: datetime) -> None:
    """Put the count of this month into a draft of an earlier one. Raises `CannotReturn`."""
    wait_for_others(one)
    today = clock.today(group.time_zone, at=now)
    if refusal := rules.why_not_count_anew(
        is_draft=one.is_draft, counted_on=queries.counted_on(one), today=today
    ):
        raise CannotReturn(refusal)
    one.count_id = _count_everybody(group, now=now).id
    db.session.flush()
    _let_go_of_counts(today.replace(day=1))
    audit.record("return.counted_anew", one, by=by, now=now)


def tell_of_quarter(group: Group, *, now: datetime) -> None:
    """Have chairperson and secretary told, once, of a quarter somebody asks a report about, which nobody has begun."""
    today = clock.today(group.time_zone, at=now)
    if not rules.is_time_for_quarter(today):
        return
    start, end = rules.quarter_before(today)
    for authority in queries.authorities_waiting_for(group, start, end, today=today):
        which = _which_quarter(group, authority.code, start)
        tell_officers(About.REPORT_AHEAD, which, OFFICES, on_day=end, now=now)


def write_report(
    one: Return, words: str, *, by: uuid.UUID | None, now: datetime, instead_of: str | None = None
) -> None:
    """Keep the report in the group's own words; whoever read it over before did not read these. Raises `CannotReturn`.

    `instead_of` are the words somebody had before them: where others stand there by now, nothing is lost.
    """
    _require_draft(one)
    if instead_of is not None and instead_of != (one.words or ""):
        raise CannotReturn(Refusal.CHANGED)
    one.words = words or None
    one.looked_over_by_id = one.looked_over_at = one.seen_digest = None
    db.session.flush()
    audit.record("return.report_written", one, by=by, now=now)


def look_over(group: Group, one: Return, *, seen: bytes, by: uuid.UUID, now: datetime) -> None:
    """A second person has read it over; `seen` is the fingerprint of what they read. Raises `CannotReturn`."""
    wait_for_others(one)
    is_as_read = seen == queries.digest_of(*queries.facts_of(group, one))
    if refusal := rules.why_not_look_over(is_draft=one.is_draft, is_own=one.prepared_by_id == by, is_as_read=is_as_read):  # fmt: skip
        raise CannotReturn(refusal)
    one.looked_over_by_id, one.looked_over_at, one.seen_digest = by, now, seen
    db.session.flush()
    audit.record("return.looked_over", one, by=by, now=now)


def hand_in(group: Group, one: Return, *, words: str, on: date, by: uuid.UUID | None, now: datetime) -> None:
    """Keep it exactly as it is handed in; `words` is its report, made after `wait_for_others`. Raises `CannotReturn`."""
    wait_for_others(one)
    today = clock.today(group.time_zone, at=now)
    if refusal := rules.why_not_hand_in(is_draft=one.is_draft, start=one.covers_from, on=on, today=today):
        raise CannotReturn(refusal)
    facts, names = queries.facts_of(group, one)
    if one.seen_digest != queries.digest_of(
        facts, names
    ):  # what is handed in is not what the second person read
        one.looked_over_by_id = one.looked_over_at = one.seen_digest = None
    one.held = json.dumps(facts | {"words": words}, ensure_ascii=False)
    one.names = json.dumps(names, ensure_ascii=False)
    one.state, one.handed_in_on, one.count_id, one.words = ReturnState.HANDED_IN, on, None, None
    db.session.flush()
    for member_id in names:
        named = {"return_id": one.id, "member_id": uuid.UUID(member_id), "handed_in_on": on}
        db.session.add(ReturnMention(id=uuid.uuid4(), **named))
    db.session.flush()
    audit.record("return.handed_in", one, by=by, now=now)


def drop_draft(one: Return, *, by: uuid.UUID | None, now: datetime) -> None:
    """Throw a draft away. Raises `CannotReturn` for what was handed in."""
    _require_draft(one)
    db.session.delete(one)
    db.session.flush()
    audit.record("return.dropped", one, by=by, now=now)


def answer_forms(answers: Mapping[str, str], *, by: uuid.UUID | None, now: datetime) -> None:
    """Keep what forms ask about the group; an empty answer is none."""
    kept = queries.find_answers()
    earlier = kept.read if kept else {}
    told = {code: words for code, words in {**earlier, **answers}.items() if words}
    kept = kept or FormAnswers(id=uuid.uuid4())
    kept.answers, kept.changed_at = json.dumps(told, ensure_ascii=False), now
    db.session.add(kept)
    db.session.flush()
    audit.record("form_answers.changed", kept, by=by, now=now)


def keep_copy(one: Return, content: bytes, *, by: uuid.UUID | None, now: datetime) -> ReturnCopy:
    """Keep a stamped copy without what a camera or a program adds to it. Raises `CannotReturn` and `stamped.NotReadable`."""
    if refusal := rules.why_not_keep_copy(is_draft=one.is_draft, already=len(queries.copies_of(one))):
        raise CannotReturn(refusal)
    kind, clean = stamped.cleaned(content)
    kept = ReturnCopy(
        id=uuid.uuid4(), return_id=one.id, kind=kind, content=base64.b64encode(clean).decode(), kept_at=now
    )
    db.session.add(kept)
    db.session.flush()
    audit.record("return.copy_kept", kept, by=by, now=now)
    return kept


def take_copy_away(kept: ReturnCopy, *, by: uuid.UUID | None, now: datetime) -> None:
    """Destroy a stamped copy."""
    db.session.delete(kept)
    db.session.flush()
    audit.record("return.copy_taken_away", kept, by=by, now=now)


def forget_in_returns(member_id: uuid.UUID) -> int:
    """Take somebody's name out of everything that was handed in; the figures stay. How many returns they stood in."""
    found = queries.names_in(queries.handed_in_with_names(), member_id)
    for one in found:
        names = json.loads(one.names or "{}")
        names.pop(str(member_id))
        one.names = json.dumps(names, ensure_ascii=False)
    db.session.execute(sa.delete(ReturnMention).where(ReturnMention.member_id == member_id))
    db.session.flush()
    return len(found)


def forget_person(me: Me, *, now: datetime) -> None:  # noqa: ARG001 - whoever is asked to forget takes both
    """Somebody asks to be forgotten in this group."""
    for member_id in me.members:
        forget_in_returns(member_id)


def _require_draft(one: Return) -> None:
    wait_for_others(one)
    if not one.is_draft:
        raise CannotReturn(Refusal.HANDED_IN)


def wait_for_others(one: Return) -> None:
    """Two officers at the same return come one after the other, and the second sees what the first did."""
    db.session.refresh(
        one, ["state", "words", "looked_over_by_id", "looked_over_at", "seen_digest"], with_for_update=True
    )

"""Calling an election, naming candidates, beginning the vote, drawing lots, declaring, and calling it void."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from blinker import Signal

from groups.elections import queries, rules
from groups.elections.counting import lot
from groups.elections.counting.tallies import SumRefusal
from groups.elections.models import (
    Candidacy,
    CandidacyState,
    Contest,
    CountSheet,
    Election,
    ElectionKind,
    ElectionState,
    Lot,
    NamedBy,
    Outcome,
    Teller,
    VotingMethod,
)
from groups.elections.rules import Refusal
from groups.membership.models import Member
from groups.officers import commands as officers
from groups.officers.models import TermSource
from groups.officers.queries import last_due, present_terms
from groups.officers.rules import Articles, Office, rest_of_term, rule_for
from network import audit, clock
from network.accounts import commands as accounts
from network.accounts.models import LinkPurpose
from network.db import db
from network.tenancy.models import Group

SLIP_LASTS = timedelta(days=7)
election_called = Signal("an election is called; sent with `now`")
vote_began = Signal("the vote has begun; sent with `now`")
result_declared = Signal("the result of an election is declared; sent with `now`")
election_voided = Signal("an election ended without a result, or its result fell; sent with `now`")


class CannotElect(Exception):
    """It cannot be done; `refusal` says why, `wrong` where numbers do not add up."""

    def __init__(self, refusal: Refusal, wrong: Mapping[str, SumRefusal] | None = None) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.wrong = dict(wrong or {})


def _unless(refusal: Refusal | None) -> None:
    if refusal:
        raise CannotElect(refusal)


def call_election(
    group: Group,
    *,
    kind: ElectionKind,
    offices: Sequence[str],
    held_on: date,
    by: uuid.UUID | None,
    now: datetime,
    is_short_notice_agreed: bool = False,
    was_held: bool = False,
    run_by: uuid.UUID | None = None,
) -> Election:
    """Call an election for a day and some offices, or begin to write down one that was held without this page.

    Nominations are open from now on. `run_by` runs it where neither chairperson nor secretary is there. Raises `CannotElect`.
    """
    articles, today = officers.ensure_constitution(group, now=now), clock.today(group.time_zone, at=now)
    if kind == ElectionKind.YEARLY and queries.has_open_yearly():
        raise CannotElect(Refusal.ANOTHER_IS_OPEN)
    wanted = [office for office in articles.elected if office.code in offices]
    _unless(
        rules.why_not_call(
            today=today, held_on=held_on, notice_days=articles.notice_days, is_short_notice_agreed=is_short_notice_agreed,
            was_held=was_held, offices=[office.code for office in wanted],
        )
    )  # fmt: skip
    election = Election(
        id=uuid.uuid4(), kind=kind, state=ElectionState.CALLED, held_on=held_on, called_at=now, notice_days=articles.notice_days,
        quorum_percent=articles.quorum_percent, challenge_days=articles.challenge_days, constitution_version=articles.version,
        run_by_id=run_by, is_short_notice=(held_on - today).days < articles.notice_days,
    )  # fmt: skip
    db.session.add(election)
    db.session.flush()
    _add_contests(election, wanted, articles)
    audit.record("election.called", election, by=by, now=now)
    election_called.send(election, now=now)
    return open_nominations(election, by=by, now=now)


def _add_contests(election: Election, wanted: Sequence[Office], articles: Articles) -> None:
    held = [term.office for term in present_terms()]
    due = last_due([office.code for office in wanted]) if election.kind == ElectionKind.BY_ELECTION else {}
    for position, office in enumerate(wanted, start=1):
        seats = rules.seats_to_fill(election.kind, office.seats, held.count(office.code))
        if not seats:
            raise CannotElect(Refusal.NO_VACANCY)
        db.session.add(
            Contest(
                election_id=election.id,
                office=office.code,
                seats=seats,
                rule=rule_for(office.rule, seats=seats),
                months=office.months,
                ends_on=rest_of_term(
                    due.get(office.code), held_on=election.held_on, fills_rest=articles.fills_rest
                ),
                position=position,
            )
        )
    db.session.flush()


def open_nominations(election: Election, *, by: uuid.UUID | None, now: datetime) -> Election:
    """From now on people can be named."""
    step(election, ElectionState.NOMINATING)
    audit.record("election.nominations_opened", election, by=by, now=now)
    return queries.reload(election)


def name_candidate(
    election: Election,
    contest: Contest,
    member: Member,
    *,
    named_by: NamedBy,
    has_accepted: bool,
    by: uuid.UUID | None,
    now: datetime,
) -> Candidacy:
    """Record that somebody was named for an office, and perhaps that they said yes. Raises `CannotElect`."""
    election = queries.hold(election)
    everybody = [one for known in election.contests for one in known.candidacies]
    there = [one for one in everybody if one.contest_id == contest.id]
    elsewhere = _stands_elsewhere(everybody, member.id, contest.id)
    _unless(
        rules.why_not_name(
            election.state, is_present=member.is_present, is_named=any(one.member_id == member.id for one in there),
            stands_elsewhere=elsewhere,
        )
    )  # fmt: skip
    candidacy = Candidacy(
        id=uuid.uuid4(), election_id=election.id, contest_id=contest.id, member_id=member.id,
        position=max((one.position for one in there), default=0) + 1, named_by=named_by, named_at=now,
        state=CandidacyState.ACCEPTED if has_accepted else CandidacyState.NAMED, answered_at=now if has_accepted else None,
    )  # fmt: skip
    db.session.add(candidacy)
    db.session.flush()
    audit.record("candidate.named", candidacy, by=by, now=now)
    return candidacy


def answer_nomination(
    election: Election, candidacy: Candidacy, *, stands: bool, by: uuid.UUID | None, now: datetime
) -> None:
    """Somebody who was named says whether they will stand; until the vote begins they can change their mind."""
    election = queries.hold(election)
    if election.state != ElectionState.NOMINATING:
        raise CannotElect(Refusal.NOT_NOW)
    everybody = [one for known in election.contests for one in known.candidacies]
    if stands and _stands_elsewhere(everybody, candidacy.member_id, candidacy.contest_id):
        raise CannotElect(Refusal.STANDS_ELSEWHERE)
    candidacy.state = CandidacyState.ACCEPTED if stands else CandidacyState.DECLINED
    candidacy.answered_at = now
    db.session.flush()
    audit.record("candidate.answered", candidacy, by=by, now=now)


def _stands_elsewhere(everybody: Sequence[Candidacy], member_id: uuid.UUID, contest_id: uuid.UUID) -> bool:
    return any(
        one.member_id == member_id and one.contest_id != contest_id and one.state == CandidacyState.ACCEPTED
        for one in everybody
    )


def begin_vote(
    group: Group,
    election: Election,
    *,
    method: VotingMethod,
    tellers: Sequence[Member],
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Freeze who may vote, who stands and how; give each teller a slip. Raises `CannotElect`."""
    election = queries.hold(election)
    candidates = [one for contest in election.contests for one in contest.candidates]
    standing = [one.member_id for one in candidates if one.member.is_present]
    _unless(
        rules.why_not_begin(
            election.state, today=clock.today(group.time_zone, at=now), held_on=election.held_on, standing=standing,
            tellers=[teller.id for teller in tellers if teller.is_present],
        )
    )  # fmt: skip
    roll = queries.count_roll(group, election, now=now)
    _unless(None if roll else Refusal.NOBODY_ON_ROLL)
    for gone in (one for one in candidates if not one.member.is_present):
        gone.state = CandidacyState.DECLINED
    for place, member in enumerate(tellers, start=1):
        teller = Teller(id=uuid.uuid4(), election_id=election.id, member_id=member.id, place=place)
        teller.slip = accounts.give_code(LinkPurpose.TELLER, teller.id, lasts=SLIP_LASTS, now=now)
        db.session.add(teller)
    _settle_rules(election, method)
    election.method, election.roll, election.frozen_at = method, roll, now
    election.fingerprint = rules.fingerprint(rules.frozen_text(election))
    step(election, ElectionState.VOTING)
    audit.record("election.vote_began", election, by=by, now=now)
    vote_began.send(election, now=now)
    queries.reload(election)


def _settle_rules(election: Election, method: VotingMethod) -> None:
    articles = queries.articles_when_called(election)
    for contest in (one for one in election.contests if one.candidates):
        office = articles.office(contest.office)
        is_asked_for = office is not None and office.rule is not None
        rule = rules.rule_in_room(contest.rule, method=method, seats=contest.seats, is_asked_for=is_asked_for)
        if isinstance(rule, Refusal):
            raise CannotElect(rule)
        contest.rule = rule
    db.session.flush()


def replace_teller(
    election: Election, teller: Teller, member: Member, *, reason: str, by: uuid.UUID | None, now: datetime
) -> Teller:
    """Let somebody else go on for a teller who cannot, with a slip of their own. What was entered stays. Raises `CannotElect`."""
    election = queries.hold(election)
    earlier = next((one for one in election.tellers if one.id == teller.id), None)
    if earlier is None or not member.is_present:
        raise CannotElect(Refusal.NOT_NOW)
    _unless(
        rules.why_not_replace(
            election.state, reason=reason, member_id=member.id, tellers=[one.member_id for one in election.tellers],
            standing=[one.member_id for contest in election.contests for one in contest.candidates],
            counted_before=queries.tellers_before(election.id),
        )
    )  # fmt: skip
    accounts.end_links(LinkPurpose.TELLER, earlier.id, now=now)
    earlier.slip, earlier.replaced_at, earlier.replaced_because = None, now, reason.strip()
    db.session.flush()
    later = Teller(id=uuid.uuid4(), election_id=election.id, member_id=member.id, place=earlier.place)
    later.slip = accounts.give_code(LinkPurpose.TELLER, later.id, lasts=SLIP_LASTS, now=now)
    db.session.add(later)
    db.session.flush()
    audit.record("teller.replaced", later, by=by, now=now)
    queries.reload(election)
    return later


def vote_in_room_after_all(election: Election, *, by: uuid.UUID | None, now: datetime) -> None:
    """Where too few voted elsewhere for the box to be opened, everybody votes on paper in the room."""
    if election.method == VotingMethod.ELSEWHERE:
        election.method = VotingMethod.PAPER
        db.session.flush()
        audit.record("election.moved_to_room", election, by=by, now=now)


def settle_count(election: Election, *, now: datetime) -> None:
    """Where nothing more comes, from the room or from elsewhere, the vote is counted."""
    if election.state != ElectionState.VOTING:
        return
    is_settled = election.method == VotingMethod.ELSEWHERE or (
        all(one.tallies for one in election.tellers) and not queries.differences(election)
    )
    if not is_settled or not queries.is_settled_elsewhere(election):
        return
    for teller in election.tellers:
        teller.slip = None  # the door stays until the end, and says that both counted the same
    db.session.flush()
    in_room = queries.newest_tally(election, election.tellers[0])
    election.ballots = (in_room.ballots if in_room else 0) + queries.took_part_elsewhere(election)
    step(election, ElectionState.COUNTED)
    audit.record("election.counted", election, now=now)


def draw_lot(
    election: Election, contest: Contest, numbers: Sequence[int], *, by: uuid.UUID | None, now: datetime
) -> Lot:
    """Settle a tie with numbers called out in the room. Drawn once; the count goes on with it. Raises `CannotElect`."""
    election = queries.hold(election)
    came = next((one for one in queries.how_it_came(election) if one.contest.id == contest.id), None)
    if election.state != ElectionState.COUNTED or came is None or not came.standing.is_tied:
        raise CannotElect(Refusal.NOT_TIED)
    _unless(rules.why_not_numbers(numbers))
    seed = election.fingerprint or str(election.id)
    kept = Lot(
        election_id=election.id, contest_id=contest.id, number=len(came.contest.lots) + 1, settles=came.standing.settles,
        seed=seed, numbers=list(numbers), drawn_order=lot.draw(seed, contest.office, numbers, came.standing.level),
        drawn_at=now,
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    audit.record("lot.drawn", kept, by=by, now=now)
    queries.reload(election)
    return kept


def declare_result(group: Group, election: Election, *, by: uuid.UUID | None, now: datetime) -> None:
    """Declare who is elected: their terms begin, earlier ones end, and rights move at this moment. Raises `CannotElect`."""
    election = queries.hold(election)
    came = queries.how_it_came(election)
    _unless(
        rules.why_not_declare(
            election.state, ballots=election.ballots or 0, roll=election.roll or 0, percent=election.quorum_percent,
            has_open_ties=any(one.standing.is_tied for one in came),
        )
    )  # fmt: skip
    ending = queries.terms_that_end(election, came)
    _unless(
        rules.why_not_seat(
            queries.seats_left(election, came, ending=ending), came_in=queries.winners_by_office(came)
        )
    )
    _write_outcomes(came)
    _close_slips(election, now=now)
    election.declared_at = now
    step(election, ElectionState.DECLARED)
    for term in ending:
        officers.end_term(term, by=by, now=now, election_id=election.id)
    articles = queries.articles_when_called(election)
    begins = rules.day_of_result(election, group.time_zone, at=now)
    for one in came:
        for winner in one.winners:
            officers.start_term(
                group, winner.member, one.contest.office, by=by, now=now, source=TermSource.ELECTED, election_id=election.id,
                due_on=rules.term_over_on(one.contest, today=begins), articles=articles,
            )  # fmt: skip
    audit.record("election.declared", election, by=by, now=now)
    result_declared.send(election, now=now)
    queries.reload(election)


def _write_outcomes(came: Sequence[queries.Came]) -> None:
    for one in came:
        if one.standing.stages:
            sheet = CountSheet(
                election_id=one.contest.election_id, contest_id=one.contest.id, counted=one.standing.as_json()
            )
            db.session.add(sheet)
        for candidacy in one.contest.candidates:
            db.session.add(
                Outcome(
                    election_id=candidacy.election_id, contest_id=candidacy.contest_id, candidacy_id=candidacy.id,
                    votes=one.votes_of(candidacy), is_elected=one.has_won(candidacy), by_lot=candidacy.position in one.standing.by_lot,
                )
            )  # fmt: skip
    db.session.flush()


def void_election(election: Election, reason: str, *, by: uuid.UUID | None, now: datetime) -> None:
    """End an election without a result, with the reason. What was recorded stays. Raises `CannotElect`."""
    election = queries.hold(election)
    _unless(rules.why_not_void(election.state, reason))
    _close_slips(election, now=now)
    election.void_reason, election.voided_at = reason.strip(), now
    step(election, ElectionState.VOID)
    audit.record("election.voided", election, by=by, now=now)
    election_voided.send(election, now=now)


def _close_slips(election: Election, *, now: datetime) -> None:
    for teller in election.tellers:
        accounts.end_links(LinkPurpose.TELLER, teller.id, now=now)
        if election.state == ElectionState.VOTING:
            teller.slip = None
    db.session.flush()


def step(election: Election, wanted: ElectionState) -> None:
    """Take the next step, and no other. Raises `CannotElect`."""
    if not rules.may_become(election.state, wanted):
        raise CannotElect(Refusal.NOT_NOW)
    election.state = wanted
    db.session.flush()

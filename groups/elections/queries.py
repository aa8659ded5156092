"""Finding elections with everything their page shows, in a constant number of statements."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from groups.elections import rules
from groups.elections.counting import standing, tallies
from groups.elections.counting.any_rule import count, marks, most_marks
from groups.elections.counting.standing import Standing
from groups.elections.counting.tallies import OfficeTally, RoomTally
from groups.elections.models import (
    Candidacy,
    CandidacyState,
    Contest,
    Election,
    ElectionKind,
    ElectionState,
    Tally,
    Teller,
)
from groups.officers import queries as officers
from groups.officers.models import Term
from groups.officers.rules import Articles, CountingRule
from network.db import db
from network.tenancy.models import Group

OPEN = (ElectionState.CALLED, ElectionState.NOMINATING, ElectionState.VOTING, ElectionState.COUNTED)


@dataclass(frozen=True)
class Came:
    """How an office came out: what was counted in the room, all votes, and who would be elected."""

    contest: Contest
    counted: OfficeTally
    votes: Mapping[int, int]
    """By numbers on the list; where people order candidates, how many put each first."""
    standing: Standing
    papers: Mapping[tuple[int, ...], int] = field(default_factory=dict)
    """Where people order candidates: how many papers are alike, as long as they are kept."""

    def has_won(self, candidacy: Candidacy) -> bool:
        return candidacy.position in self.standing.elected

    def votes_of(self, candidacy: Candidacy) -> int:
        return self.votes.get(candidacy.position, 0)

    @property
    def ranked(self) -> list[Candidacy]:
        """Those who stood: the elected as they were elected, then most votes first."""
        elected = {place: at for at, place in enumerate(self.standing.elected)}
        return sorted(
            self.contest.candidates,
            key=lambda one: (elected.get(one.position, len(elected)), -self.votes_of(one), one.position),
        )

    @property
    def is_ordered(self) -> bool:
        """Whether people put candidates in order."""
        return self.contest.rule == CountingRule.SCOTTISH_STV

    @property
    def winners(self) -> list[Candidacy]:
        """Those elected who are still members."""
        return [one for one in self.ranked if self.has_won(one) and one.member.is_present]

    @property
    def level(self) -> list[Candidacy]:
        """Those between whom the lot has to decide."""
        return [one for one in self.ranked if one.position in self.standing.level]


@dataclass(frozen=True)
class Elsewhere:
    """Votes that were not cast in the room, as a package above counts them."""

    is_settled: Callable[[Election], bool]
    """Whether nothing more comes from there."""
    count: Callable[[Election], int]
    """How many took part there."""
    papers: Callable[[Election], Mapping[uuid.UUID, Counter[tuple[int, ...]]]]
    """What was chosen there, by contest."""
    page: Callable[[Election], str | None]
    """Where people find it, if this election has it."""


_elsewhere: list[Elsewhere] = []


def count_elsewhere(place: Elsewhere) -> None:
    """Have votes of another place counted with those of the room."""
    if place not in _elsewhere:
        _elsewhere.append(place)


def is_settled_elsewhere(election: Election) -> bool:
    """Whether every other place has told what was chosen there."""
    return all(place.is_settled(election) for place in _elsewhere)


def pages_elsewhere(election: Election) -> list[str]:
    """Addresses of the other places where people vote in this election."""
    return [page for place in _elsewhere if (page := place.page(election))]


def took_part_elsewhere(election: Election) -> int:
    """How many took part in other places than the room."""
    return sum(place.count(election) for place in _elsewhere)


def papers_from_elsewhere(election: Election) -> Mapping[uuid.UUID, Counter[tuple[int, ...]]]:
    """What was chosen in other places than the room, by contest."""
    found: dict[uuid.UUID, Counter[tuple[int, ...]]] = {}
    for place in _elsewhere:
        for contest_id, papers in place.papers(election).items():
            found.setdefault(contest_id, Counter()).update(papers)
    return found


def elections() -> sa.Select[Election]:
    """All elections of the group in scope, the latest day first; a selection so that pages can page it."""
    return sa.select(Election).order_by(Election.held_on.desc(), Election.called_at.desc(), Election.id)


def get_election(election_id: uuid.UUID) -> Election:
    """The election with everything in it, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Election).where(Election.id == election_id).options(*_whole()))


def reload(election: Election) -> Election:
    """The election as it now stands in the database."""
    fresh = sa.select(Election).where(Election.id == election.id).options(*_whole())
    return db.session.scalars(fresh.execution_options(populate_existing=True)).one()


def hold(election: Election) -> Election:
    """The election as it now stands, held for this transaction so that two people cannot both take the next step."""
    db.session.execute(sa.select(Election.id).where(Election.id == election.id).with_for_update())
    return reload(election)


def open_elections() -> list[Election]:
    """Elections under way, the earliest day first, with everything in them."""
    return list(
        db.session.scalars(
            sa.select(Election)
            .where(Election.state.in_(OPEN))
            .options(*_whole())
            .order_by(Election.held_on, Election.id)
        )
    )


def has_open_yearly() -> bool:
    """Whether the yearly election is under way."""
    asked = sa.select(Election.id).where(Election.kind == ElectionKind.YEARLY, Election.state.in_(OPEN))
    return db.session.scalar(asked.limit(1)) is not None


def get_candidacy(candidacy_id: uuid.UUID) -> Candidacy:
    """A nomination with the office it is for, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(Candidacy)
        .where(Candidacy.id == candidacy_id)
        .options(joinedload(Candidacy.contest), joinedload(Candidacy.member))
    )


def nominations_to_answer(member_id: uuid.UUID) -> list[Candidacy]:
    """Where somebody was named and has not said yet whether they will stand."""
    return list(
        db.session.scalars(
            sa.select(Candidacy)
            .join(Election, Election.id == Candidacy.election_id)
            .where(
                Candidacy.member_id == member_id,
                Candidacy.state == CandidacyState.NAMED,
                Election.state == ElectionState.NOMINATING,
            )
            .options(joinedload(Candidacy.contest))
            .order_by(Candidacy.named_at, Candidacy.id)
        )
    )


def get_teller(teller_id: uuid.UUID) -> Teller:
    """A teller with their own tallies, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(Teller)
        .where(Teller.id == teller_id)
        .options(joinedload(Teller.member), selectinload(Teller.tallies))
    )


def get_teller_at_work(teller_id: uuid.UUID) -> Teller:
    """One of the two who count now, or a page that says there is nothing here."""
    at_work = sa.select(Teller).where(Teller.id == teller_id, Teller.replaced_at.is_(None))
    return db.one_or_404(at_work.options(joinedload(Teller.member), joinedload(Teller.election)))


def tellers_before(election_id: uuid.UUID) -> set[uuid.UUID]:
    """Members who were to count in an election and could not go on."""
    replaced = sa.select(Teller.member_id).where(
        Teller.election_id == election_id, Teller.replaced_at.is_not(None)
    )
    return set(db.session.scalars(replaced))


def replaced_tellers(election_id: uuid.UUID) -> list[Teller]:
    """The same with their names, in the order in which it happened."""
    replaced = sa.select(Teller).where(Teller.election_id == election_id, Teller.replaced_at.is_not(None))
    return list(
        db.session.scalars(
            replaced.options(joinedload(Teller.member)).order_by(Teller.replaced_at, Teller.id)
        )
    )


def fallen_elections() -> set[uuid.UUID]:
    """Elections whose result was declared and fell."""
    fell = sa.select(Election.id).where(
        Election.state == ElectionState.VOID, Election.declared_at.is_not(None)
    )
    return set(db.session.scalars(fell))


def ended_before(moment: datetime) -> sa.Select[uuid.UUID]:
    """The ids of elections whose result was final, or which were void, before then."""
    return sa.select(Election.id).where(sa.func.coalesce(Election.certified_at, Election.voided_at) < moment)


def contest_in(election: Election, contest_id: uuid.UUID | None) -> Contest | None:
    """An office of this election."""
    return next((contest for contest in election.contests if contest.id == contest_id), None)


def newest_tally(election: Election, teller: Teller) -> RoomTally | None:
    """What a teller counted last."""
    last: Tally | None = teller.tallies[-1] if teller.tallies else None
    return tallies.read(last.ballots, last.counts, _papers(election, last)) if last else None


def _papers(election: Election, tally: Tally) -> dict[str, dict[tuple[int, ...], int]]:
    office_of = {contest.id: contest.office for contest in election.contests}
    found: dict[str, dict[tuple[int, ...], int]] = {}
    for row in tally.papers:
        found.setdefault(office_of[row.contest_id], {})[tuple(row.ranking)] = row.papers
    return found


def differences(election: Election) -> list[str]:
    """Where the two tellers differ, once both have counted."""
    counted = [newest_tally(election, teller) for teller in election.tellers]
    if len(counted) != 2 or None in counted:  # noqa: PLR2004 - two people count
        return []
    return tallies.differing(*[tally for tally in counted if tally])


def asked(election: Election) -> dict[str, tallies.Asked]:
    """What papers may say, by office somebody stands for."""
    return {
        contest.office: tallies.Asked(
            contest.rule,
            most_marks(contest.rule, seats=contest.seats, candidates=len(contest.candidates)),
        )
        for contest in election.contests
        if contest.candidates
    }


def how_it_came(election: Election) -> list[Came]:
    """How each office came out; nothing before both tellers have counted the same."""
    if not (election.state == ElectionState.COUNTED or election.has_result) or not election.tellers:
        return []
    agreed = newest_tally(election, election.tellers[0])
    counted: Mapping[str, OfficeTally] = agreed.offices if agreed else {}
    in_room = [(contest, counted.get(contest.office, OfficeTally())) for contest in election.contests]
    elsewhere = papers_from_elsewhere(election)
    whole = [
        (contest, room, Counter(room.papers) + elsewhere.get(contest.id, Counter()))
        for contest, room in in_room
    ]
    came = _as_declared if election.has_result else _counted_now
    return [came(contest, room, papers) for contest, room, papers in whole]


def _counted_now(contest: Contest, room: OfficeTally, papers: Counter[tuple[int, ...]]) -> Came:
    hands = Counter(room.votes)
    rule, standing_there = contest.rule, [one.position for one in contest.candidates]
    votes = marks(rule, papers, candidates=standing_there, seats=contest.seats)
    if rule == CountingRule.SCOTTISH_STV:
        hands.clear()  # in the room, too, people ordered candidates: their papers say it all
    votes.update(hands)
    drawn = [lot.drawn_order for lot in contest.lots]
    found = count(rule, papers, candidates=standing_there, seats=contest.seats, lots=drawn, hands=hands)
    return Came(contest, room, votes, found, papers)


def _as_declared(contest: Contest, room: OfficeTally, papers: Counter[tuple[int, ...]]) -> Came:
    """What was declared stands, also when papers are long gone."""
    place = {candidacy.id: candidacy.position for candidacy in contest.candidacies}
    outcomes = sorted(contest.outcomes, key=lambda one: (-one.votes, place[one.candidacy_id]))
    votes = {place[one.candidacy_id]: one.votes for one in outcomes}
    if contest.sheet:
        return Came(contest, room, votes, standing.read(contest.sheet.counted), papers)
    elected = tuple(place[one.candidacy_id] for one in outcomes if one.is_elected)
    by_lot = tuple(place[one.candidacy_id] for one in outcomes if one.by_lot)
    return Came(contest, room, votes, Standing(elected=elected, by_lot=by_lot))


@dataclass(frozen=True)
class Tie:
    """An office between whose candidates a lot has to decide."""

    election: Election
    came: Came


def get_tie(election_id: uuid.UUID, contest_id: uuid.UUID) -> Tie:
    """An office of an election that was counted, or a page that says there is nothing here."""
    election = get_election(election_id)
    came = next((one for one in how_it_came(election) if one.contest.id == contest_id), None)
    return Tie(election, came) if came else abort(404)


def terms_that_end(election: Election, came: list[Came]) -> list[Term]:
    """Terms that end when this result is declared, with their members."""
    held = officers.present_terms()
    ending = rules.terms_that_end(
        election.kind,
        held=[rules.Held(term.id, term.member_id, term.office) for term in held],
        winners=winners_by_office(came),
        one_each=articles_when_called(election).one_each,
    )
    return [term for term in held if term.id in ending]


def winners_by_office(came: list[Came]) -> dict[str, set[uuid.UUID]]:
    """Who is elected to each office of an election."""
    return {one.contest.office: {winner.member_id for winner in one.winners} for one in came}


def count_roll(group: Group, election: Election, *, now: datetime) -> int:
    """How many may vote in an election that has not begun; in one that was held before, how many could on that day."""
    if rules.is_written_later(election, group.time_zone):
        return officers.count_voters_on(election.held_on)
    return officers.count_voters_now(group, now=now)


def articles_when_called(election: Election) -> Articles:
    """What the constitution said when the election was called: its offices are the election's, also where it changed since."""
    version = officers.find_version(election.constitution_version) if election.constitution_version else None
    return officers.articles_of(version) if version else officers.articles_in_force()


def seats_left(election: Election, came: list[Came], *, ending: list[Term]) -> dict[str, int]:
    """How many seats of these offices are empty once some terms have ended."""
    articles, over = articles_when_called(election), {term.id for term in ending}
    staying = [term.office for term in officers.present_terms() if term.id not in over]
    described = [articles.office(one.contest.office) for one in came]
    return {office.code: office.seats - staying.count(office.code) for office in described if office}


def _whole() -> list[ExecutableOption]:
    return [
        selectinload(Election.contests).options(
            selectinload(Contest.candidacies).joinedload(Candidacy.member),
            selectinload(Contest.lots),
            joinedload(Contest.sheet),
            selectinload(Contest.outcomes),
        ),
        selectinload(Election.tellers).options(
            joinedload(Teller.member), selectinload(Teller.tallies).selectinload(Tally.papers)
        ),
    ]

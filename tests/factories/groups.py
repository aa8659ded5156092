"""The smallest valid members, officers and elections of a group in scope."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from groups.consents.forms import by_oneself
from groups.consents.models import Ended, Purpose
from groups.elections import commands as elections
from groups.elections.counting.tallies import OfficeTally, RoomTally, of_papers
from groups.elections.models import Candidacy, Election, ElectionKind, NamedBy, VotingMethod
from groups.elections.queries import get_election
from groups.membership import commands as membership
from groups.membership.models import LivedExperience, Member
from groups.officers import commands as officers
from groups.officers.models import Term, TermSource
from groups.tallies.commands import enter_tally
from network import clock
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group


def a_member(
    nickname: str = "Rain",
    *,
    account_id: UUID | None = None,
    lived: LivedExperience | None = None,
    now: datetime | None = None,
) -> Member:
    """Somebody in the group in scope; with an account, joined to it."""
    now = now or clock.now()
    member = membership.add_member(get_group(scope.group_id()), nickname, by=None, now=now)
    if lived:
        tells(member, Purpose.LIVED_EXPERIENCE, lived, now=now)
    if account_id:
        membership.link_account(member, account_id, now=now)
    return member


def some_members(count: int, *, lived: LivedExperience | None = None) -> list[Member]:
    """So many members with made-up nicknames."""
    return [a_member(f"Somebody {number}", lived=lived) for number in range(1, count + 1)]


def tells_for_return(
    member: Member, *, sex: str | None = None, age_band: str | None = None, registered: str | None = None, left_out: bool = False
) -> Member:  # fmt: skip
    """This member told what the yearly return counts, each with the consent it takes."""
    told = {Purpose.SEX: sex, Purpose.AGE_BAND: age_band, Purpose.DISABILITY_REGISTERED: registered}
    for purpose, value in told.items():
        if value:
            tells(member, purpose, value)
    if left_out:
        membership.take_back(member, Purpose.NAMED_ON_RETURN, ended=Ended.SELF, by=None, now=clock.now())
    return member


def tells(member: Member, purpose: Purpose, value: str | None = None, *, now: datetime | None = None) -> None:
    """This member told one thing about themselves, on their own page."""
    membership.tell(member, purpose, value, how=by_oneself(purpose), by=None, now=now or clock.now())


def a_term(
    member: Member, office: str = "chairperson", *, due_on: date | None = None, now: datetime | None = None
) -> Term:
    """This member holds this office from now on."""
    group = get_group(scope.group_id())
    term = officers.start_term(
        group, member, office, by=None, now=now or clock.now(), source=TermSource.APPOINTED, due_on=due_on
    )
    db.session.flush()
    return term


NINE = RoomTally(
    9,
    {
        "chairperson": OfficeTally({1: 7}, 2, 0),
        "treasurer": OfficeTally({1: 5, 2: 3}, 0, 1),
    },
)
"""A count of nine people that leaves no doubt."""


def an_election(
    *, offices: Sequence[str] = ("chairperson", "treasurer"), kind: ElectionKind = ElectionKind.YEARLY
) -> Election:
    """An election called for today by the group in scope."""
    group, now = get_group(scope.group_id()), clock.now()
    today = clock.today(group.time_zone, at=now)
    return elections.call_election(
        group, kind=kind, offices=offices, held_on=today, by=None, now=now, is_short_notice_agreed=True
    )


def a_candidate(election: Election, office: str, member: Member, *, has_accepted: bool = True) -> Candidacy:
    """This member stands for this office."""
    contest = next(one for one in election.contests if one.office == office)
    return elections.name_candidate(
        election,
        contest,
        member,
        named_by=NamedBy.MEETING,
        has_accepted=has_accepted,
        by=None,
        now=clock.now(),
    )


def a_declared_by_election(office: str, winner: Member, tellers: Sequence[Member]) -> Election:
    """Somebody is elected to an office that was empty."""
    group, now = get_group(scope.group_id()), clock.now()
    election = an_election(offices=[office], kind=ElectionKind.BY_ELECTION)
    a_candidate(election, office, winner)
    elections.begin_vote(group, election, method=VotingMethod.HANDS, tellers=tellers, by=None, now=now)
    for teller in get_election(election.id).tellers:
        enter_tally(election, teller, RoomTally(9, {office: OfficeTally({1: 8}, 1, 0)}), now=now)
    elections.declare_result(group, get_election(election.id), by=None, now=now)
    return get_election(election.id)


def a_vote(members: Sequence[Member], *, offices: Sequence[str] = ("chairperson", "treasurer")) -> Election:
    """A vote that has begun: the first stands for the chair, the next two for the treasurer; the last two tell."""
    election = an_election(offices=offices)
    for office, number in (("chairperson", 0), ("treasurer", 1), ("treasurer", 2)):
        if office in offices:
            a_candidate(election, office, members[number])
    group = get_group(scope.group_id())
    elections.begin_vote(
        group, election, method=VotingMethod.HANDS, tellers=members[-2:], by=None, now=clock.now()
    )
    return get_election(election.id)


def a_counted_vote(members: Sequence[Member], tally: RoomTally = NINE) -> Election:
    """A vote both tellers have counted alike."""
    election = a_vote(members, offices=list(tally.offices))
    for teller in election.tellers:
        enter_tally(election, teller, tally, now=clock.now())
    return get_election(election.id)


def in_order(papers: Mapping[tuple[int, ...], int], *, abstain: int = 0, spoilt: int = 0) -> RoomTally:
    """What tellers count where people put four who stand for the committee in order."""
    counted = of_papers(papers, candidates=(1, 2, 3, 4), abstain=abstain, spoilt=spoilt)
    return RoomTally(sum(papers.values()) + abstain + spoilt, {"committee": counted})


LEVEL = in_order({(1, 3): 3, (2, 4): 3, (3,): 1, (4,): 1}, abstain=1)
"""Nine papers for three seats, with the last two level at every stage."""


def a_vote_in_order(members: Sequence[Member], *, now: datetime | None = None) -> Election:
    """A vote on paper for the committee's three seats: the first four stand, the last two tell."""
    election = an_election(offices=["committee"])
    for member in members[:4]:
        a_candidate(election, "committee", member)
    group, now = get_group(scope.group_id()), now or clock.now()
    elections.begin_vote(group, election, method=VotingMethod.PAPER, tellers=members[-2:], by=None, now=now)
    return get_election(election.id)


def a_count_in_order(members: Sequence[Member], tally: RoomTally = LEVEL) -> Election:
    """The same, counted alike by both."""
    election = a_vote_in_order(members)
    for teller in election.tellers:
        enter_tally(election, teller, tally, now=clock.now())
    return get_election(election.id)

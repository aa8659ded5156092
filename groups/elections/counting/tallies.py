"""What a teller counted: whether it adds up, and where two tellers differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from groups.officers.rules import CountingRule

Paper = tuple[int, ...]
BALLOTS = "ballots"
"""The name of the number of people who took part, where offices have theirs."""
ONE_NAME = frozenset({CountingRule.FIRST_PAST_THE_POST, CountingRule.SCOTTISH_STV})
"""The rules by which each paper counts for one."""


class SumRefusal(StrEnum):
    """Why numbers cannot be right."""

    MORE_THAN_ROLL = "more_than_roll"
    DOES_NOT_ADD_UP = "does_not_add_up"
    EMPTY_AND_SPOILT_TOO_MANY = "empty_and_spoilt_too_many"
    ONE_HAS_TOO_MANY = "one_has_too_many"
    TOO_MANY_MARKS = "too_many_marks"
    TOO_FEW_MARKS = "too_few_marks"


@dataclass(frozen=True)
class OfficeTally:
    """What was counted for one office, by numbers on the list."""

    votes: Mapping[int, int] = field(default_factory=dict)
    abstain: int = 0
    spoilt: int = 0
    papers: Mapping[Paper, int] = field(default_factory=dict)
    """Where people order candidates: how many papers have the same order. Each counts in `votes` for who is first on it."""


def of_papers(
    papers: Mapping[Paper, int], *, candidates: Iterable[int], abstain: int, spoilt: int
) -> OfficeTally:
    """What was counted where people order candidates."""
    votes = dict.fromkeys(sorted(candidates), 0)
    for paper, many in papers.items():
        votes[paper[0]] += many
    return OfficeTally(votes, abstain, spoilt, dict(papers))


@dataclass(frozen=True)
class RoomTally:
    """What one teller counted in the room."""

    ballots: int
    offices: Mapping[str, OfficeTally]

    def as_json(self) -> dict[str, Any]:
        return {
            office: {
                "votes": {str(number): votes for number, votes in sorted(tally.votes.items())},
                "abstain": tally.abstain,
                "spoilt": tally.spoilt,
            }
            for office, tally in self.offices.items()
        }


def read(
    ballots: int, stored: Mapping[str, Any], papers: Mapping[str, Mapping[Paper, int]] | None = None
) -> RoomTally:
    """A tally as it stands in the database, with the papers of offices for which people ordered candidates."""
    return RoomTally(
        ballots, {office: _office(row, (papers or {}).get(office, {})) for office, row in stored.items()}
    )


def _office(row: Mapping[str, Any], papers: Mapping[Paper, int]) -> OfficeTally:
    votes = {number: row["votes"][str(number)] for number in sorted(map(int, row["votes"]))}
    return OfficeTally(votes, row["abstain"], row["spoilt"], papers)


@dataclass(frozen=True)
class Asked:
    """What papers may say about an office."""

    rule: CountingRule
    most: int
    """So many candidates a paper may name."""


def what_is_wrong(tally: RoomTally, *, roll: int, asked: Mapping[str, Asked]) -> dict[str, SumRefusal]:
    """What cannot be right, by office; under `BALLOTS` what cannot be right about the number of people."""
    wrong = {BALLOTS: SumRefusal.MORE_THAN_ROLL} if tally.ballots > roll else {}
    for office, counted in tally.offices.items():
        refusal = (
            _one_name(counted, tally.ballots)
            if asked[office].rule in ONE_NAME
            else _several(counted, tally.ballots, asked[office].most)
        )
        if refusal:
            wrong[office] = refusal
    return wrong


def _one_name(counted: OfficeTally, ballots: int) -> SumRefusal | None:
    """Everybody who took part voted for one (or put one first), for nobody, or spoilt it."""
    everything = sum(counted.votes.values()) + counted.abstain + counted.spoilt
    return SumRefusal.DOES_NOT_ADD_UP if everything != ballots else None


def _several(counted: OfficeTally, ballots: int, most: int) -> SumRefusal | None:
    """Everybody who voted gave each candidate one mark at most, one mark at least, as many as the rule allows at most."""
    voting = ballots - counted.abstain - counted.spoilt
    marks = sum(counted.votes.values())
    if voting < 0:
        return SumRefusal.EMPTY_AND_SPOILT_TOO_MANY
    if any(votes > voting for votes in counted.votes.values()):
        return SumRefusal.ONE_HAS_TOO_MANY
    if marks > most * voting:
        return SumRefusal.TOO_MANY_MARKS
    return SumRefusal.TOO_FEW_MARKS if marks < voting else None


def differing(first: RoomTally, second: RoomTally) -> list[str]:
    """Where two tellers differ: offices, and `BALLOTS`. What each counted is not told."""
    found = [office for office in first.offices if first.offices[office] != second.offices.get(office)]
    return ([BALLOTS] if first.ballots != second.ballots else []) + found


def piles_that_differ(first: OfficeTally, second: OfficeTally) -> list[int]:
    """Of which piles two tellers differ, where papers lie in piles by who is first on them. Nobody's numbers are told."""
    found = {
        paper[0]
        for paper in first.papers.keys() | second.papers.keys()
        if first.papers.get(paper) != second.papers.get(paper)
    }
    return sorted(found)

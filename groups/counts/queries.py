"""Finding the count of an office, with the election it belongs to."""

import uuid
from dataclasses import dataclass

from flask import abort

from groups.elections import queries as elections
from groups.elections.models import Election, Teller
from groups.elections.queries import Came
from groups.officers.rules import CountingRule


@dataclass(frozen=True)
class Counted:
    """The count of an office for which people put candidates in order."""

    election: Election
    came: Came

    @property
    def tellers(self) -> list[Teller]:
        return self.election.tellers


def find_counted(election: Election, contest_id: uuid.UUID) -> Counted | None:
    """The count of an office of this election, if people put candidates in order and both tellers agree."""
    came = next((one for one in elections.how_it_came(election) if one.contest.id == contest_id), None)
    if came is None or came.contest.rule != CountingRule.SCOTTISH_STV or not came.contest.candidates:
        return None
    return Counted(election, came)


def get_counted(election_id: uuid.UUID, contest_id: uuid.UUID) -> Counted:
    """The count of an office, or a page that says there is nothing here."""
    return find_counted(elections.get_election(election_id), contest_id) or abort(404)

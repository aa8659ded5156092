"""What a receipt is about, and when one can be made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from funding.ledger.rules import EntryKind

INCOME = (EntryKind.GRANT, EntryKind.OTHER_INCOME, EntryKind.SEED)
"""What somebody outside gave. Members' contributions have a receipt for each member."""


class Refusal(StrEnum):
    """Why there is no receipt."""

    TAKEN_BACK = "taken_back"


@dataclass(frozen=True)
class Received:
    """Money that came in: the entry, how much in which form, and from which member, if from one."""

    journal_id: UUID
    entry_number: int
    seal: str
    kind: str
    received_on: date
    currency: str
    parts: Mapping[str, int] = field(default_factory=dict)
    """By form of money."""
    words: str = ""
    """What was written beside the entry, such as a funder's name."""
    member_id: UUID | None = None
    nickname: str = ""
    account_id: UUID | None = None
    """The sign-in of the member it came from."""
    taken_back_by: int | None = None
    """The number of the entry that took it back."""

    @property
    def amount(self) -> int:
        return sum(self.parts.values())


def why_not_make(received: Received) -> Refusal | None:
    """What was taken back did not come in."""
    return Refusal.TAKEN_BACK if received.taken_back_by is not None else None

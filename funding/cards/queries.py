"""A card as it stands, or as it stood: rebuilt from what was written down until a moment about days until a day."""

import uuid
from collections import defaultdict
from datetime import date, datetime

from funding.cards.rules import Gift
from funding.contributions.models import ContributionSheet
from funding.contributions.queries import own_contributions
from funding.ledger import queries as ledger


def gifts_of(member_id: uuid.UUID, *, on: date, known_at: datetime) -> list[Gift]:
    """What a member gave up to and on a day, as far as it was written down, and not yet taken back, at a moment."""
    sheets: dict[uuid.UUID, ContributionSheet] = {}
    parts: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for one in own_contributions(member_id):
        if one.sheet.received_on <= on and one.sheet.recorded_at <= known_at:
            sheets[one.sheet_id] = one.sheet
            parts[one.sheet_id][one.place] = one.amount
    entries = [sheet.journal_id for sheet in sheets.values()]
    numbers = ledger.numbers_of(entries)
    undone = ledger.taken_back_by(entries, on=on, known_at=known_at)
    return [
        Gift(sheet.id, sheet.journal_id, sheet.received_on, numbers[sheet.journal_id], parts[sheet.id], sheet.journal_id in undone)
        for sheet in sheets.values()
    ]  # fmt: skip

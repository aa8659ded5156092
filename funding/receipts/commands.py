"""Making a receipt: once for each thing that came in."""

import uuid
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from funding.receipts import queries, rules
from funding.receipts.models import Receipt
from funding.receipts.rules import Received, Refusal
from network import audit
from network.db import db
from network.tenancy import scope


class CannotMake(Exception):
    """There is no receipt; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def make_receipt(received: Received, *, by: uuid.UUID, now: datetime) -> Receipt:
    """Give what came in its number; asked again, or by two at once, it is the receipt that stands. Raises `CannotMake`."""
    if standing := queries.find_receipt(received):
        return standing
    if refusal := rules.why_not_make(received):
        raise CannotMake(refusal)
    once = ["group_id", "journal_id", "member_id"]
    values = {
        "id": uuid.uuid4(), "group_id": scope.group_id(), "journal_id": received.journal_id, "member_id": received.member_id,
        "amount": received.amount, "currency": received.currency, "made_by_id": by, "made_at": now,
    }  # fmt: skip
    db.session.execute(insert(Receipt).values(values).on_conflict_do_nothing(index_elements=once))
    made = queries.find_receipt(received)
    if made is None:
        raise LookupError("a receipt that was just made is there")
    if made.id == values["id"]:
        audit.record("receipt.made", made, by=by, now=now)
        db.session.flush()
    return made

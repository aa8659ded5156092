"""What people signed at some entry of the book: a count, a handover, a report that was sent."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from funding.verification.rules import Signed
from network.db import db

SIGNED = """
select 'count ' || id as row, entries, head, jsonb_build_object('cash', amount) as places, null as funds
  from cash_counts where state = 'done'
union all
select 'handover ' || h.id, h.entries, h.head, (
         select coalesce(jsonb_object_agg(p.place, case when p.is_posted then p.counted else p.book end), '{}')
           from handover_places p where p.group_id = h.group_id and p.handover_id = h.id), h.funds
  from handovers h where h.state = 'done'
union all
select 'report ' || id, entries, head, '{}', null from grant_reports where sent_on is not null
"""


def signed() -> dict[int, list[Signed]]:
    """By the number of the entry that was the last one then."""
    found: dict[int, list[Signed]] = {}
    for row in db.session.execute(sa.text(SIGNED)):
        held = dict(_held(row.places, row.funds))
        head = None if row.head is None else bytes(row.head)
        found.setdefault(row.entries or 0, []).append(
            Signed(row.row, head, held, tells_funds=row.funds is not None)
        )
    return found


def _held(places: dict[str, Any], funds: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    for place, amount in places.items():
        yield ("place", place), amount
    for one in funds if isinstance(funds, list) else ():
        if isinstance(one, list) and len(one) == 2:  # noqa: PLR2004 - a fund and what it held
            yield ("fund", str(one[0])), one[1]

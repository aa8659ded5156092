"""Putting an amount or a share to the members, and what happens at the moment they agree."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from funding.contributions import commands as contributions
from funding.welfare import commands as welfare
from groups.decisions import commands as decisions
from groups.decisions.models import Motion
from groups.meetings.queries import find_meeting_in
from network import clock
from network.tenancy.models import Group

AMOUNT, SHARE = "contribution_amount", "reserve_share"


def put_amount(
    group: Group, *, amount: int, from_on: date, held_on: date, by: uuid.UUID, now: datetime, is_short_notice_agreed: bool = False
) -> Motion:  # fmt: skip
    """Put to the members what to suggest to give each month; nought means nothing is suggested any more. Raises `CannotDecide`."""
    value = {"amount": amount, "currency": group.currency, "from_on": from_on.isoformat()}
    return decisions.call_motion(
        group, kind=AMOUNT, value=value, held_on=held_on, by=by, now=now, is_short_notice_agreed=is_short_notice_agreed
    )  # fmt: skip


def put_share(
    group: Group, *, percent: int, from_on: date, held_on: date, by: uuid.UUID, now: datetime, is_short_notice_agreed: bool = False
) -> Motion:  # fmt: skip
    """Put to the members what share of contributions is kept for hardship. Raises `CannotDecide`."""
    value = {"percent": percent, "from_on": from_on.isoformat()}
    return decisions.call_motion(
        group, kind=SHARE, value=value, held_on=held_on, by=by, now=now, is_short_notice_agreed=is_short_notice_agreed
    )  # fmt: skip


def carry_amount(group: Group, motion: Motion, now: datetime) -> None:
    """The members agreed: this is what they suggest from that day on, or from today where it was decided later."""
    value, today = motion.value or {}, clock.today(group.time_zone, at=now)
    meeting = find_meeting_in(today, today + timedelta(days=1))
    contributions.agree_amount(
        amount=value["amount"], from_on=_first_day(value, today), decided_on=today, motion_id=motion.id,
        meeting_id=meeting.id if meeting else None, by=motion.called_by_id, now=now,
    )  # fmt: skip


def carry_share(group: Group, motion: Motion, now: datetime) -> None:
    """The members agreed: contributions from that day on are split this way, or from today where it was decided later."""
    value, today = motion.value or {}, clock.today(group.time_zone, at=now)
    welfare.decide_share(
        percent=value["percent"], from_on=_first_day(value, today), decided_on=today, motion_id=motion.id,
        by=motion.called_by_id, now=now,
    )  # fmt: skip


def _first_day(value: dict[str, Any], today: date) -> date:
    return max(date.fromisoformat(value["from_on"]), today)

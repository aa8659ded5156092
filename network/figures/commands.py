"""Sending a quarter's figures to the network."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from network import audit, clock
from network.db import db
from network.figures import queries, registry, rules
from network.figures.models import FigureSheet, Need, PublishedFigure
from network.figures.registry import Figure
from network.tenancy.models import Group


class CannotSend(Exception):
    """The figures are not sent; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def publish_figures(
    group: Group,
    quarter: date,
    *,
    by: uuid.UUID,
    now: datetime,
    seen: str,
    needs_help: str = Need.NO,
    note: str = "",
) -> FigureSheet:
    """Send the quarter as it was looked at (`seen`); sent again, it is a new version. Raises `CannotSend`."""
    office_id = queries.find_office_to_send_to(group.id)
    if office_id is None:
        raise CannotSend(rules.Refusal.NO_NETWORK)
    counted = registry.counted(quarter, rules.next_quarter(quarter))
    earlier = queries.find_sheet(group.id, quarter)
    refusal = rules.why_not_ask(needs_help, note) or rules.why_not_send(
        quarter,
        today=clock.today(group.time_zone, at=now),
        seen=seen,
        counted=mark(counted),
        is_same_as_sent=earlier is not None and _says_the_same(earlier, counted, needs_help, note, office_id),
    )
    if refusal:
        raise CannotSend(refusal)
    return send_counts(
        group, quarter, counted, to=office_id, by=by, now=now, needs_help=needs_help, note=note
    )


def send_counts(
    group: Group,
    quarter: date,
    counted: Mapping[Figure, int],
    *,
    to: uuid.UUID,
    by: uuid.UUID | None,
    now: datetime,
    needs_help: str = Need.NO,
    note: str = "",
) -> FigureSheet:
    """Send these numbers to an office; what was sent of this quarter before stays beside them."""
    earlier = queries.find_sheet(group.id, quarter)
    sheet = FigureSheet(
        id=uuid.uuid4(),
        network_office_id=to,
        quarter=quarter,
        version=earlier.version + 1 if earlier else 1,
        needs_help=Need(needs_help),
        note=note,
        published_at=now,
    )
    db.session.add(sheet)
    db.session.flush()  # its numbers refer to it
    _add_numbers(sheet, counted, currency=group.currency)
    audit.record("figures.published", sheet, by=by, now=now)
    db.session.flush()
    return sheet


def mark(counted: Mapping[Figure, int]) -> str:
    """The mark of these numbers, carried by the page that shows them."""
    return rules.fingerprint((figure.name, value) for figure, value in counted.items())


def _add_numbers(sheet: FigureSheet, counted: Mapping[Figure, int], *, currency: str) -> None:
    db.session.add_all(
        PublishedFigure(
            sheet_id=sheet.id,
            network_office_id=sheet.network_office_id,
            name=figure.name,
            value=value,
            currency=currency if figure.is_money else None,
            position=position,
        )
        for position, (figure, value) in enumerate(counted.items())
    )


def _says_the_same(
    earlier: FigureSheet, counted: Mapping[Figure, int], needs_help: str, note: str, office_id: uuid.UUID
) -> bool:
    numbers = {figure.name: value for figure, value in counted.items()}
    return (
        {figure.name: figure.value for figure in earlier.figures} == numbers
        and (earlier.needs_help, earlier.note) == (needs_help, note)
        and earlier.network_office_id == office_id
    )

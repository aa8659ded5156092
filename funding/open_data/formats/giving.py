"""The 360Giving Data Standard: grants to organisations, as a JSON package or as one flat table.

Amounts stand in whole units with the decimals their currency has, written exactly: never by way of a float.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Organisation:
    """Somebody who gives or receives; never a person."""

    identifier: str
    name: str


@dataclass(frozen=True)
class Award:
    """One grant."""

    identifier: str
    title: str
    description: str
    currency: str
    awarded: Decimal
    disbursed: Decimal
    awarded_on: date
    starts_on: date
    ends_on: date
    recipient: Organisation
    funder: Organisation
    programme: tuple[str, str]
    """Its code and its title."""
    modified_at: datetime


def package(awards: Sequence[Award], *, publisher: Organisation, issued_on: date) -> str:
    """The grants as a JSON package. The standard wants at least one."""
    content = {
        "issued": issued_on.isoformat(),
        "publisher": {"name": publisher.name, "identifier": publisher.identifier},
        "grants": [_as_grant(award) for award in awards],
    }
    return _written(content)


def _as_grant(award: Award) -> dict[str, Any]:
    code, title = award.programme
    return {
        "id": award.identifier,
        "title": award.title,
        "description": award.description,
        "currency": award.currency,
        "amountAwarded": award.awarded,
        "amountDisbursed": award.disbursed,
        "awardDate": award.awarded_on.isoformat(),
        "plannedDates": [{"startDate": award.starts_on.isoformat(), "endDate": award.ends_on.isoformat()}],
        "recipientOrganization": [{"id": award.recipient.identifier, "name": award.recipient.name}],
        "fundingOrganization": [{"id": award.funder.identifier, "name": award.funder.name}],
        "grantProgramme": [{"code": code, "title": title}],
        "fromOpenCall": "No",
        "dateModified": award.modified_at.isoformat(timespec="seconds"),
    }  # fmt: skip


def _written(value: Any) -> str:
    """JSON with decimals as they are; the standard library would go by way of a float."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",\n".join(_written(one) for one in value) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value, ensure_ascii=False)


HEADINGS = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Amount Disbursed", "Award Date",
    "Planned Dates:Start Date", "Planned Dates:End Date",
    "Recipient Org:Identifier", "Recipient Org:Name", "Funding Org:Identifier", "Funding Org:Name",
    "Grant Programme:Code", "Grant Programme:Title", "From an open call?", "Last modified",
)  # fmt: skip
"""The standard's own names of columns, which are not translated."""


def row(award: Award) -> list[Any]:
    """One grant as a line under these headings; amounts as exact decimals."""
    return [
        award.identifier, award.title, award.description, award.currency, award.awarded, award.disbursed, award.awarded_on,
        award.starts_on, award.ends_on, award.recipient.identifier, award.recipient.name,
        award.funder.identifier, award.funder.name, *award.programme, "No", award.modified_at.isoformat(timespec="seconds"),
    ]  # fmt: skip

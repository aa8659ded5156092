"""Which grants of the office in scope may be published, and how they are called outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from funding.onward import queries as onward
from funding.onward.queries import Grant
from funding.onward.rules import GrantState
from funding.open_data.formats.giving import Award, Organisation
from network.currencies import minor_digits
from network.db import db
from network.directory.queries import listed_among
from network.tenancy import scope
from network.tenancy.models import Network
from network.tenancy.queries import get_network_of_office
from network.tenancy.settings import GIVING_IDENTIFIER, GIVING_PREFIX, own_setting

AWARDED = (GrantState.IN_FORCE, GrantState.ENDED)


@dataclass(frozen=True)
class Published:
    """What may be published, and how many grants are left out because their group is in no public list."""

    awards: list[Award]
    left_out: int


def publisher() -> Organisation:
    """The network whose office is in scope, as it is called outside."""
    network = get_network_of_office(scope.group_id())
    known = own_setting(network.id, GIVING_IDENTIFIER) or f"{_prefix(network)}-org-{network.slug}"
    return Organisation(known, network.name)


def _prefix(network: Network) -> str:
    found: str = own_setting(network.id, GIVING_PREFIX) or f"360G-{network.slug}"
    return found


def published(programmes: dict[str, str], *, now: datetime) -> Published:
    """Every grant that was taken, for groups that are in the public finder now; `programmes` names each kind."""
    network, funder = get_network_of_office(scope.group_id()), publisher()
    given = onward.seen(list(db.session.scalars(onward.given())), now=now)
    taken = [grant for grant in given if grant.state in AWARDED]
    listed = listed_among({grant.row.for_group_id for grant in taken})
    shown = [grant for grant in taken if grant.row.for_group_id in listed]
    awards = list(_awards(shown, _prefix(network), funder, programmes))
    return Published(awards, len(taken) - len(shown))


def _awards(
    grants: list[Grant], prefix: str, funder: Organisation, programmes: dict[str, str]
) -> Iterator[Award]:
    for grant in grants:
        row, digits = grant.row, minor_digits(grant.row.currency)
        assert row.offered_on  # noqa: S101 - what was taken was offered
        yield Award(
            identifier=f"{prefix}-G{row.number}", title=row.title, description=row.purpose, currency=row.currency,
            awarded=Decimal(row.amount).scaleb(-digits), disbursed=Decimal(grant.sent).scaleb(-digits),
            awarded_on=row.offered_on, starts_on=row.starts_on, ends_on=row.ends_on, funder=funder,
            recipient=Organisation(f"{prefix}-org-{row.recipient.slug}", row.recipient.name),
            programme=(row.kind, programmes[row.kind]), modified_at=_changed_at(grant),
        )  # fmt: skip


def _changed_at(grant: Grant) -> datetime:
    said = [part.receipt.said_at for part in grant.parts if part.receipt]
    times = [grant.row.made_at, grant.row.offered_at, grant.row.ended_at, *said]
    return max(moment for moment in times if moment)

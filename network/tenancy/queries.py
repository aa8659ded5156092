"""Finding networks and groups: the tree, a group's home network, the groups of a network."""

import uuid
from typing import Any

import sqlalchemy as sa

from network.db import db
from network.tenancy import scope
from network.tenancy.models import Affiliation, AffiliationKind, Group, GroupKind, Network


def get_group(group_id: uuid.UUID) -> Group:
    """The group, or a page that says there is nothing here."""
    return db.get_or_404(Group, group_id)


def get_network_of_office(office_id: uuid.UUID) -> Network:
    """The network whose office this is, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Network).where(Network.office_id == office_id))


def find_home_network(group_id: uuid.UUID) -> Network | None:
    """The network the group is at home in, if it has one."""
    return db.session.scalar(
        sa.select(Network)
        .join(Affiliation, Affiliation.network_id == Network.id)
        .where(
            Affiliation.group_id == group_id,
            Affiliation.kind == AffiliationKind.HOME,
            Affiliation.until_on.is_(None),
        )
    )


def groups_at_home_in(network_id: uuid.UUID) -> sa.Select[Any]:
    """The groups whose home is this network, by name; a selection so that pages can page it."""
    return (
        sa.select(Group)
        .join(Affiliation, Affiliation.group_id == Group.id)
        .where(
            Affiliation.network_id == network_id,
            Affiliation.kind == AffiliationKind.HOME,
            Affiliation.until_on.is_(None),
            Group.kind == GroupKind.GROUP,
        )
        .order_by(Group.name, Group.id)
    )


def networks_open_to_groups() -> list[Network]:
    """Networks a visitor can start a group with, by name."""
    return list(db.session.scalars(sa.select(Network).order_by(Network.name)))


def ids_of_groups(*kinds: GroupKind) -> list[uuid.UUID]:
    """Every group and office there is, or those of these kinds, for a job that visits one after the other.

    The scope in which they were found is closed by then: each visit is a transaction of its own.
    """
    with scope.visiting():
        return list(db.session.scalars(sa.select(Group.id).where(Group.kind.in_(kinds or tuple(GroupKind)))))

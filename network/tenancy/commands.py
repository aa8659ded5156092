"""Making networks and opening groups."""

import re
import unicodedata
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from network import clock
from network.db import db
from network.tenancy.models import (
    Affiliation,
    AffiliationKind,
    Group,
    GroupKind,
    GroupState,
    Network,
    NetworkSetting,
)
from network.tenancy.settings import Setting


def open_network(
    *,
    name: str,
    language: str,
    currency: str,
    time_zone: str,
    now: datetime,
    parent: Network | None = None,
    country: str = "",
    band: int = 1,
) -> Network:
    """Start a network and its office, a tenant of its own."""
    office = Group(
        id=uuid.uuid4(),
        kind=GroupKind.OFFICE,
        slug=free_slug(f"{name} office"),
        name=name,
        language=language,
        currency=currency,
        time_zone=time_zone,
        band=band,
        created_at=now,
    )
    network = Network(
        id=uuid.uuid4(),
        name=name,
        slug=office.slug.removesuffix("-office"),
        country=country,
        office=office,
        parent=parent,
    )
    db.session.add_all([office, network])
    db.session.flush()  # both ids are needed by whoever called
    return network


def open_group(
    *,
    name: str,
    network: Network,
    language: str,
    now: datetime,
    locality: str = "",
    band: int = 1,
    currency: str | None = None,
    time_zone: str | None = None,
    group_id: uuid.UUID | None = None,
) -> Group:
    """Open a group at home in a network; money and clock are the network's unless the group says otherwise."""
    group = Group(
        id=group_id or uuid.uuid4(),
        kind=GroupKind.GROUP,
        state=GroupState.OPEN,
        slug=free_slug(name),
        name=name,
        locality=locality,
        language=language,
        currency=currency or network.office.currency,
        time_zone=time_zone or network.office.time_zone,
        band=band,
        created_at=now,
    )
    db.session.add(group)
    db.session.flush()  # the affiliation refers to it
    home = Affiliation(
        group_id=group.id,
        network_id=network.id,
        kind=AffiliationKind.HOME,
        from_on=clock.today(group.time_zone, at=now),
    )
    db.session.add(home)
    db.session.flush()
    return group


def decide_setting(network: Network, setting: Setting, value: Any) -> None:
    """Record what the network has decided, in place of what it decided before."""
    if not isinstance(value, setting.type):
        raise TypeError(f"the setting {setting.name} should be {setting.type.__name__}")
    row = db.session.scalar(
        sa.select(NetworkSetting).where(
            NetworkSetting.network_id == network.id, NetworkSetting.name == setting.name
        )
    ) or NetworkSetting(network_id=network.id, name=setting.name)
    row.value = value
    db.session.add(row)
    db.session.flush()


def free_slug(name: str) -> str:
    """An address for public pages made of the name, with a number where the name is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "group"
    taken = set(db.session.scalars(sa.select(Group.slug).where(Group.slug.like(f"{base}%"))))
    numbered = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)

"""What a network may decide, with its type and what holds where nobody up the tree has decided."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from network.db import db
from network.tenancy.models import NetworkSetting


@dataclass(frozen=True)
class Setting:
    """The name, the type and the value that holds when no network in the line has set one."""

    name: str
    type: type
    fallback: Any = field(hash=False)


COMPOSITION_MINIMUM = Setting("composition_minimum", int, 0)
"""Percent of members with lived experience the network's country asks for; 0 asks nothing."""
RESERVE_PERCENT = Setting("reserve_percent", int, 0)
"""Share of contributions kept for hardship, offered to a new group; its own decision counts."""
COUNTRY_PROFILE = Setting("country_profile", str, "generic")
"""Which country's offices, forms and contacts apply."""
APPROVED_ONLY = Setting("approved_translations_only", bool, False)
"""Show only translations that a named reviewer approved."""
STAFF_LANGUAGES = Setting("staff_languages", list, ["en"])
"""The languages the people in the office read."""

GIVING_PREFIX = Setting("giving_prefix", str, "")
"""The prefix 360Giving gave a network that publishes its grants. A network's own: it is not taken from above."""
GIVING_IDENTIFIER = Setting("giving_identifier", str, "")
"""How a network is registered as an organisation, such as in its country's register. Not taken from above either."""


def own_setting(network_id: uuid.UUID, wanted: Setting) -> Any:
    """What this network itself has decided, whatever holds above it."""
    found = db.session.scalar(
        sa.select(NetworkSetting.value).where(
            NetworkSetting.network_id == network_id, NetworkSetting.name == wanted.name
        )
    )
    return wanted.fallback if found is None else found


def setting(network_id: uuid.UUID, wanted: Setting) -> Any:
    """The nearest value going up the tree. Raises `TypeError` where a stored value is of the wrong type."""
    line = sa.text(
        """with recursive line(id, parent_id, depth) as (
             select id, parent_id, 0 from networks where id = :network
             union all select n.id, n.parent_id, depth + 1 from networks n join line on n.id = line.parent_id)
           select s.value from line join network_settings s on s.network_id = line.id
           where s.name = :name order by depth limit 1"""
    ).columns(value=NetworkSetting.value.type)
    row = db.session.execute(line, {"network": network_id, "name": wanted.name}).first()
    if row is None:
        return wanted.fallback
    if not isinstance(row.value, wanted.type):
        raise TypeError(f"the setting {wanted.name} should be {wanted.type.__name__}")
    return row.value

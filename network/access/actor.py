"""Who is asking, and which roles they hold in the place the address names."""

import uuid
from dataclasses import dataclass, field

from flask import g
from flask_login import current_user

from network import clock
from network.accounts import queries
from network.tenancy import scope


@dataclass(frozen=True)
class Actor:
    """Somebody at the door. Roles are those held here and now; without a group in the address there are none."""

    account_id: uuid.UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    def holds(self, *roles: str) -> bool:
        """Whether at least one of these roles is held here now."""
        return not self.roles.isdisjoint(roles)


def current_actor() -> Actor:
    """The actor of this request: read once, at the time of the request, so that rights move the moment terms do."""
    if "actor" not in g:
        g.actor = _load()
    found: Actor = g.actor
    return found


def _load() -> Actor:
    if not current_user.is_authenticated:
        return Actor()
    group_id = scope.current().group_id
    roles = queries.roles_held(current_user.id, group_id, now=clock.now()) if group_id else frozenset()
    return Actor(current_user.id, roles)

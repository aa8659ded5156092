"""The table of permissions: each name with its lines. Any line grants; every question on the line must be true."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from network.access.actor import Actor

Question = Callable[[Actor, Any], bool]
Lines = Sequence[Sequence[Question]]

TABLE: dict[StrEnum, Lines] = {}


def register(lines: Mapping[Any, Lines]) -> None:
    """Add a package's permissions. A name can be decided in one place only."""
    for permission, its_lines in lines.items():
        if TABLE.get(permission, its_lines) is not its_lines:
            raise ValueError(f"{permission} is decided twice")
        TABLE[permission] = its_lines


def is_granted(permission: StrEnum, actor: Actor, subject: Any = None) -> bool:
    """Whether the table grants it. An unknown permission is an error, not a refusal."""
    return any(all(question(actor, subject) for question in line) for line in TABLE[permission])


def signed_in(actor: Actor, subject: Any) -> bool:  # noqa: ARG001 - every question takes both
    """Somebody is signed in."""
    return actor.is_signed_in


def anyone_here(actor: Actor, subject: Any) -> bool:  # noqa: ARG001 - every question takes both
    """Somebody who holds any role in this place."""
    return bool(actor.roles)


def holding(*roles: str) -> Question:
    """Make the question whether the actor holds one of these roles here."""

    def holds_role(actor: Actor, subject: Any) -> bool:  # noqa: ARG001 - every question takes both
        return actor.holds(*roles)

    holds_role.roles = roles  # type: ignore[attr-defined]
    holds_role.__doc__ = f"holds one of: {', '.join(roles)}"
    return holds_role

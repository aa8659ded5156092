"""The few ways on from every page of a group or an office; each package registers its own."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import request, url_for

from network.access.guard import can, current_group
from network.tenancy.models import GroupKind


@dataclass(frozen=True)
class Way:
    """A place to go: shown to whoever may go there."""

    endpoint: str
    label: Any
    permission: StrEnum
    order: int


_ways: dict[GroupKind, list[Way]] = {GroupKind.GROUP: [], GroupKind.OFFICE: []}


def register(kind: GroupKind, way: Way) -> None:
    """Add a way on from the pages of a group (or of an office)."""
    if way not in _ways[kind]:
        _ways[kind].append(way)
        _ways[kind].sort(key=lambda known: known.order)


def ways() -> list[tuple[str, Any, bool]]:
    """The ways on from here for the person asking: address, label, and whether it is where they are."""
    group = current_group()
    if group is None:
        return []
    here = (request.endpoint or "").partition(".")[0]
    return [
        (url_for(way.endpoint), way.label, here == way.endpoint.partition(".")[0])
        for way in _ways[group.kind]
        if can(way.permission)
    ]

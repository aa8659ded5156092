"""Everything about somebody in one file: for programs as JSON, and as a page that opens on any phone."""

import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template

from network.data_map.people import Row
from network.db import db
from network.mine import registry, rows, telling
from network.mine.rows import Found
from network.tenancy import scope
from network.tenancy.models import Group


@dataclass(frozen=True)
class TakenPlace:
    """A group or an office, and what it holds."""

    place: Group
    found: list[Found]


@dataclass(frozen=True)
class Taken:
    """All of it."""

    at: datetime
    own: list[Found]
    places: list[TakenPlace]
    is_all: bool = True
    """Whether what stands behind the door is in it too."""


def gather(account_id: uuid.UUID, *, with_seated: bool, now: datetime) -> Taken:
    """Go through each place in its own scope, one after the other; what stands behind the door only where it is open."""
    with scope.visiting(None, account_id):
        ids = rows.places_ever(account_id, with_seated=with_seated)
    places = []
    for place_id in ids:
        place = db.session.get_one(Group, place_id)
        places.append(TakenPlace(place, rows.in_place(account_id, place_id, with_seated=with_seated)))
    return Taken(now, rows.on_platform(account_id), places, is_all=with_seated)


def gather_of_member(place: Group, member_id: uuid.UUID, *, is_whole: bool, now: datetime) -> Taken:
    """What the group in scope holds about somebody without a sign-in, for whoever makes a copy for them."""
    return Taken(now, [], [TakenPlace(place, rows.of_member(member_id, is_whole=is_whole))])


def as_json(taken: Taken) -> bytes:
    """Every row and every column that is theirs."""
    told = {
        "made_at": taken.at,
        "with_what_stands_behind_the_password": taken.is_all,
        "you": _by_table(taken.own),
        "places": [
            {"id": one.place.id, "name": one.place.name, "rows": _by_table(one.found)} for one in taken.places
        ],
    }
    return json.dumps(told, default=_plain, ensure_ascii=False, indent=1).encode()


def as_page(taken: Taken) -> bytes:
    """The same to read, in the reader's language."""
    return render_template(
        "network/mine/taken.html",
        at=taken.at,
        is_all=taken.is_all,
        own=sections(taken.own, None),
        places=[(one.place, sections(one.found, one.place)) for one in taken.places],
    ).encode()


def as_zip(taken: Taken) -> bytes:
    """Both, in one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("my-page.html", as_page(taken))
        file.writestr("my-page.json", as_json(taken))
    return packed.getvalue()


def _by_table(found: list[Found]) -> dict[str, list[dict[str, Any]]]:
    told: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        told.setdefault(one.table, []).append({"about": one.row.value, **one.values})
    return told


def sections(found: list[Found], place: Group | None) -> list[dict[str, Any]]:
    """Part by part, with what is about them and what they did as facts to read."""
    counts: dict[str, int] = {}
    for one in found:
        counts[one.table] = counts.get(one.table, 0) + 1
    return [
        {
            "held": held,
            "theirs": _facts(found, held.part, place, Row.THEIRS),
            "acts": _facts(found, held.part, place, Row.ACTS),
        }
        for held in telling.parts_held(counts)
    ]


def _facts(
    found: list[Found], part: registry.Part, place: Group | None, row: Row
) -> list[list[tuple[Any, str]]]:
    return [telling.facts_of(one, place) for one in found if one.table in part.tables and one.row is row]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)

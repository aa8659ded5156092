"""The demo's world, and everything in it that belongs to the other group."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from werkzeug.routing import Rule

from network import clock, demo
from network.accounts import commands as accounts
from network.accounts.models import Account, RoleAssignment
from network.db import db
from network.permissions import Role as StaffRole
from network.tenancy.fence import IN_A_GROUP
from network.tenancy.models import Group
from network.tenancy.tables import kinds
from network.web.unit_of_work import Pamoja
from tests.factories.network import make_account, make_group, make_holder, make_network
from tests.support.app import in_scope, the_app

CALLED = {"entry_id": "journal", "opportunity_id": "opportunitie"}
"""What an address calls a row, where its table has another name."""
GROUP_ROLES = ("chairperson", "secretary", "treasurer", "committee", "facilitator", "disputes", "member")


@dataclass
class World:
    """Ours is a group of another network; theirs is the demo's fullest group, with three years in it."""

    ours: Group
    our_office: Group
    theirs: Group
    their_office: Group
    actors: dict[str, uuid.UUID | None] = field(default_factory=dict)
    ids: dict[str, list[uuid.UUID]] = field(default_factory=dict)
    """Their rows, by table."""
    office_ids: dict[str, list[uuid.UUID]] = field(default_factory=dict)
    """The same of their network's office."""


def build() -> World:
    """Tell the demo's story, and put a second group with every kind of person beside it."""
    with the_app().app_context():
        if not demo.is_told():
            demo.tell(clock.now())
    network = make_network(name="Elsewhere", country="GB")
    with in_scope():
        theirs = db.session.scalars(sa.select(Group).where(Group.slug == "mind-empowerment")).one()
        office = db.session.scalars(sa.select(Group).where(Group.slug == "usp-kenya-office")).one()
    world = World(ours=make_group(network), our_office=network.office, theirs=theirs, their_office=office)
    world.actors = {
        "anonymous": None,
        **{role: make_holder(role, world.ours).id for role in GROUP_ROLES},
        **{role.value: make_holder(role, network).id for role in StaffRole},
        "their network's staff": make_staff_of_theirs(office),
        "former chairperson": _former(world.ours),
        "suspended": _suspended(world.ours),
    }
    fenced = [name for name, kind in kinds().items() if kind in IN_A_GROUP]
    world.ids = {name: _ids(name, world.theirs) for name in fenced}
    world.office_ids = {name: _ids(name, world.their_office) for name in fenced}
    return world


def make_staff_of_theirs(office: Group) -> uuid.UUID:
    """Somebody with every role in their network's office."""
    account = make_account()
    with in_scope(office):
        for role in StaffRole:
            accounts.give_role(
                account.id, role, because_of=uuid.uuid4(), now=clock.now() - timedelta(minutes=1)
            )
    return account.id


def _former(group: Group) -> uuid.UUID:
    account = make_holder("chairperson", group)
    with in_scope(group):
        db.session.execute(
            sa.update(RoleAssignment)
            .where(RoleAssignment.account_id == account.id)
            .values(ends_at=clock.now())
        )
    return account.id


def _suspended(group: Group) -> uuid.UUID:
    account = make_holder("chairperson", group)
    with in_scope():
        db.session.execute(
            sa.update(Account).where(Account.id == account.id).values(suspended_at=clock.now())
        )
    return account.id


def _ids(table: str, place: Group) -> list[uuid.UUID]:
    """A few of their rows; sealed rows too, which only the owner of the tables could count."""
    with in_scope(place):
        rows = db.session.execute(
            sa.text(f"select id from {table} where group_id = scope.group_id() limit 3")
        )
        return list(rows.scalars())


def values_for(rule: Rule, world: World, *, place: uuid.UUID, theirs: bool) -> dict[str, object]:
    """Values for every parameter of a route: the place, and things of theirs (or of nobody)."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        if name in {"group_id", "network_id"}:
            values[name] = place
        elif name == "language":
            values[name] = "en"
        elif rule._converters[name].__class__.__name__ == "LanguageConverter":
            values[name] = "sw"
        elif rule._converters[name].__class__.__name__ == "UUIDConverter":
            values[name] = _one_of_theirs(name, _rows(rule, world)) if theirs else uuid.uuid4()
        else:
            values[name] = "nothing-here"
    return values


def _rows(rule: Rule, world: World) -> dict[str, list[uuid.UUID]]:
    """Rows of the office for an office's page, else of the group; where the office has none of a kind, the group's."""
    if not rule.rule.startswith("/n/"):
        return world.ids
    return {table: world.office_ids[table] or ids for table, ids in world.ids.items()}


def _one_of_theirs(parameter: str, rows: dict[str, list[uuid.UUID]]) -> uuid.UUID:
    """A row of theirs that the parameter's name points at; where no table has that name, any row of theirs."""
    stem = CALLED.get(parameter, parameter.removesuffix("_id"))
    named = [ids for table, ids in rows.items() if stem in table.rstrip("s") and ids]
    anything = [ids for ids in rows.values() if ids]
    return (named or anything)[0][0]


def place_rules(app: Pamoja, prefix: str) -> list[Rule]:
    """The routes inside a place."""
    return sorted(
        (rule for rule in app.url_map.iter_rules() if rule.rule.startswith(prefix)),
        key=lambda rule: rule.rule,
    )

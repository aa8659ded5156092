"""Every route × every role × another group's ids: nothing is shown, nothing is changed, nothing is told apart."""

import hashlib
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule

from network.db import db
from network.permissions import Role as StaffRole
from network.tenancy.fence import IN_A_GROUP
from network.tenancy.tables import kinds
from network.web.unit_of_work import Pamoja
from tests.isolation.world import GROUP_ROLES, World, place_rules, values_for
from tests.support.app import in_scope
from tests.support.client import StrictClient
from tests.support.said import words_of

pytestmark = pytest.mark.xdist_group("world")
NOT_LOOKED_AT = {"HEAD", "OPTIONS"}


def calls(app: Pamoja, prefix: str) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in place_rules(app, prefix)
        for method in sorted((rule.methods or set()) - NOT_LOOKED_AT)
    ]


def address(app: Pamoja, rule: Rule, values: dict[str, object]) -> str:
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, values)


def ask(client: StrictClient, method: str, path: str) -> tuple[int, str]:
    response = client.open(path, method=method, data={"csrf_token": "none"} if method == "POST" else None)
    return response.status_code, words_of(response)


@contextmanager
def as_actor(app: Pamoja, account_id: uuid.UUID | None) -> Iterator[StrictClient]:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    if account_id:
        client.sign_in(account_id)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # so that a refusal is the guard's, not the missing token's
    try:
        yield client
    finally:
        app.config["WTF_CSRF_CHECK_DEFAULT"] = True


def rows_of(group_id: uuid.UUID) -> dict[str, str]:
    """A fingerprint of everything a group has."""
    with in_scope(group_id):
        return {
            table: hashlib.sha256(
                str(
                    db.session.execute(
                        sa.text(
                            f"select md5(coalesce(string_agg(t::text, '' order by id), '')) from {table} t where group_id = :g"
                        ),
                        {"g": group_id},
                    ).scalar()
                ).encode()
            ).hexdigest()
            for table, kind in kinds().items()
            if kind in IN_A_GROUP
        }


OUTSIDERS = ("anonymous", "suspended")
"""These are asked to sign in, whatever they ask for."""


def test_no_role_elsewhere_opens_or_changes_anything_here(app: Pamoja, world: World) -> None:
    before = rows_of(world.theirs.id), rows_of(world.their_office.id)
    let_in = []
    for name, account_id in world.actors.items():
        with as_actor(app, account_id) as client:
            for prefix, place in (("/g/", world.theirs.id), ("/n/", world.their_office.id)):
                if prefix == "/n/" and name == "their network's staff":
                    continue
                for rule, method in calls(app, prefix):
                    path = address(app, rule, values_for(rule, world, place=place, theirs=True))
                    status, body = ask(client, method, path)
                    wanted = 302 if name in OUTSIDERS else 404
                    if status != wanted:
                        let_in.append((name, method, path, status))
                    assert world.theirs.name not in body, (name, path)
    assert let_in == []
    assert (rows_of(world.theirs.id), rows_of(world.their_office.id)) == before


OPENED_TO_ALL = {"library.show_resource", "library.use_resource"}
"""Inside one's own place: reading what another group opened to everybody, and noting that one used it."""


def test_another_groups_things_are_not_found_inside_ones_own(app: Pamoja, world: World) -> None:
    """The address names our place, and a thing of theirs: every reference in an address is asked of the fence."""
    let_in = []
    before = rows_of(world.theirs.id)
    for role in ("chairperson", "secretary", "treasurer", "facilitator", "member"):
        with as_actor(app, world.actors[role]) as client:
            for rule, method in calls(app, "/g/"):
                if rule.arguments == {"group_id"} or rule.endpoint in OPENED_TO_ALL:
                    continue
                path = address(app, rule, values_for(rule, world, place=world.ours.id, theirs=True))
                status, _ = ask(client, method, path)
                if status not in {403, 404}:
                    let_in.append((role, method, rule.rule, status))
    assert sorted({entry[2:] for entry in let_in}) == []
    assert rows_of(world.theirs.id) == before


def test_another_offices_things_are_not_found_inside_ones_own(app: Pamoja, world: World) -> None:
    let_in = []
    before = rows_of(world.their_office.id)
    for role in StaffRole:
        with as_actor(app, world.actors[role.value]) as client:
            for rule, method in calls(app, "/n/"):
                if rule.arguments == {"network_id"} or rule.endpoint in OPENED_TO_ALL:
                    continue
                path = address(app, rule, values_for(rule, world, place=world.our_office.id, theirs=True))
                status, _ = ask(client, method, path)
                if status not in {403, 404}:
                    let_in.append((role, method, rule.rule, status))
    assert sorted({entry[2:] for entry in let_in}) == []
    assert rows_of(world.their_office.id) == before


def test_a_group_that_exists_is_answered_like_one_that_does_not(app: Pamoja, world: World) -> None:
    """Same status, same words, same headers, same number of questions to the database."""
    nowhere = uuid.uuid4()
    with as_actor(app, world.actors["chairperson"]) as client:
        for prefix, place in (("/g/", world.theirs.id), ("/n/", world.their_office.id)):
            for rule, method in calls(app, prefix):
                there = _answer(app, client, method, rule, values_for(rule, world, place=place, theirs=True))
                not_there = _answer(
                    app, client, method, rule, values_for(rule, world, place=nowhere, theirs=False)
                )
                assert there == not_there, rule.rule


def _answer(
    app: Pamoja, client: StrictClient, method: str, rule: Rule, values: dict[str, object]
) -> tuple[object, ...]:
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    path = address(app, rule, values)
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        response = client.open(path, method=method)
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    body = re.sub(r"[0-9a-f-]{36}", "ID", words_of(response))
    headers = [
        (name, value) for name, value in response.headers if name not in {"Content-Length", "Set-Cookie"}
    ]
    return response.status_code, body, headers, statements


def test_an_office_has_no_pages_of_a_group(app: Pamoja, world: World) -> None:
    with as_actor(app, world.actors["their network's staff"]) as client:
        assert ask(client, "GET", f"/n/{world.their_office.id}/")[0] == 200
        for rule, method in calls(app, "/g/"):
            path = address(app, rule, values_for(rule, world, place=world.their_office.id, theirs=False))
            assert ask(client, method, path)[0] == 404, path
    with as_actor(app, world.actors["chairperson"]) as client:
        assert ask(client, "GET", f"/n/{world.ours.id}/")[0] == 404


def test_malformed_ids_are_not_found(app: Pamoja, world: World) -> None:
    with as_actor(app, world.actors["chairperson"]) as client:
        for path in ("/g/1/", "/g/nothing/", f"/g/{world.ours.id}x/", "/n/'%3B--/"):
            assert ask(client, "GET", path)[0] == 404


@pytest.mark.parametrize("role", [*GROUP_ROLES, *StaffRole])
def test_at_home_every_page_opens_or_is_refused_as_the_table_says(
    app: Pamoja, world: World, role: str
) -> None:
    from network.access import table

    is_staff, failures = role in set(StaffRole), []
    named, place, prefix = (
        ("network_id", world.our_office, "/n/") if is_staff else ("group_id", world.ours, "/g/")
    )
    with as_actor(app, world.actors[role]) as client:
        for rule in place_rules(app, prefix):
            if rule.arguments != {named} or "GET" not in (rule.methods or set()):
                continue
            guard = app.view_functions[rule.endpoint].guard  # type: ignore[attr-defined]
            asked = [[q for q in line if hasattr(q, "roles")] for line in table.TABLE[guard.permission]]
            impossible = all(any(role not in q.roles for q in line) for line in asked)
            status, _ = ask(client, "GET", address(app, rule, {named: place.id}))
            if impossible != (status == 403) or status >= 500:
                failures.append((rule.rule, status, "should be refused" if impossible else "should open"))
    assert failures == []

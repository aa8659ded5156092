"""Every route is accounted for: guarded, named as it is addressed, and harmless to look at."""

import re

import pytest
from werkzeug.routing import Rule

from network.access import table
from network.access.guard import Guard
from network.web.unit_of_work import Pamoja

TYPED = re.compile(r"<(\w+(?:\([^)]*\))?:)?(\w+)>")
FREE_WORDS = {"token", "slug", "filename"}
"""Parameters that are not random identifiers: private tokens, public addresses, our own files."""


def rules(app: Pamoja) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def guard_of(app: Pamoja, rule: Rule) -> Guard | None:
    return getattr(app.view_functions[rule.endpoint], "guard", None)


def test_every_view_declares_its_guard(app: Pamoja) -> None:
    bare = [rule.endpoint for rule in rules(app) if guard_of(app, rule) is None]
    assert not bare, f"put @requires(...), @by_link(...) or @public('why') on: {bare}"


def test_every_public_view_says_why(app: Pamoja) -> None:
    silent = [
        r.endpoint for r in rules(app) if (g := guard_of(app, r)) and not (g.permission or g.purpose or g.why)
    ]
    assert not silent, f"say in @public('...') why these are open to everybody: {silent}"


def test_every_permission_a_view_asks_is_in_the_table(app: Pamoja) -> None:
    asked = {g.permission for rule in rules(app) if (g := guard_of(app, rule)) and g.permission}
    assert asked <= set(table.TABLE), f"decide these in permissions.py: {asked - set(table.TABLE)}"


def test_every_permission_in_the_table_is_explained_where_it_is_named(app: Pamoja) -> None:
    import inspect

    for kind in {type(permission) for permission in table.TABLE}:
        source = inspect.getsource(kind)
        bare = [p.name for p in kind if not re.search(rf"{p.name} = .*\n\s+\"\"\"", source)]
        assert not bare, f"{kind.__module__}: one explaining line each under {bare}"


def test_places_are_always_guarded_by_a_permission(app: Pamoja) -> None:
    open_doors = [
        rule.rule
        for rule in rules(app)
        if rule.rule.startswith(("/g/", "/n/")) and not ((g := guard_of(app, rule)) and g.permission)
    ]
    assert not open_doors, f"inside a group or an office everything needs a permission: {open_doors}"


def test_addresses_are_kebab_case_and_every_parameter_is_typed(app: Pamoja) -> None:
    for rule in rules(app):
        fixed = TYPED.sub("", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", fixed), f"{rule.rule}: kebab-case, small letters"
        for kind, name in TYPED.findall(rule.rule):
            is_fine = kind in {"uuid:", "language:"} or name in FREE_WORDS or kind.startswith("any(")
            assert is_fine, f"{rule.rule}: {name} must be a random identifier"


@pytest.mark.parametrize("prefix", ["/g/", "/n/"])
def test_places_are_addressed_by_their_own_parameter(app: Pamoja, prefix: str) -> None:
    wanted = {"/g/": "<uuid:group_id>", "/n/": "<uuid:network_id>"}[prefix]
    wrong = [
        rule.rule
        for rule in rules(app)
        if rule.rule.startswith(prefix) and not rule.rule.startswith(prefix + wanted)
    ]
    assert not wrong

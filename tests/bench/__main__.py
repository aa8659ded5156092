"""Measure, print a table of ratios, stop."""

import os
import uuid

from groups.elections.counting import blt, scottish
from network import config, migrating, servers
from network.web.unit_of_work import Pamoja
from tests.bench import counting, ledger, rotation
from tests.bench.turns import SAMPLES, in_turn
from tests.factories.network import make_group, make_holder
from tests.support import app as under_test
from tests.support.client import StrictClient
from tests.support.servers import SETTINGS


def main() -> None:
    """With `ONLY=ledger` or `ONLY=rotation` these alone; with `SIZE=full` ten million legs, and 100,000 rows get a new key."""
    only = os.environ.get("ONLY")
    with servers.for_tests() as whole:
        if only is None:
            _small_things(whole)
        for measures in [
            one for one in (rotation, ledger) if only in (None, one.__name__.rpartition(".")[2])
        ]:
            for measured in measures.measures(whole):
                _print(*measured)


def _small_things(whole: servers.Addresses) -> None:
    own = whole.create_database(f"pamoja_bench_{os.getpid()}")
    migrating.upgrade(own.owner_url, migrating.web_role_of(own.web_url))
    os.environ.update(own.as_settings() | SETTINGS)
    from wsgi import create_app

    app = create_app(config.load(), testing=True)
    app.test_client_class = StrictClient
    under_test.use(app)
    _print("another group's page : a page that does not exist", *_not_found(app))
    _print("reading inside the fence : the same query as the owner of nothing", *_fence(app))
    _print("counting 11,000 papers, 12 candidates : reading their file", *_reading())
    for what, theirs, ours in counting.beside_others():
        _print(f"counting 11,000 papers by {what}", theirs, ours)


def _not_found(app: Pamoja) -> tuple[float, float]:
    """TEN-08: somebody must not learn from the time it takes whether a group exists."""
    client = app.test_client()
    assert isinstance(client, StrictClient)
    client.sign_in(make_holder("member", make_group()))
    theirs = make_group().id
    there = [f"/g/{theirs}/" for _ in range(SAMPLES)]
    nowhere = [f"/g/{uuid.uuid4()}/" for _ in range(SAMPLES)]
    return in_turn(lambda i: client.get(there[i]), lambda i: client.get(nowhere[i]))


def _fence(app: Pamoja) -> tuple[float, float]:
    """What telling the database the scope costs a transaction with one read."""
    import sqlalchemy as sa

    from network.db import db
    from tests.support.app import in_scope

    group = make_group()
    read = sa.text("select count(*) from role_assignments where group_id = :g")

    def inside(_: int) -> None:
        with in_scope(group):
            db.session.execute(read, {"g": group.id})

    with app.app_context():
        engine = db.engine

    def outside(_: int) -> None:
        with app.app_context(), engine.begin() as connection:
            connection.execute(read, {"g": group.id})

    return in_turn(inside, outside)


def _reading() -> tuple[float, float]:
    file = counting.a_file()
    papers = counting.some_papers()
    asked = {"candidates": counting.CANDIDATES, "seats": counting.SEATS, "lots": [counting.CANDIDATES]}
    return in_turn(lambda _: scottish.count(papers, **asked), lambda _: blt.read(file), samples=7)


def _print(what: str, one: float, other: float) -> None:
    print(f"{what:70} {one / other:6.2f}   ({one * 1000:.2f} ms : {other * 1000:.2f} ms)", flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()

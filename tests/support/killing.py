"""A process killed in the middle of a step: whatever it had written and not kept is as if it had never been."""

import os
import signal
import traceback
import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from network.db import Base, db
from network.tenancy.fence import Fence
from network.tenancy.tables import kinds
from tests.support.app import in_scope, the_app

WRITES = ("insert", "update", "delete")


def everything_in(group: Any) -> dict[str, str]:
    """A fingerprint of each table's rows of a group."""
    asked = " union all ".join(
        f"select '{table}' as place, md5(coalesce(string_agg(t::text, '' order by id), '')) as digest from {table} t where group_id = :g"
        for table, kind in kinds().items()
        if kind is not Fence.PLATFORM and "group_id" in Base.metadata.tables[table].columns
    )
    with in_scope(group):
        return {row.place: row.digest for row in db.session.execute(sa.text(asked), {"g": group.id})}


def kill_after(
    writes: int, step: Callable[[], object], *, group: Any, account: uuid.UUID | None = None
) -> bool:
    """Take a step in a process of its own that is killed (-9) after so many writes; true where it got to the end, short of keeping it."""
    said, tells = os.pipe()
    child = os.fork()
    if child == 0:
        _be_killed(writes, step, group, account, tells)
    os.close(tells)
    with os.fdopen(said) as words:
        told = words.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), told
    return told == "at the end"


def _be_killed(
    writes: int, step: Callable[[], object], group: Any, account: uuid.UUID | None, tells: int
) -> None:
    try:
        with the_app().app_context():
            db.engine.dispose(close=False)  # the connections are the parent's
            _count_writes(writes)
        with in_scope(group, account):
            step()
            db.session.flush()
            os.write(tells, b"at the end")
            os.kill(os.getpid(), signal.SIGKILL)
    except BaseException:  # noqa: BLE001 - told to the parent, which fails
        os.write(tells, traceback.format_exc().encode())
    os._exit(1)


def _count_writes(most: int) -> None:
    seen = 0

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal seen
        seen += statement.lstrip().lower().startswith(WRITES)
        if seen == most:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(db.engine, "after_cursor_execute", count)


def whole_or_not_at_all(step: Callable[[], Any], *, group: Any, account: uuid.UUID | None = None) -> Any:
    """Kill the step after each of its writes, and at its end; nothing may be left. Then take it; answers what it answers."""
    before, writes, is_at_end = everything_in(group), 0, False
    while not is_at_end:
        writes += 1
        is_at_end = kill_after(writes, step, group=group, account=account)
        assert everything_in(group) == before, (writes, step)
    assert writes > 1, "a step writes something"
    with in_scope(group, account):
        answer = step()
    assert everything_in(group) != before
    return answer

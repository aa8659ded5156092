"""Jobs that go from group to group: one group that fails keeps no other from its turn, and the log has no row in it."""

import uuid
from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest

from funding.onward import jobs as onward
from funding.statements import jobs as statements
from funding.verification import jobs as verification
from funding.welfare import jobs as welfare
from groups.ballots import jobs as ballots
from groups.challenges import jobs as challenges
from groups.notices import jobs as notices
from groups.tallies import jobs as tallies
from network import clock
from network.outbox.periodic import SomeFailed
from network.tenancy import scope
from tests.factories.network import make_group
from tests.support.app import the_app

JOBS: list[tuple[Callable[..., None], ModuleType | Any, str]] = [
    (verification.verify_books, verification.queries, "faults"),
    (statements.drop_names, statements.commands, "drop_names"),
    (welfare.destroy_requests, welfare.commands, "destroy_what_is_due"),
    (onward.ask_for_words, onward.commands, "ask_for_words"),
    (ballots.let_go_of_boxes, ballots.commands, "let_go"),
    (challenges.certify_results, challenges.queries, "due_for_certifying"),
    (notices.forget_old, notices.commands, "forget_old"),
    (tallies.forget_papers, tallies.commands, "forget_papers"),
]


@pytest.mark.parametrize(("job", "where", "name"), JOBS, ids=[name for _job, _where, name in JOBS])
def test_one_that_fails_keeps_no_other_back(
    app: object,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    job: Callable[..., None],
    where: Any,
    name: str,
) -> None:
    bad, good = make_group(), make_group()
    visited: list[uuid.UUID] = []
    row = "Failing row contains (Wanjiru)"

    def visit(*_args: datetime, **_named: datetime) -> list[Any]:
        visited.append(scope.group_id())
        if scope.group_id() in (bad.id, visited[0]):  # whoever comes first fails too
            raise ValueError(row)
        return []

    monkeypatch.setattr(where, name, visit)
    with the_app().app_context(), pytest.raises(SomeFailed):
        job(now=clock.now())
    assert {bad.id, good.id} <= set(visited)
    assert f"for {bad.id}, failed: ValueError" in caplog.text
    assert "Wanjiru" not in caplog.text

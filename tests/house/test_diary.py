"""Codes in the database, words at the edge: whatever is noted in the diary can be read by whom it concerns."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from funding.applications.models import ApplicationState
from funding.periods.models import ChangeKind
from groups.objectives.models import Outcome
from network.mine import registry
from network.web.unit_of_work import Pamoja

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("network", "groups", "facilitators", "funding", "translations")
FAMILIES = {
    "objective.{outcome}": [f"objective.{one}" for one in Outcome],
    "grant_application.{application.state}": [f"grant_application.{one}" for one in ApplicationState],
    "period.{change.kind}": [f"period.{one}" for one in ChangeKind],
    "referral.{why}": ["referral.closed", "referral.passed_over"],
    "members.added.{len(members)}": ["members.added"],
}
"""Codes that end with a code of their own, or with how many."""


def calls() -> Iterator[tuple[str, ast.expr]]:
    """The first argument of each `audit.record(…)`, with the module it stands in."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                    yield module, node.args[0]


def codes(module: str, said: ast.expr) -> list[str]:
    """What may be noted there."""
    if isinstance(said, ast.Constant):
        return [str(said.value)]
    if isinstance(said, ast.IfExp):
        return [*codes(module, said.body), *codes(module, said.orelse)]
    if isinstance(said, ast.JoinedStr):
        family = ast.unparse(said)[2:-1]
        assert family in FAMILIES, f"{module}: say in FAMILIES which codes {family} may be"
        return FAMILIES[family]
    found = importlib.import_module(module)
    for name in ast.unparse(said).split("."):
        found = getattr(found, name)
    return [str(found)]


@pytest.fixture(scope="module")
def noted(app: Pamoja) -> set[str]:
    return {code for module, said in calls() for code in codes(module, said)}


def test_each_code_of_the_diary_has_a_whole_sentence(noted: set[str]) -> None:
    words = registry.words_for("audit_events.event")
    assert len(noted) > 150
    assert not noted - set(words), "say it in the diary.py of its package, in a whole sentence"
    assert not [code for code in noted if not str(words[code]).endswith(".")]


def test_no_sentence_is_for_a_code_nobody_notes(noted: set[str], app: Pamoja) -> None:
    assert not set(registry.words_for("audit_events.event")) - noted

"""The tail is watched: a file near its cap is telling that a noun has grown up."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("network", "groups", "facilitators", "funding", "translations")
TOP = {
    ".ci",
    ".git",
    ".gitignore",
    "network",
    "groups",
    "facilitators",
    "funding",
    "translations",
    "tests",
    "docs",
    "wsgi.py",
    "pyproject.toml",
    "README.md",
    "CONTRIBUTING.md",
    "Makefile",
    "requirements.txt",
    "requirements-test.txt",
    # made on the machine, never committed
    ".venv",
    "var",
    ".pytest_cache",
    ".ruff_cache",
    ".mypy_cache",
    ".import_linter_cache",
    ".hypothesis",
    "__pycache__",
}
FORBIDDEN = {"utils", "helpers", "common", "misc", "manager", "handler", "data", "info", "process", "do"}
MODULES = sorted(
    p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if "migrations/versions" not in str(p)
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("templates/**/*") if p.is_file())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_nothing_else_lies_at_the_top() -> None:
    assert {p.name for p in ROOT.iterdir()} <= TOP


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_open_with_what_they_are_for_and_stay_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), f"{name(path)}: say in a sentence what it is for"
    assert len(source.splitlines()) <= 400, f"{name(path)}: a noun has grown up; give it its own folder"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 40, f"{name(path)}:{node.lineno} {node.name} is {length} lines"


@pytest.mark.parametrize("path", TESTS, ids=name)
def test_test_modules_stay_short_and_every_test_is_collected(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 500
    if not path.name.startswith("test_"):
        return
    tree = ast.parse(source)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    tops = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    methods = [node for c in classes for node in c.body if isinstance(node, ast.FunctionDef)]
    for node in (*tops, *methods):
        asserts = any(isinstance(inner, ast.Assert) for inner in ast.walk(node))
        is_named = node.name.startswith("test_") or _is_called(source, node.name) or _is_fixture(node)
        assert not asserts or is_named, f"{name(path)}: {node.name} asserts but is never run"


def _is_called(source: str, function: str) -> bool:
    return len(re.findall(rf"\b{function}\b", source)) > 1


def _is_fixture(node: ast.FunctionDef) -> bool:
    return any(
        "fixture" in ast.unparse(decorator)
        or "rule" in ast.unparse(decorator)
        or "invariant" in ast.unparse(decorator)
        for decorator in node.decorator_list
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


def test_no_file_or_function_is_named_for_nothing() -> None:
    files = [name(p) for p in MODULES if p.stem in FORBIDDEN]
    functions = [
        f"{name(p)}: {node.name}"
        for p in MODULES
        for node in ast.walk(ast.parse(p.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name.lower().strip("_") in FORBIDDEN
    ]
    assert files + functions == []


def test_no_template_switches_escaping_off() -> None:
    unsafe = [
        name(p)
        for p in TEMPLATES
        if re.search(r"\|\s*safe\b|autoescape false", p.read_text(encoding="utf-8"))
    ]
    code = [name(p) for p in MODULES if re.search(r"\bMarkup\(", p.read_text(encoding="utf-8"))]
    assert unsafe + code == []


def test_nothing_names_a_registry_host() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted|npmjs|index-url\s*=|deb\.debian")
    here = Path(__file__)
    listed = [p for p in ROOT.iterdir() if p.is_file()] + MODULES + TESTS
    assert [
        name(p) for p in listed if p != here and hosts.search(p.read_text(encoding="utf-8", errors="ignore"))
    ] == []


@pytest.mark.xdist_group("house")
def test_what_belongs_on_one_worker_is_sent_to_one(request: pytest.FixtureRequest) -> None:
    """The runner groups tests by what stands behind their names; where it is not written there, worlds are built twice."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@house")

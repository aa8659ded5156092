"""Every template can be rendered by name, is used, and says its title."""

import re
from pathlib import Path

import pytest

from network.web.unit_of_work import Pamoja
from tests.house.test_files import MODULES, ROOT, TEMPLATES, name

PAGES = [p for p in TEMPLATES if p.suffix == ".html"]


def inside(path: Path) -> str:
    return str(path).partition("/templates/")[2]


def test_every_template_compiles(app: Pamoja) -> None:
    for path in (p for p in TEMPLATES if p.suffix != ".typ"):  # paper has a compiler of its own
        app.jinja_env.get_template(inside(path))


def test_every_template_is_used() -> None:
    everything = "\n".join(p.read_text(encoding="utf-8") for p in (*MODULES, *TEMPLATES))
    unused = [
        name(p)
        for p in TEMPLATES
        if inside(p) not in everything
        and "errors/" not in inside(p)
        and inside(p).partition(".")[0] not in everything
    ]
    assert unused == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_pages_have_a_title_and_use_what_they_import(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    is_page = '{% extends "' in source and "/layouts/" not in str(path) and not path.name.startswith("_")
    if is_page:
        assert "{% block title %}" in source, "say the page's title"
    for macro in re.findall(r"{%-? from \"[^\"]+\" import ([\w, ]+)", source):
        for imported in macro.split(","):
            assert len(re.findall(rf"\b{imported.strip()}\b", source)) > 2 or len(
                re.findall(rf"\b{imported.strip()}\(", source)
            ), f"{name(path)} imports {imported} and does not use it"


def test_styles_know_no_left_or_right() -> None:
    sheet = (ROOT / "network" / "static" / "pamoja.css").read_text(encoding="utf-8")
    assert not re.search(
        r"(margin|padding|border)-(left|right)|text-align:\s*(left|right)|\b(left|right):", sheet
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_plural_says_what_is_counted(path: Path) -> None:
    """Without a name the first value decides, and that may be somebody's name."""
    source = path.read_text(encoding="utf-8")
    for values, sentence in re.findall(r"{%-?\s*trans\s+(.*?)-?%}(.*?){%-?\s*endtrans", source, re.DOTALL):
        several = len(re.findall(r"(?:^|,)\s*\w+\s*=", values)) > 1
        assert not (several and re.search(r"{%-?\s*pluralize\s*-?%}", sentence)), "say {% pluralize count %}"

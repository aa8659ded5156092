"""The demo says of real funds only what a source says: no day, no amount, no address, and nobody has checked them."""

import re
import tomllib
from typing import Any

import pytest

from funding.demo_chances import LISTED
from funding.grants.models import FunderKind
from funding.opportunities.models import Ask, Gives, Paper

ENTRIES = tomllib.loads(LISTED.read_text(encoding="utf-8"))["listed"]


@pytest.mark.parametrize("entry", ENTRIES, ids=[one["key"] for one in ENTRIES])
def test_what_is_real_is_not_made_up(entry: dict[str, Any]) -> None:
    assert not {"closes_on", "least", "most", "place", "link", "checked_on"} & entry.keys()
    assert entry["source"]
    assert not re.search(r"https?:|@|\+254|\b0[17]\d{8}\b", str(entry))


@pytest.mark.parametrize("entry", ENTRIES, ids=[one["key"] for one in ENTRIES])
def test_codes_are_known(entry: dict[str, Any]) -> None:
    assert entry["kind"] in list(FunderKind)
    assert entry["gives"] in list(Gives)
    assert set(entry["asks"]) <= set(Ask)
    assert set(entry["papers"]) <= set(Paper)

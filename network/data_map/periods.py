"""How long: the periods that stand as `days` in keeping.toml, for the jobs that go by them."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path


@cache
def _days() -> dict[str, int]:
    told = tomllib.loads((Path(__file__).resolve().parent / "keeping.toml").read_text(encoding="utf-8"))
    return {name: rule["days"] for name, rule in told.items() if "days" in rule}


def period(rule: str) -> timedelta:
    """How long what follows this rule of keeping is kept."""
    return timedelta(days=_days()[rule])

"""What `make run` says to the person in front of it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COLUMNS = {
    "role": "role",
    "name": "name",
    "sign_in": "sign in with",
    "password": "password",
    "home": "starts at",
}


def say(sentence: str) -> None:
    """One line, at once, also into a file."""
    print(sentence, flush=True)  # noqa: T201 - this is a command


def say_ready(url: str, *, sign_ins: str, seconds: float) -> None:
    """The address, who can sign in, and how to stop."""
    say(f"\nPamoja is ready after {seconds:.0f} seconds:\n\n  {url}\n")
    if sign_ins:
        say(f"Invented people of the demo, to sign in with:\n\n{sign_ins}\n")
    say("Ctrl-C stops everything. Logs are in var/log/.")


def demo_sign_ins(folder: Path, env: Mapping[str, str]) -> str:
    """Ask the application for the demo's sign-ins, as a table; empty where it has none."""
    asked = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "sign-ins", "--json"],
        cwd=folder,
        env=dict(env),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if asked.returncode:
        return f"(They cannot be shown: {asked.stderr.strip()[-300:]})"
    return as_table(json.loads(asked.stdout or "[]"))


def as_table(people: list[dict[str, str]]) -> str:
    """Plain columns, as wide as what stands in them."""
    if not people:
        return ""
    rows = [list(COLUMNS.values()), *([str(person.get(key, "")) for key in COLUMNS] for person in people)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )

"""`python -m network.servers run`: what `make run` calls."""

import argparse
import sys
from pathlib import Path

from network.servers.addresses import CannotServe
from network.servers.run import run

PROJECT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Read the command line; a refusal is one plain sentence, never a traceback."""
    parser = argparse.ArgumentParser(prog="python -m network.servers", description=__doc__)
    parser.add_argument("command", choices=["run"], help="start everything and stay until Ctrl-C")
    parser.add_argument("--folder", type=Path, default=PROJECT, help="where wsgi.py is and var/ will be")
    parser.add_argument(
        "--stop-with-parent", action="store_true", help="stop when the calling program is gone"
    )
    wanted = parser.parse_args()
    try:
        return run(wanted.folder.resolve(), stop_with_parent=wanted.stop_with_parent)
    except CannotServe as refusal:
        print(f"\nPamoja cannot run: {refusal}", file=sys.stderr)  # noqa: T201 - this is a command
        return 1


if __name__ == "__main__":
    sys.exit(main())

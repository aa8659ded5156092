"""
What `make run` writes into var/: the secrets, once, and the addresses, each time.

`var/run.env` is how a command typed in another shell finds the same servers. `var/secrets.env` is never
written twice: whoever loses the master key can no longer read what is sealed in the database.
"""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from network.servers.addresses import CannotServe

SECRETS = ("SECRET_KEY", "MASTER_KEY")


def secrets_of(var: Path, environ: Mapping[str, str], *, has_rows: bool) -> dict[str, str]:
    """The secrets from the environment, else from var/, else made now, but never beside rows of old ones."""
    path = var / "secrets.env"
    kept = read(path)
    given = {name: environ[name] for name in SECRETS if environ.get(name)}
    missing = [name for name in SECRETS if name not in kept and name not in given]
    if missing and has_rows:
        raise CannotServe(
            f"{path} has lost {' and '.join(missing)}, and what is sealed in the database needs it. "
            f"Put the file back from your backup. To begin anew with nothing, move {var} away."
        )
    if missing:
        kept |= {name: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode() for name in missing}
        write(path, kept, "Made once. Keep a copy in a safe place: sealed names and contacts need it.")
    return {name: value for name, value in (kept | given).items() if name in SECRETS}


def read(path: Path) -> dict[str, str]:
    """Read KEY=value lines; a file that is not there holds none."""
    if not path.is_file():
        return {}
    lines = (line.partition("=") for line in path.read_text(encoding="utf-8").splitlines())
    return {
        name.strip(): value.strip() for name, equals, value in lines if equals and not name.startswith("#")
    }


def write(path: Path, values: Mapping[str, str], note: str) -> None:
    """Write KEY=value lines for our own eyes only, complete or not at all."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as out:
        out.write(f"# {note}\n")
        out.writelines(f"{name}={value}\n" for name, value in values.items())
        out.flush()
        os.fsync(out.fileno())
    beside.rename(path)

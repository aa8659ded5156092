"""
Which system user the servers run as.

PostgreSQL refuses to run as root. Where root types `make run` (a container, a rented machine) the servers run
as `nobody`, who must then be able to read the programs and to reach the folder; both are arranged here,
without adding system users and without opening anybody's home.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from network.servers.addresses import CannotServe

ROOT = 0
KEPT_OUTSIDE = Path("/var/lib/pamoja")
ROOM_ABOVE = 60  # bytes, which leaves room for the names below


@dataclass(frozen=True)
class Owner:
    """The user a server runs as: ourselves, or somebody with fewer rights when we are root."""

    uid: int
    gid: int

    @classmethod
    def ourselves(cls) -> "Owner":
        """The user who typed the command."""
        return cls(os.geteuid(), os.getegid())

    @classmethod
    def of_servers(cls, folder: Path) -> "Owner":
        """Whoever owns the folder already, as after a run as an ordinary user; for root else `nobody`."""
        if os.geteuid() != ROOT:
            return cls.ourselves()
        if folder.exists() and (found := folder.stat()).st_uid != ROOT:
            return cls(found.st_uid, found.st_gid)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def is_somebody_else(self) -> bool:
        """Whether we step down to run as this user."""
        return self.uid != os.geteuid()

    def for_popen(self) -> dict[str, Any]:
        """What subprocess needs to step down."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_somebody_else else {}

    def may_enter(self, path: Path) -> bool:
        """Whether this user can reach a folder, or execute a program, through everything above it."""
        ask = ["test", "-x", str(path)]
        asked = subprocess.run(ask, check=False, cwd="/", **self.for_popen())  # noqa: S603 - plain `test`
        return asked.returncode == 0

    def make_folder(self, path: Path) -> Path:
        """Make a folder that only this user (and root) can look into."""
        path.mkdir(mode=0o700, exist_ok=True)
        if (found := path.lstat()).st_uid not in {self.uid, os.geteuid()} or path.is_symlink():
            raise CannotServe(
                f"{path} belongs to another user ({found.st_uid}); remove it or run as that user."
            )
        if self.is_somebody_else:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)
        return path


def home_of_servers(var: Path) -> Path:
    """
    The folder under which the servers keep what they store: var/ itself wherever they can reach it.

    Below a closed home, such as /root, `nobody` cannot: then it is a folder elsewhere, and var/servers points
    there.
    """
    home = var / "servers"
    if home.is_symlink() or home.is_dir():
        return home.resolve()
    if os.geteuid() == ROOT:
        var.chmod(0o711)  # the servers may pass through; they see only what belongs to them
        if not Owner.of_servers(home).may_enter(var):
            KEPT_OUTSIDE.mkdir(parents=True, exist_ok=True)
            # A new one each time: what an older checkout of this name left there is not ours to open.
            outside = Path(tempfile.mkdtemp(prefix=f"{var.parent.name}-", dir=KEPT_OUTSIDE))
            outside.chmod(0o711)
            home.symlink_to(outside)
            return outside
    home.mkdir(mode=0o711)
    return home


def readable_programs(program: Path, package: str, *, owner: Owner, home: Path) -> Path:
    """Where the owner can execute a packaged program: where it is, or in a copy of its package."""
    if owner.may_enter(program):
        return program
    site = Path(str(importlib.util.find_spec(package).origin)).parent.parent  # type: ignore[union-attr] # it was found
    copies = home / "programs" / f"{package}-{importlib.metadata.version(package)}"
    if not copies.exists():
        unfinished = copies.with_name(f"{copies.name}.{os.getpid()}")
        for name in (package, f"{package}.libs"):  # the second holds libraries that the programs need
            if (site / name).exists():
                shutil.copytree(site / name, unfinished / name, symlinks=True)
        _open_for_reading(home / "programs")
        unfinished.rename(copies)
    return copies / program.relative_to(site)


def _open_for_reading(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def socket_folder(key: Path, owner: Owner) -> Path:
    """
    The folder for sockets: a short name, the same for the same servers. It is made when they start.

    A socket's path must stay below 107 bytes, so it cannot be below a checkout with a long name.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    above = Path("/tmp")  # noqa: S108 - the folder in it is ours alone: 0700, and checked
    if runtime and len(runtime) < ROOM_ABOVE and os.access(runtime, os.W_OK) and os.geteuid() != ROOT:
        above = Path(runtime)
    name = hashlib.sha256(str(key).encode()).hexdigest()[:12]
    return above / f"pamoja-{owner.uid}-{name}"

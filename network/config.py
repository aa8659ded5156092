"""Settings, from the environment first and from what `make run` wrote second; unsafe values refuse to start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

RUN_SETTINGS = Path(__file__).resolve().parent.parent / "var" / "run.env"


class UnsafeSettings(Exception):
    """The service must not start like this; the text says which setting and why."""


@dataclass(frozen=True)
class Settings:
    """Where the servers are and which secrets are ours. Empty where a command needs none of them."""

    database_url: str = ""
    owner_url: str = ""
    redis_url: str = ""
    secret_key: str = ""
    master_key: str = ""
    master_key_before: str = ""
    """The one before, only while the master key is being changed (`flask vault rewrap`)."""
    public_url: str = "http://127.0.0.1:8000"
    default_language: str = "en"
    letters_folder: str = ""
    smtp_url: str = ""
    erasures_file: str = ""
    """Where those who asked to be forgotten are listed: outside the database, and outside its backups."""
    trusted_proxies: str = "0"
    """How many servers of our own stand before this one; only what the nearest of them say of the visitor is believed."""

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


THIS_MACHINE = {"127.0.0.1", "localhost", "0.0.0.0", "::", "::1"}  # noqa: S104 - compared with, never listened on
NAMES = {
    "DATABASE_URL": "database_url",
    "DATABASE_OWNER_URL": "owner_url",
    "REDIS_URL": "redis_url",
    "SECRET_KEY": "secret_key",
    "MASTER_KEY": "master_key",
    "MASTER_KEY_BEFORE": "master_key_before",
    "PUBLIC_URL": "public_url",
    "DEFAULT_LANGUAGE": "default_language",
    "LETTERS_FOLDER": "letters_folder",
    "SMTP_URL": "smtp_url",
    "ERASURES_FILE": "erasures_file",
    "TRUSTED_PROXIES": "trusted_proxies",
}


def load(environ: Mapping[str, str] | None = None, written: Path = RUN_SETTINGS) -> Settings:
    """Read the settings; nothing is checked here, because some commands need none of them."""
    environ = os.environ if environ is None else environ
    values = {**_written_by_make_run(written), **environ}
    return Settings(**{ours: values[theirs] for theirs, ours in NAMES.items() if values.get(theirs)})


def _written_by_make_run(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = (line.partition("=") for line in path.read_text(encoding="utf-8").splitlines())
    return {
        name.strip(): value.strip() for name, equals, value in lines if equals and not name.startswith("#")
    }


def require_serving(settings: Settings) -> None:
    """Refuse to serve people with a secret or a server missing."""
    needed = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
        "MASTER_KEY": settings.master_key,
    }
    if missing := [name for name, value in needed.items() if not value]:
        raise UnsafeSettings(
            f"These settings are missing: {', '.join(missing)}. `make run` makes them for you."
        )
    if min(len(settings.secret_key), len(settings.master_key)) < 32:  # noqa: PLR2004 - 32 characters hold 128 bits in hex
        raise UnsafeSettings("SECRET_KEY and MASTER_KEY need at least 32 random characters each.")
    if min(len(set(settings.secret_key)), len(set(settings.master_key))) < 10:  # noqa: PLR2004 - a word repeated is no secret
        raise UnsafeSettings("SECRET_KEY and MASTER_KEY must be random.")
    if settings.secret_key == settings.master_key:
        raise UnsafeSettings("SECRET_KEY and MASTER_KEY must not be the same.")
    if not settings.trusted_proxies.isdecimal():
        raise UnsafeSettings("TRUSTED_PROXIES is a number: how many servers of yours stand before this one.")
    if not settings.is_https and urlsplit(settings.public_url).hostname not in THIS_MACHINE:
        raise UnsafeSettings("PUBLIC_URL must begin with https:// anywhere but on this machine.")

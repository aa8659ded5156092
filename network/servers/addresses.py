"""Where the servers are, as one value to hand around; and how one address is made from another."""

from dataclasses import asdict, dataclass, replace
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit


class CannotServe(Exception):
    """The servers cannot be used like this; the text says in plain words what is in the way."""


@dataclass(frozen=True)
class Addresses:
    """
    One database seen by three roles, and one queue.

    `web_url` is the ordinary role that serves people, `owner_url` migrates, `admin_url` may create databases
    (it is empty where nobody gave us such a role).
    """

    web_url: str
    owner_url: str
    admin_url: str
    redis_url: str

    def as_settings(self) -> dict[str, str]:
        """Say them in the names of the environment."""
        return {
            "DATABASE_URL": self.web_url,
            "DATABASE_OWNER_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
        }

    def as_dict(self) -> dict[str, str]:
        """Make them small enough to hand to another process."""
        return asdict(self)

    def of_database(self, name: str) -> "Addresses":
        """Point at another database on the same server."""
        return replace(
            self,
            web_url=with_database(self.web_url, name),
            owner_url=with_database(self.owner_url, name),
            admin_url=with_database(self.admin_url, name),
        )

    def with_redis_number(self, number: int) -> "Addresses":
        """Point at another numbered database of the queue's server."""
        parts = urlsplit(self.redis_url)
        query = dict(parse_qsl(parts.query)) | {"db": str(number)}
        return replace(self, redis_url=_joined(parts._replace(query=urlencode(query, safe="/"))))

    def create_database(self, name: str, template: str | None = None) -> "Addresses":
        """Make an empty database, or a copy of `template`, for the owner; return its addresses."""
        from network.servers import roles

        roles.create_database(self, name, template=template)
        return self.of_database(name)

    def drop_database(self, name: str) -> None:
        """Remove a database of a test run, whoever is still connected to it."""
        from network.servers import roles

        roles.drop_database(self, name)


def plain(url: str) -> str:
    """Write a database address the way libpq reads it, without SQLAlchemy's `+driver`."""
    scheme, colon, rest = url.partition("://")
    if not colon or scheme.partition("+")[0] not in {"postgresql", "postgres"}:
        raise CannotServe("DATABASE_URL must begin with postgresql://")
    return f"postgresql://{rest}"


def database_of(url: str) -> str:
    """Which database an address names."""
    return urlsplit(url).path.lstrip("/")


def with_database(url: str, name: str) -> str:
    """Write the same address with another database; an empty address stays empty."""
    return _joined(urlsplit(url)._replace(path=f"/{quote(name, safe='')}")) if url else ""


def with_role(url: str, role: str, password: str | None) -> str:
    """Write the same address with another role."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    who = quote(role, safe="") + (f":{quote(password, safe='')}" if password else "")
    return _joined(parts._replace(netloc=f"{who}@{host}"))


def password_in(url: str) -> str | None:
    """Read the password of an address, if it carries one."""
    return urlsplit(url).password


def _joined(parts: SplitResult) -> str:
    """Put an address together again; the standard function drops the slashes where there is no host name."""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}{query}"

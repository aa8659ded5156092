"""Where the web server listens, whether that place is free, and whether what answers there is well."""

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from network.servers.addresses import CannotServe

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - what a person may ask for
LAST_PORT = 65535


@dataclass(frozen=True)
class Place:
    """A host and a port."""

    host: str = "127.0.0.1"
    port: int = 8000

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Place":
        """Read HOST and PORT."""
        given = environ.get("PORT") or "8000"
        if not given.isascii() or not given.isdecimal() or not 0 < int(given) <= LAST_PORT:
            raise CannotServe(f"PORT must be a number from 1 to {LAST_PORT}, not {given!r}.")
        return cls(environ.get("HOST") or "127.0.0.1", int(given))

    @property
    def near(self) -> str:
        """The host as this machine itself reaches it."""
        return EVERYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        """The address for a browser on this machine."""
        return f"http://{f'[{self.near}]' if ':' in self.near else self.near}:{self.port}"

    def refuse_if_taken(self) -> None:
        """Say clearly that another program listens here, before anything is started."""
        try:
            family, kind, _, _, where = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(where)
                tried.listen(1)
        except OSError as refused:
            raise CannotServe(
                f"nothing can be served at {self.host}, port {self.port} ({refused.strerror}). "
                f"If another program uses that port, choose one that is free: make run PORT={self.port + 1}"
            ) from refused

    def is_well(self) -> bool:
        """Whether web, database, queue and worker all say that they are well."""
        return self.health()[0] == http.client.OK

    def health(self) -> tuple[int, str]:
        """What the health page answers; 0 where nothing answers."""
        asked = http.client.HTTPConnection(self.near, self.port, timeout=10)
        try:
            asked.request("GET", "/healthz")
            answer = asked.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            asked.close()

"""Addresses made from addresses."""

import pytest

from network.servers import addresses
from network.servers.addresses import Addresses, CannotServe
from network.servers.roles import password_of

SOCKET = "postgresql://postgres@/postgres?host=/tmp/pamoja"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (SOCKET, "postgresql://postgres@/x%20y?host=/tmp/pamoja"),
        (
            "postgresql://a:b@host:5433/old?sslmode=require",
            "postgresql://a:b@host:5433/x%20y?sslmode=require",
        ),
        ("postgresql:///old?host=/run", "postgresql:///x%20y?host=/run"),
        ("", ""),
    ],
)
def test_another_database(url: str, expected: str) -> None:
    assert addresses.with_database(url, "x y") == expected


@pytest.mark.parametrize(
    ("url", "password", "expected"),
    [
        (SOCKET, None, "postgresql://web@/postgres?host=/tmp/pamoja"),
        ("postgresql://a:b@host:5433/db", "p/w", "postgresql://web:p%2Fw@host:5433/db"),
        ("postgresql:///db", None, "postgresql://web@/db"),
    ],
)
def test_another_role(url: str, password: str | None, expected: str) -> None:
    assert addresses.with_role(url, "web", password) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///tmp/a/valkey.sock?db=0", "unix:///tmp/a/valkey.sock?db=3"),
        ("redis://:secret@host:6379/0", "redis://:secret@host:6379/0?db=3"),
    ],
)
def test_another_redis_number(url: str, expected: str) -> None:
    assert Addresses("", "", "", url).with_redis_number(3).redis_url == expected


def test_other_databases_are_refused_by_name() -> None:
    with pytest.raises(CannotServe, match="postgresql://"):
        addresses.plain("sqlite:///x.db")


def test_passwords_follow_from_the_administrators_and_differ_by_role() -> None:
    url = "postgresql://admin:secret@host/db"
    assert password_of("pamoja_web", url) == password_of("pamoja_web", url)
    assert password_of("pamoja_web", url) != password_of("pamoja_owner", url)
    assert password_of("pamoja_web", SOCKET) is None

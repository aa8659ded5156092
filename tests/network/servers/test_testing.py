"""The servers that tests and `make run` stand on: who may do what, and which are used."""

import os
from pathlib import Path

import psycopg
import pytest
import redis

from network.servers import Addresses, CannotServe, roles
from network.servers.testing import named_by


class TestOwnServers:
    def test_tests_run_as_an_ordinary_role(self, database_urls: Addresses) -> None:
        assert roles.why_not_ordinary(database_urls.web_url) is None

    def test_the_owner_and_the_administrator_are_not_ordinary(self, database_urls: Addresses) -> None:
        assert roles.why_not_ordinary(database_urls.owner_url) == "is the owner"
        assert roles.why_not_ordinary(database_urls.admin_url) is not None

    def test_both_roles_have_no_powers_over_the_server(self, database_urls: Addresses) -> None:
        with psycopg.connect(database_urls.admin_url) as db:
            found = db.execute(
                "SELECT rolname FROM pg_roles WHERE rolname IN ('pamoja_owner', 'pamoja_web') AND rolcanlogin"
                " AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
            ).fetchall()
        assert len(found) == 2

    def test_postgresql_is_not_older_than_we_support(self, database_urls: Addresses) -> None:
        with psycopg.connect(database_urls.web_url) as db:
            assert db.info.server_version >= 150000

    def test_the_queue_answers(self, redis_url: str) -> None:
        with redis.Redis.from_url(redis_url) as client:
            assert client.ping()
            assert client.connection_pool.connection_kwargs["db"] > 0

    def test_the_application_finds_the_same_servers(self, database_urls: Addresses) -> None:
        assert os.environ["DATABASE_URL"] == database_urls.web_url
        assert os.environ["REDIS_URL"] == database_urls.redis_url


class TestCreateDatabase:
    def test_a_copy_holds_what_the_template_holds(self, database_urls: Addresses) -> None:
        template = database_urls.create_database("copied_from")
        with psycopg.connect(template.owner_url) as db:
            db.execute("CREATE TABLE seen (id int)")
        copy = database_urls.create_database("copied_to", template="copied_from")
        with psycopg.connect(copy.owner_url) as db:
            assert db.execute("SELECT count(*) FROM seen").fetchone() == (0,)
        for name in ("copied_to", "copied_from"):
            database_urls.drop_database(name)

    def test_nobody_but_our_roles_may_come_in(self, empty_database: Addresses) -> None:
        with psycopg.connect(empty_database.admin_url) as db:
            asked = "SELECT grantee FROM pg_database, aclexplode(datacl) WHERE datname = current_database()"
            grantees = {row[0] for row in db.execute(asked)}
        assert 0 not in grantees  # 0 is everybody


class TestNamedBy:
    def test_nothing_named_means_our_own(self) -> None:
        assert named_by({}, "redis://x") is None

    def test_an_administrators_address_makes_both_roles(self, database_urls: Addresses) -> None:
        found = named_by({"DATABASE_URL": database_urls.admin_url}, "redis://x")
        assert found is not None
        assert roles.why_not_ordinary(found.web_url) is None
        assert found.owner_url == database_urls.owner_url

    def test_a_database_that_is_still_to_be_made_is_made(self, database_urls: Addresses) -> None:
        given = database_urls.of_database("still_to_be_made").admin_url
        found = named_by({"DATABASE_URL": given}, "redis://x")
        assert found is not None
        assert roles.why_not_ordinary(found.web_url) is None
        database_urls.drop_database("still_to_be_made")

    def test_an_ordinary_address_alone_is_refused(self, database_urls: Addresses) -> None:
        with pytest.raises(CannotServe, match="DATABASE_OWNER_URL"):
            named_by({"DATABASE_URL": database_urls.web_url}, "redis://x")

    def test_serving_as_the_owner_is_refused(self, database_urls: Addresses) -> None:
        given = {"DATABASE_URL": database_urls.owner_url, "DATABASE_OWNER_URL": database_urls.owner_url}
        with pytest.raises(CannotServe, match="ordinary role"):
            named_by(given, "redis://x")

    def test_drivers_named_for_sqlalchemy_are_understood(self, database_urls: Addresses) -> None:
        given = {
            "DATABASE_URL": database_urls.web_url.replace("postgresql:", "postgresql+psycopg:"),
            "DATABASE_OWNER_URL": database_urls.owner_url,
        }
        found = named_by(given, "redis://x")
        assert found is not None
        assert found.web_url == database_urls.web_url


def test_the_servers_import_neither_flask_nor_the_application() -> None:
    import subprocess
    import sys

    look = "import sys, network.servers.run; sys.exit('flask' in sys.modules or 'network.app' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], cwd=Path.cwd(), check=False).returncode == 0

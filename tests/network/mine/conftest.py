"""The demo's story in a database of its own, in which somebody may be forgotten."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from network import clock, demo
from network.accounts.queries import find_account
from network.servers import Addresses
from network.web.unit_of_work import Pamoja
from tests.support.app import another_app, in_scope, use
from tests.support.servers import TEMPLATE, exists, one_worker, told


@dataclass
class Story:
    """An application in which the demo's story is told."""

    app: Pamoja
    urls: Addresses
    erasures: Path

    def account(self, sign_in: str) -> UUID:
        with in_scope():
            account = find_account(sign_in)
            assert account
            return account.id


@pytest.fixture(scope="session")
def told_story(app: Pamoja, database_urls: Addresses, pytestconfig: pytest.Config) -> str:
    """The name of a database with the story in it. Telling takes long, so the first worker tells it and all copy it."""
    empty = pytestconfig.stash[TEMPLATE]
    name = told(empty)
    with one_worker(pytestconfig):
        if not exists(database_urls, name):
            urls = database_urls.create_database(name, template=empty)
            try:
                with another_app(database_url=urls.web_url, owner_url=urls.owner_url) as made:
                    use(made)
                    with made.app_context():
                        demo.tell(clock.now())
            except BaseException:  # nobody copies half a story
                database_urls.drop_database(name)
                raise
            finally:
                use(app)
    return name


@pytest.fixture
def story(app: Pamoja, database_urls: Addresses, told_story: str, tmp_path: Path) -> Iterator[Story]:
    """A copy for each test: what one lets into a row, the next may find where it belongs to somebody else."""
    name = f"pamoja_story_{os.getpid()}"
    urls = database_urls.create_database(name, template=told_story)
    erasures = tmp_path / "erasures.jsonl"
    with another_app(
        database_url=urls.web_url, owner_url=urls.owner_url, erasures_file=str(erasures)
    ) as made:
        use(made)
        yield Story(made, urls, erasures)
        use(app)
    database_urls.drop_database(name)

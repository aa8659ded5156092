"""Fixtures every test may ask for: the application, and a strict client."""

import os
from pathlib import Path
from random import randrange

import pytest
from hypothesis import HealthCheck, settings

from network import config
from network.servers import Addresses
from network.web.unit_of_work import Pamoja
from tests.support import app as under_test
from tests.support.client import StrictClient

# Nothing asserts a time: a busy machine is slow, not wrong.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def test_settings(database_urls: Addresses) -> config.Settings:
    """The settings of this worker's servers; letters land in a folder nobody reads."""
    assert database_urls.web_url == os.environ["DATABASE_URL"]
    return config.load(written=Path(os.devnull))


@pytest.fixture(scope="session", autouse=True)
def app(test_settings: config.Settings) -> Pamoja:
    """The whole service on this worker's own database."""
    from wsgi import create_app

    made = create_app(test_settings, testing=True)
    made.test_client_class = StrictClient
    under_test.use(made)
    return made


@pytest.fixture
def client(app: Pamoja) -> StrictClient:
    """A browser nobody has signed in with, in a place of its own: tries are counted by place."""
    made = app.test_client()
    made.environ_base["REMOTE_ADDR"] = f"10.{randrange(256)}.{randrange(256)}.1"
    assert isinstance(made, StrictClient)
    return made

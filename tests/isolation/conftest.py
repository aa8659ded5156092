"""The world is built once for the worker that runs these tests."""

import pytest

from network.web.unit_of_work import Pamoja
from tests.isolation.world import World, build


@pytest.fixture(scope="session")
def world(app: Pamoja) -> World:
    return build()

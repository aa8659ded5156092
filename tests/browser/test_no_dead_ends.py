"""Nobody is led to a page that refuses them: what a page links to opens for whoever reads the page."""

import pytest

from network.web.unit_of_work import Pamoja
from tests.browser.visitor import shape_of
from tests.support.client import StrictClient

pytestmark = pytest.mark.xdist_group("browser")
ASIDE = ("/leave", "/language/", "/static/", "/sign-out", ".json", "mailto:", "tel:", "sms:")


def test_every_link_opens_for_whoever_sees_it(app: Pamoja, story: list[dict[str, str]]) -> None:
    dead = []
    for who in story:
        client = app.test_client()
        assert isinstance(client, StrictClient)
        page = client.fetch("/sign-in")
        client.send(page, {"sign_in": who["sign_in"], "password": who["password"]})
        seen: set[str] = set()
        waiting = [("/sign-in", who["home"])]
        while waiting:
            source, path = waiting.pop(0)
            if shape_of(path) in seen or not path.startswith("/") or any(part in path for part in ASIDE):
                continue
            seen.add(shape_of(path))
            found = client.fetch(path)
            if found.status >= 400:
                dead.append((who["name"], source, path, found.status))
                continue
            if found.response.mimetype == "text/html":
                waiting += [(path, link) for link in found.links]
    assert dead == []

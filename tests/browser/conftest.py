"""The demo's world behind a real server, and a browser in front of it."""

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from network import clock, demo
from network.web.unit_of_work import Pamoja
from tests.browser.visitor import Visitor


@pytest.fixture(scope="session")
def story(app: Pamoja) -> list[dict[str, str]]:
    """The demo is told once; returns its sign-ins."""
    with app.app_context():
        if not demo.is_told():
            demo.tell(clock.now())
    with app.test_request_context():
        return demo.sign_ins()


@pytest.fixture(scope="session")
def address(app: Pamoja, story: list[dict[str, str]]) -> Iterator[str]:
    """Where the service is served for the browser."""
    assert story
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture
def visit(chromium: object, address: str) -> Iterator[object]:
    """Open a browser of one's own: `visit(width=360, language="sw")`."""
    opened: list[Visitor] = []

    def open_one(**wishes: object) -> Visitor:
        opened.append(Visitor(chromium, address, **wishes))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for visitor in opened:
        visitor.close()

"""Every money page opens for whoever may open it, also when there is nothing on it."""

import pytest

from tests.factories.funding import make_officers
from tests.support.client import StrictClient

PATHS = (
    "", "/sheet", "/sheets", "/mine", "/waiting", "/expenses/record", "/income/record", "/transfers/record", "/hardship",
    "/hardship/ask", "/reserve", "/reserve/decide", "/agreed-amount", "/agreed-amount/decide",
    "/sheet.pdf", "/mine/card.pdf", "/receipts", "/report", "/report?quarter=2026-Q1", "/report?month=garbage", "/on", "/on?day=2020-02-29",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_empty_pages_open(client: StrictClient, path: str) -> None:
    people = make_officers()
    client.sign_in(people.treasurer)
    assert client.fetch(f"/g/{people.group.id}/money{path}").status == 200

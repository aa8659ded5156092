"""Long lists in parts: every row once, nothing counted, nothing skipped over."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from funding.contributions import queries
from funding.contributions.models import ContributionSheet
from network.web.paging import Stretch, stretch_of
from tests.factories.funding import Officers, make_members, make_officers, save_sheet, today
from tests.support.app import in_scope, the_app
from tests.support.client import StrictClient
from tests.support.statements import statements


@pytest.fixture
def people(app: object) -> Officers:
    """A group with seven sheets, some of one day."""
    made = make_officers()
    member = make_members(made, "Achieng")["Achieng"]
    for back in (3, 1, 1, 2, 1, 3, 2):
        save_sheet(made, {member: 100}, received_on=today() - timedelta(days=back))
    return made


def part(people: Officers, after: object = "") -> Stretch:
    with the_app().test_request_context(f"/?after={after}"), in_scope(people.group):
        return stretch_of(queries.sheets(), *queries.ORDER_OF_SHEETS, per_page=3)


def parts(people: Officers) -> Iterator[list[ContributionSheet]]:
    found = part(people)
    yield found.items
    while found.further:
        found = part(people, found.further)
        yield found.items


def test_every_row_comes_once_in_order(people: Officers) -> None:
    found = list(parts(people))
    assert [len(items) for items in found] == [3, 3, 1]
    rows = [(one.received_on, one.recorded_at, one.id) for items in found for one in items]
    assert rows == sorted(set(rows), reverse=True)
    assert len(rows) == 7


def test_what_is_written_meanwhile_moves_nothing(people: Officers) -> None:
    first = part(people)
    save_sheet(people, {make_members(people, "Baraka")["Baraka"]: 100})
    assert {one.id for one in part(people, first.further).items}.isdisjoint({one.id for one in first.items})


@pytest.mark.parametrize("after", ["", "x", "1", uuid.uuid4()])
def test_a_row_that_is_not_there_is_the_beginning(people: Officers, after: object) -> None:
    found = part(people, after)
    assert (found.is_first, [one.id for one in found.items]) == (True, [one.id for one in part(people).items])


def test_nothing_is_counted_nor_skipped(people: Officers) -> None:
    further = part(people).further
    with statements() as asked:
        part(people, further)
    assert not [one for one in asked if "count(" in one.lower() or "offset" in one.lower()]


def test_the_page_leads_on_and_back(client: StrictClient, people: Officers) -> None:
    member = make_members(people, "Chebet")["Chebet"]
    for _ in range(20):
        save_sheet(people, {member: 100})
    first = client.sign_in(people.treasurer).fetch(f"/g/{people.group.id}/money/sheets")
    on = next(link for link in first.links if "after=" in link)
    second = client.fetch(first.path + on if on.startswith("?") else on)
    assert second.status == 200
    assert first.path in second.links
    assert not [link for link in second.links if "after=" in link]

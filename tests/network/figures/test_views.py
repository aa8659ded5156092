"""A group sends its figures; the office sees them and nothing else."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from network import clock
from network.db import db
from network.figures import commands, registry, rules
from network.figures.models import FigureSheet, PublishedFigure
from network.figures.registry import Figure
from network.permissions import Role
from network.tenancy.models import Group, Network
from tests.factories.network import make_group, make_holder, make_network
from tests.support.app import in_scope
from tests.support.client import StrictClient

NAMES = {"meetings": 6, "heads": 84, "gifts": 120_000}


@pytest.fixture(autouse=True)
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Three things are counted; the test may change what comes out."""
    values = dict(NAMES)
    known = {
        name: Figure(
            name, name, lambda start, end, name=name: values[name], name == "gifts", name == "meetings"
        )
        for name in values
    }
    monkeypatch.setattr(registry, "_figures", known)
    return values


def last() -> date:
    return rules.last_finished(clock.today("Africa/Nairobi"))


def send(group: Group, network: Network, quarter: date, **more: Any) -> None:
    """The group sends a quarter, as its page would."""
    values = more.pop("values", NAMES)
    counted = {figure: values[figure.name] for figure in registry.registered()}
    with in_scope(group):
        here = db.session.get_one(Group, group.id)
        commands.send_counts(here, quarter, counted, to=network.office_id, by=None, now=clock.now(), **more)


def sheets(group: Group) -> list[FigureSheet]:
    with in_scope(group):
        own = sa.select(FigureSheet).where(FigureSheet.group_id == group.id).order_by(FigureSheet.version)
        return list(db.session.scalars(own))


class TestPublishFigures:
    def test_shows_what_would_be_sent_and_sends_it(self, client: StrictClient) -> None:
        group = make_group()
        client.sign_in(make_holder("chairperson", group))
        page = client.fetch(f"/g/{group.id}/figures/")
        assert "84" in page.text
        sent = client.send(page, {"needs_help": "place", "note": "Our room is closed."})
        assert sent.status == 200
        (sheet,) = sheets(group)
        assert (sheet.quarter, sheet.needs_help, sheet.note, sheet.version) == (
            last(),
            "place",
            "Our room is closed.",
            1,
        )
        assert {figure.name: (figure.value, figure.currency) for figure in sheet.figures} == {
            "meetings": (6, None), "heads": (84, None), "gifts": (120_000, "KES"),
        }  # fmt: skip

    def test_sent_twice_is_sent_once(self, client: StrictClient) -> None:
        group = make_group()
        client.sign_in(make_holder("secretary", group))
        page = client.fetch(f"/g/{group.id}/figures/")
        client.send(page)
        client.send(page)
        assert len(sheets(group)) == 1
        again = client.send(client.fetch(f"/g/{group.id}/figures/"))
        assert again.status == 422
        assert len(sheets(group)) == 1

    def test_a_correction_stands_beside_the_first(
        self, client: StrictClient, figures: dict[str, int]
    ) -> None:
        group = make_group()
        client.sign_in(make_holder("secretary", group))
        client.send(client.fetch(f"/g/{group.id}/figures/"))
        figures["heads"] = 85
        client.send(client.fetch(f"/g/{group.id}/figures/"))
        assert [sheet.version for sheet in sheets(group)] == [1, 2]

    def test_numbers_that_changed_meanwhile_are_shown_again(
        self, client: StrictClient, figures: dict[str, int]
    ) -> None:
        group = make_group()
        client.sign_in(make_holder("secretary", group))
        page = client.fetch(f"/g/{group.id}/figures/")
        figures["heads"] = 91
        answer = client.send(page, {"note": "Kept as typed"})
        assert answer.status == 422
        assert "91" in answer.text
        assert "Kept as typed" in answer.html
        assert sheets(group) == []

    @pytest.mark.parametrize(
        "wrong",
        [
            {"needs_help": "sun"},
            {"needs_help": "other", "note": ""},
            {"note": "x" * 501},
            {"note": "a\u202eb"},
        ],
    )
    def test_bad_input_changes_nothing(self, client: StrictClient, wrong: dict[str, str]) -> None:
        group = make_group()
        client.sign_in(make_holder("chairperson", group))
        assert client.send(client.fetch(f"/g/{group.id}/figures/"), wrong).status == 422
        assert sheets(group) == []

    @pytest.mark.parametrize("quarter", ["2999-01-01", "1900-01-01", "2026-02-30", "x", "2026-02-01"])
    def test_an_address_with_another_quarter_is_the_last_one(
        self, client: StrictClient, quarter: str
    ) -> None:
        group = make_group()
        client.sign_in(make_holder("chairperson", group))
        assert client.fetch(f"/g/{group.id}/figures/?quarter={quarter}").status == 200

    @pytest.mark.parametrize("role", ["member", "treasurer", "facilitator"])
    def test_others_in_the_group_look_on(self, client: StrictClient, role: str) -> None:
        group = make_group()
        client.sign_in(make_holder(role, group))
        page = client.fetch(f"/g/{group.id}/figures/")
        assert page.status == 200
        assert page.forms() == []
        (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', page.html)
        answer = client.post(f"/g/{group.id}/figures/", data={"csrf_token": token, "needs_help": "no"})
        assert answer.status_code == 403

    def test_nobody_changes_what_was_sent(self) -> None:
        network = make_network()
        group = make_group(network)
        send(group, network, last())
        for change in (sa.update(PublishedFigure).values(value=1), sa.delete(FigureSheet)):
            with pytest.raises(DBAPIError, match="never changed"), in_scope(group):
                db.session.execute(change)


class TestOffice:
    def test_sees_who_sent_and_who_asks(self, client: StrictClient) -> None:
        network = make_network()
        asks, sent, silent = (make_group(network, name=name) for name in ("Zebra", "Acacia", "Baobab"))
        send(asks, network, last(), needs_help="money", note="The rent went up.")
        send(sent, network, last())
        client.sign_in(make_holder(Role.ONBOARDING, network))
        page = client.fetch(f"/n/{network.office_id}/figures/")
        assert "The rent went up." in page.text
        names = [name for name in ("Zebra", "Baobab", "Acacia") if name in page.text]
        assert sorted(names, key=page.text.index) == ["Zebra", "Baobab", "Acacia"]
        assert str(silent.id) in page.html
        assert "168" in page.text

    def test_a_correction_counts_once(self, client: StrictClient) -> None:
        network = make_network()
        group = make_group(network)
        send(group, network, last())
        send(group, network, last(), values={**NAMES, "heads": 85})
        client.sign_in(make_holder(Role.FINANCE, network))
        page = client.fetch(f"/n/{network.office_id}/figures/")
        assert "85" in page.text
        assert "169" not in page.text

    def test_of_another_network_sees_nothing(self, client: StrictClient) -> None:
        network, other = make_network(), make_network()
        group = make_group(network)
        send(group, network, last(), note="For our own office")
        client.sign_in(make_holder(Role.ADMINISTRATION, other))
        assert "For our own office" not in client.fetch(f"/n/{other.office_id}/figures/").html
        assert client.fetch(f"/n/{other.office_id}/figures/{group.id}").status == 404
        assert client.fetch(f"/n/{network.office_id}/figures/").status == 404
        with in_scope(other.office_id):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(FigureSheet)) == 0

    def test_never_looks_inside_a_group(self, client: StrictClient) -> None:
        network = make_network()
        group = make_group(network)
        client.sign_in(make_holder(Role.ADMINISTRATION, network))
        there = client.fetch(f"/g/{group.id}/figures/")
        nowhere = client.fetch(f"/g/{uuid.uuid4()}/figures/")
        assert there.status == nowhere.status == 404
        assert there.text == nowhere.text
        assert client.fetch(f"/n/{network.office_id}/figures/{group.id}").status == 200
        assert client.fetch(f"/n/{network.office_id}/figures/{uuid.uuid4()}").status == 404

    def test_asks_the_database_as_often_for_thirty_groups_as_for_three(self, client: StrictClient) -> None:
        counts = []
        for how_many in (3, 30):
            network = make_network()
            for _ in range(how_many):
                send(make_group(network), network, last())
            client.sign_in(make_holder(Role.ONBOARDING, network))
            client.fetch(f"/n/{network.office_id}/figures/")
            with statements() as seen:
                client.fetch(f"/n/{network.office_id}/figures/")
            counts.append(len(seen))
        assert counts[0] == counts[1]

    def test_history_is_paged(self, client: StrictClient) -> None:
        network = make_network()
        group = make_group(network)
        quarter = last()
        for _ in range(10):
            send(group, network, quarter)
            quarter = rules.quarter_before(quarter)
        client.sign_in(make_holder(Role.ONBOARDING, network))
        page = client.fetch(f"/n/{network.office_id}/figures/{group.id}")
        assert any("page=2" in link for link in page.links)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *more: Any) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)

"""A key made by three on one phone, votes that leave the browser sealed, and a box that two of the three open."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from groups.ballots import commands, queries
from groups.ballots.models import Envelope
from groups.elections.queries import reload
from groups.membership.commands import link_account
from network import clock
from network.db import db
from network.tenancy.models import Group
from tests.browser.visitor import Visitor
from tests.factories.groups import a_candidate, a_member, an_election
from tests.factories.network import PASSWORD, make_account, make_group, make_holder
from tests.support.app import in_group

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CHOICES = [1, 2, 1, 1, 2, 0]


def make_key(visitor: Visitor, at: str) -> list[str]:
    """As the three do it: each writes a share down and hands the phone on."""
    page, shares = visitor.page, []
    page.goto(f"{at}/key")
    for number, name in enumerate(("first", "second", "third")):
        page.select_option(f"select[name={name}]", index=number + 1)
    page.click("[data-start] button")
    for number in (1, 2, 3):
        step = page.locator(f"[data-share='{number}']")
        step.wait_for()
        shares.append(step.locator("output").inner_text())
        visitor.shoot(f"box/share-{number}")
        step.locator("button").click()
    page.click("[data-finish] button")
    return shares


def open_box(visitor: Visitor, at: str, keeper: int, shares: list[str]) -> None:
    page = visitor.page
    page.goto(f"{at}/open")
    page.select_option("select[name=keeper]", index=keeper)
    for box, share in zip(("#share-1", "#share-2"), shares, strict=True):
        page.fill(box, share.lower())
    visitor.shoot(f"box/open-{keeper}")
    page.click("form[data-open-box] button[type=submit]")


class Scene:
    """A group with a secretary, an election in which two stand, three who keep the key, and those who vote."""

    def __init__(self) -> None:
        self.group: Group = make_group()
        self.secretary = f"s{self.group.id.hex[:10]}@people.example"
        make_holder("secretary", self.group, sign_in=self.secretary)
        self.voters: list[str] = []
        with in_group(self.group):
            self.election = an_election(offices=["treasurer"])
            for name in ("Moon", "Star"):
                a_candidate(self.election, "treasurer", a_member(name))
            for name in ("Rock", "River", "Hill"):
                a_member(name)
        for number in range(len(CHOICES)):
            name = f"v{number}{self.group.id.hex[:10]}@people.example"
            account = make_account(sign_in=name)
            with in_group(self.group):
                link_account(a_member(f"Voter {number}"), account.id, now=clock.now())
            self.voters.append(name)

    @property
    def at(self) -> str:
        return f"/g/{self.group.id}/elections/{self.election.id}/box"

    def open(self) -> None:
        with in_group(self.group):
            commands.open_box(
                reload(self.election), with_phones=True, slips=0, closes_at=clock.now() + timedelta(hours=1), by=None, now=clock.now()
            )  # fmt: skip

    def close(self) -> None:
        with in_group(self.group):
            commands.close_box(reload(self.election), by=None, now=clock.now() + timedelta(hours=2))


def test_what_leaves_the_browser_is_sealed_and_two_of_three_open_it(visit: Any) -> None:
    scene = Scene()
    secretary = visit()
    secretary.sign_in(scene.secretary, PASSWORD)
    shares = make_key(secretary, scene.at)
    assert len(set(shares)) == 3
    scene.open()
    for name, choice in zip(scene.voters, CHOICES, strict=True):
        voter, sent = visit(), []
        voter.page.on("request", lambda request, sent=sent: sent.append(request.post_data or ""))
        voter.sign_in(name, PASSWORD)
        voter.page.goto(f"{scene.at}/vote")
        if choice:
            voter.page.check(f"#contest-1-{choice}")
        voter.shoot("box/vote")
        voter.page.click("form[data-seal] button[type=submit]")
        voter.page.locator(".note .code").wait_for()
        assert any("sealed=" in one for one in sent)
        assert not any("contest-1" in one for one in sent)
        assert voter.complaints == []
        voter.close()
    with in_group(scene.group):
        sizes = {len(bytes(sealed)) for sealed in db.session.scalars(db.select(Envelope.sealed))}
        assert len(sizes) == 1
    scene.close()
    open_box(secretary, scene.at, 0, [shares[0], shares[0]])
    assert secretary.page.locator("[data-fault]").is_visible(), "one share alone opens nothing"
    open_box(secretary, scene.at, 0, [shares[0], shares[2]])
    open_box(secretary, scene.at, 1, [shares[1], shares[2]])
    with in_group(scene.group):
        election = reload(scene.election)
        assert queries.papers_by_contest(election)[election.contests[0].id] == Counter({(1,): 3, (2,): 2})
        box = queries.get_box(scene.election.id)
        assert (box.opened, box.spoilt) == (6, 0)
    assert secretary.complaints == []


def test_without_scripts_the_server_seals_before_it_keeps_anything(visit: Any) -> None:
    scene = Scene()
    secretary = visit()
    secretary.sign_in(scene.secretary, PASSWORD)
    make_key(secretary, scene.at)
    scene.open()
    voter = visit(javascript=False)
    voter.sign_in(scene.voters[0], PASSWORD)
    voter.page.goto(f"{scene.at}/vote")
    voter.page.check("#contest-1-2")
    voter.page.click("form[data-seal] button[type=submit]")
    assert voter.page.locator(".note .code").inner_text()
    with in_group(scene.group):
        assert queries.count_envelopes(scene.election.id) == 1

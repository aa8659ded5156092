"""An approval vote, an order of preference and a block vote on one paper, on a small phone: with scripts and without."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from groups.ballots import commands, queries
from groups.elections.queries import reload
from groups.membership.commands import link_account
from groups.membership.queries import get_member
from groups.officers.queries import articles_in_force
from groups.officers.rules import CountingRule, Method, Office
from network import clock
from tests.browser.visitor import Visitor
from tests.factories.ballots import Held, with_key
from tests.factories.decisions import adopt
from tests.factories.groups import a_candidate, a_member, an_election, some_members
from tests.factories.network import PASSWORD, make_account, make_group
from tests.support.app import in_group

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
OWN, VOTERS = "own:Readers", 6
APPROVAL, ORDER, BLOCK = 1, 2, 3
"""The three contests by their place on the paper."""


class Scene:
    """A group whose constitution counts each office another way, and a box that is open."""

    def __init__(self) -> None:
        self.group = make_group()
        with in_group(self.group):
            members = some_members(10)
            offices = [
                replace(one, rule=CountingRule.APPROVAL) if one.code == "treasurer" else one
                for one in articles_in_force().offices
            ]
            offices.append(Office(OWN, 2, 12, Method.ELECTED, CountingRule.BLOCK_VOTE))
            adopt(make_account().id, members, offices=tuple(offices))
        with in_group(self.group):
            election = an_election(offices=["treasurer", "committee", OWN])
            for office, stands in (("treasurer", "ABC"), ("committee", "DEFG"), (OWN, "HIJ")):
                for name in stands:
                    a_candidate(election, office, a_member(f"Stands {name}"))
            keepers = [get_member(one.id) for one in members[:3]]
            voters = [a_member(f"Votes {number}") for number in range(VOTERS)]
            self.held: Held = with_key(election, keepers, voters, now=clock.now())
            commands.open_box(
                self.held.election, with_phones=True, slips=0, closes_at=self.held.closes_at, by=None, now=clock.now()
            )  # fmt: skip
        self.sign_ins = [f"v{number}{self.group.id.hex[:10]}@people.example" for number in range(2)]
        for voter, name in zip(voters, self.sign_ins, strict=False):
            account = make_account(sign_in=name)
            with in_group(self.group):
                link_account(get_member(voter.id), account.id, now=clock.now())

    @property
    def at(self) -> str:
        return f"/g/{self.group.id}/elections/{self.held.election.id}/box/vote"

    def papers(self) -> list[Counter[tuple[int, ...]]]:
        """What was chosen, contest by contest, once the rest have voted for nobody and the box was opened."""
        with in_group(self.group):
            for voter in self.held.voters[2:]:
                self.held.cast(voter, {APPROVAL: (), ORDER: (), BLOCK: ()})
            self.held.close()
        with in_group(self.group):
            self.held.open_by_two()
            election = reload(self.held.election)
            found = queries.papers_by_contest(election)
            box = queries.get_box(election.id)
            assert (box.opened, box.spoilt) == (VOTERS, 0)
            return [found[contest.id] for contest in election.contests]


def tick(visitor: Visitor, contest: int, *candidates: int) -> None:
    for candidate in candidates:
        visitor.page.check(f"#contest-{contest}-{candidate}")


def rank(visitor: Visitor, *order: int) -> None:
    for place, candidate in enumerate(order, start=1):
        visitor.page.select_option(f"#contest-{ORDER}-{candidate}", str(place))


def send(visitor: Visitor) -> None:
    visitor.page.click("form[data-seal] button[type=submit]")


@pytest.mark.parametrize("javascript", [True, False])
def test_three_kinds_on_one_paper(visit: Any, *, javascript: bool) -> None:
    scene = Scene()
    first, second = visit(javascript=javascript), visit(javascript=javascript)
    first.sign_in(scene.sign_ins[0], PASSWORD)
    first.page.goto(scene.at)
    tick(first, APPROVAL, 1, 3)
    first.page.select_option(f"#contest-{ORDER}-2", "2")
    tick(first, BLOCK, 1, 2, 3)
    send(first)
    assert first.page.locator("[data-fault]:visible").count() == 2, (
        "an order that begins with 2, and three where there are two seats"
    )
    first.shoot(f"kinds/put-right-{'with' if javascript else 'without'}-scripts")
    assert first.page.locator(".note .code").count() == 0
    assert first.page.is_checked(f"#contest-{APPROVAL}-3"), "what was right stays chosen"
    assert first.page.input_value(f"#contest-{ORDER}-2") == "2"
    rank(first, 4, 2, 1)
    first.page.uncheck(f"#contest-{BLOCK}-1")
    first.shoot(f"kinds/paper-{'with' if javascript else 'without'}-scripts")
    send(first)
    first.page.locator(".note .code").wait_for()
    assert first.failures() == []
    second.sign_in(scene.sign_ins[1], PASSWORD)
    second.page.goto(scene.at)
    rank(second, 2)
    tick(second, BLOCK, 1)
    send(second)
    second.page.locator(".note .code").wait_for()
    assert scene.papers() == [
        Counter({(1, 3): 1}),
        Counter({(4, 2, 1): 1, (2,): 1}),
        Counter({(2, 3): 1, (1,): 1}),
    ]

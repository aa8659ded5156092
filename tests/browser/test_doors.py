"""At the door, with a thumb: asking to join and introducing somebody without an account, and letting somebody in at a meeting."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from groups.meetings import commands as meetings
from network import clock
from network.accounts.models import SignInTry
from network.db import db
from network.tenancy.models import Group
from network.tenancy.queries import get_group
from tests.browser.visitor import Visitor
from tests.browser.walker import Walker
from tests.factories.directory import list_group
from tests.factories.network import PASSWORD, give_role, make_account, make_group, word
from tests.factories.referrals import somebody_reads
from tests.support.app import in_group, in_scope

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def nobody_knocked_before() -> None:
    """Every browser here comes from the same place, and messages from one place are slowed down."""
    with in_scope():
        db.session.execute(sa.delete(SignInTry))


def a_listed_group() -> Group:
    group = make_group()
    list_group(group, words="Come in")
    somebody_reads(group)
    return group


@pytest.mark.parametrize(
    ("language", "javascript"), [("en", True), ("ar", True), ("fr", True), ("sw", False)]
)
def test_asking_to_join_and_closing_the_door(visit: Visit, language: str, *, javascript: bool) -> None:
    group = a_listed_group()
    visitor = visit(width=320, language=language, javascript=javascript)
    walker = Walker(visitor, None)
    walker.go(f"/{language}/groups/{group.slug}")
    walker.follow("/join")
    walker.stop("join", axe=True)
    walker.send(called="Sanaa", words="Saturday")
    assert walker.here == "/your-code"
    walker.stop("code", axe=True)
    code = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", walker.words)
    assert code
    walker.go(f"/answer/{code[0]}")
    walker.stop("own", axe=True)
    walker.send(months="3")
    walker.stop("resting", axe=True)
    walker.press("/come-back")
    walker.follow("/take-back")
    walker.stop("take back", axe=True)
    walker.confirm()
    visitor.page.go_back()
    walker.go(visitor.page.url, expect=410)


@pytest.mark.parametrize("language", ["en", "ar", "sw"])
def test_introducing_somebody_who_agreed(visit: Visit, language: str) -> None:
    group = a_listed_group()
    walker = Walker(visit(width=320, language=language), None)
    walker.go(f"/{language}/groups/{group.slug}/introduce")
    walker.send(called="Baraka", introduced_by="friend", expect=422)
    walker.stop("without agreement", axe=True)
    walker.send(agreement=True)
    assert walker.here == "/passed-on"
    walker.stop("passed on", axe=True)


def test_somebody_new_at_a_meeting(visit: Visit) -> None:
    group, sign_in = make_group(), f"{word()}@people.example"
    give_role(make_account(sign_in=sign_in), "treasurer", group)
    with in_group(group):
        now = clock.now()
        meeting = meetings.add_meeting(
            get_group(group.id), starts_at=now - timedelta(minutes=1), place="", by=None, now=now
        )
    visitor = visit(width=320)
    visitor.sign_in(sign_in, PASSWORD)
    walker = Walker(visitor, None)
    walker.go(f"/g/{group.id}/meetings/{meeting.id}")
    walker.follow("/door")
    walker.stop("door", axe=True)
    walker.send(stays="looks_in")
    walker.send(stays="joins", nickname="Wema")
    walker.stop("code", axe=True)
    assert "Wema" in walker.words

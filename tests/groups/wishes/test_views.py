"""Members without a sign-in: a copy of what is held about them, and being erased once two have heard it."""

import io
import json
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from groups.consents.models import Purpose
from groups.looks.models import Look
from groups.membership import commands as membership
from groups.membership.models import Member
from groups.wishes import rules
from groups.wishes.commands import write_wish
from groups.wishes.models import ErasureWish
from groups.wishes.rules import Refusal
from network import clock
from network.accounts.models import Account
from network.db import db
from network.mine import erasures
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.factories.groups import a_member, a_term, tells
from tests.factories.network import make_account, make_group, word
from tests.support.app import in_scope
from tests.support.client import StrictClient
from tests.support.strict import values_of


@pytest.fixture(autouse=True)
def outside(app: Pamoja, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "erasures.jsonl"
    monkeypatch.setitem(app.config, "ERASURES_FILE", str(file))
    return file


class Here:
    """A group with a chairperson, a treasurer, and somebody without a sign-in who told something."""

    def __init__(self, app: Pamoja) -> None:
        self.app, self.group = app, make_group()
        self.chair, self.treasurer = make_account(), make_account()
        self.name, self.contact = f"Asker {word()}", f"at {word()}"
        with in_scope(self.group):
            for who, office in ((self.chair, "chairperson"), (self.treasurer, "treasurer")):
                a_term(a_member(office, account_id=who.id), office)
            member = a_member(self.name)
            tells(member, Purpose.CONTACT, self.contact)
            tells(member, Purpose.LIVED_EXPERIENCE, "carer")
            self.member = member.id

    def as_(self, who: Account) -> StrictClient:
        client = self.app.test_client()
        assert isinstance(client, StrictClient)
        return client.sign_in(who)

    def at(self, rest: str) -> str:
        return f"/g/{self.group.id}/wishes{rest}"

    def asks(self, *, days_ago: int = 0) -> uuid.UUID:
        with in_scope(self.group):
            found = db.session.get_one(Member, self.member)
            return write_wish(found, by=self.chair.id, now=clock.now() - timedelta(days=days_ago)).id

    @property
    def nickname(self) -> str:
        with in_scope(self.group):
            return db.session.get_one(Member, self.member).nickname

    def count(self, table: type) -> int:
        with in_scope(self.group):
            return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.fixture
def here(app: Pamoja) -> Here:
    return Here(app)


class TestErasing:
    def test_takes_two_who_heard_it(self, here: Here) -> None:
        chair = here.as_(here.chair)
        page = chair.send(chair.fetch(here.at("/ask")), {"nickname": here.name.upper()})
        assert page.path == here.at(f"/of/{here.member}")
        page = chair.send(chair.fetch(here.at(f"/of/{here.member}/erase")), {"asked": "y"})
        link = next(one for one in page.links if one.startswith(here.at("/")) and len(one) > 80)
        assert [form.get("action") for form in chair.fetch(link).forms()] == [f"{link}/take-back"]
        treasurer = here.as_(here.treasurer)
        home = treasurer.fetch(f"/g/{here.group.id}/")
        assert here.at("") in home.links
        assert here.at("") not in chair.fetch(f"/g/{here.group.id}/").links
        page = treasurer.send(treasurer.fetch(link), {"heard": "y"})
        assert page.path == here.at("")
        assert here.name not in here.nickname
        assert here.count(ErasureWish) == 0
        with here.app.app_context():
            (wish,) = erasures.read().wishes
            assert erasures.read().open == []
        assert (wish.account_id, wish.is_whole, wish.places) == (None, False, {here.group.id: (here.member,)})

    def test_is_not_done_by_who_wrote_it_down_at_once(self, here: Here) -> None:
        wish = here.asks()
        chair = here.as_(here.chair)
        sent = values_of(chair.fetch(here.at(f"/{wish}")).form("take-back"))
        assert chair.post(here.at(f"/{wish}"), data={**sent, "heard": "y"}).status_code == 422
        assert here.nickname == here.name

    def test_is_done_by_one_alone_after_three_days(self, here: Here) -> None:
        wish = here.asks(days_ago=4)
        chair = here.as_(here.chair)
        chair.send(chair.fetch(here.at(f"/{wish}")), {"heard": "y"})
        assert here.name not in here.nickname

    def test_can_be_taken_back(self, here: Here) -> None:
        wish = here.asks()
        treasurer = here.as_(here.treasurer)
        treasurer.send(treasurer.fetch(here.at(f"/{wish}")), to="take-back")
        assert (here.count(ErasureWish), here.nickname) == (0, here.name)

    def test_is_asked_with_a_tick(self, here: Here) -> None:
        wish = here.asks()
        treasurer = here.as_(here.treasurer)
        page = treasurer.send(treasurer.fetch(here.at(f"/{wish}")), {})
        assert (page.status, page.fields_with_errors) == (422, {"heard"})
        assert here.nickname == here.name

    def test_is_done_again_after_a_restore(self, here: Here) -> None:
        wish = here.asks()
        treasurer = here.as_(here.treasurer)
        treasurer.send(treasurer.fetch(here.at(f"/{wish}")), {"heard": "y"})
        with in_scope(here.group):
            db.session.get_one(Member, here.member).nickname = here.name
        done = here.app.test_cli_runner().invoke(args=["erasures", "replay"])
        assert done.exit_code == 0, done.output
        assert here.name not in here.nickname

    def test_reaches_somebody_who_left_long_ago(self, here: Here) -> None:
        with in_scope(here.group):
            found, group = db.session.get_one(Member, here.member), db.session.get_one(Group, here.group.id)
            membership.let_member_go(group, found, by=None, now=clock.now())
        chair = here.as_(here.chair)
        page = chair.send(chair.fetch(here.at("/ask")), {"nickname": here.name})
        assert page.path == here.at(f"/of/{here.member}")
        wish = here.asks(days_ago=4)
        chair.send(chair.fetch(here.at(f"/{wish}")), {"heard": "y"})
        assert here.name not in here.nickname


class TestWhoAsks:
    @pytest.mark.parametrize("called", ["nobody at all", "treasurer", ""])
    def test_is_somebody_here_without_a_sign_in(self, here: Here, called: str) -> None:
        chair = here.as_(here.chair)
        page = chair.send(chair.fetch(here.at("/ask")), {"nickname": called})
        assert (page.status, page.fields_with_errors) == (422, {"nickname"})

    def test_is_nobody_who_signs_in_or_did_before_they_left(self, here: Here) -> None:
        somebody = make_account()
        with in_scope(here.group):
            member, group = (
                a_member("Signs", account_id=somebody.id),
                db.session.get_one(Group, here.group.id),
            )
            gone = member.id
        chair = here.as_(here.chair)
        for _ in range(2):
            assert chair.get(here.at(f"/of/{gone}")).status_code == 404
            assert chair.get(here.at(f"/of/{gone}/copy.pdf")).status_code == 404
            with in_scope(here.group):
                membership.let_member_go(group, db.session.get_one(Member, gone), by=None, now=clock.now())

    def test_is_seen_to_by_the_chair_and_the_secretary(self, here: Here) -> None:
        treasurer = here.as_(here.treasurer)
        for rest in ("/ask", f"/of/{here.member}", f"/of/{here.member}/erase", f"/of/{here.member}/copy.zip"):
            assert treasurer.get(here.at(rest)).status_code == 403


class TestACopy:
    def taken(self, here: Here, *, whole: bool) -> tuple[dict[str, object], str]:
        asked = here.at(f"/of/{here.member}/copy.zip") + ("?all=yes" if whole else "")
        answer = here.as_(here.chair).get(asked)
        assert answer.status_code == 200
        with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
            page = file.read("my-page.html").decode()
            return json.loads(file.read("my-page.json")), page

    def test_holds_what_is_theirs_and_nothing_of_others(self, here: Here) -> None:
        told, page = self.taken(here, whole=False)
        (place,) = told["places"]  # type: ignore[misc]
        (member,) = place["rows"]["members"]
        assert (member["nickname"], member["contact"]) == (here.name, here.contact)
        assert here.name in page
        assert "carer" not in json.dumps(told)
        for other in (here.chair.shown_name, str(here.chair.id), str(here.treasurer.id)):
            assert other not in json.dumps(told) + page

    def test_holds_what_they_told_where_they_want_it(self, here: Here) -> None:
        told, _ = self.taken(here, whole=True)
        assert told["places"][0]["rows"]["members"][0]["lived_experience"] == "carer"  # type: ignore[index]

    def test_is_a_look_which_stands_on_it(self, here: Here) -> None:
        told, _ = self.taken(here, whole=False)
        (look,) = told["places"][0]["rows"]["looks"]  # type: ignore[index]
        assert look["office"] == "chairperson"
        assert here.count(Look) == 1

    def test_can_be_printed(self, here: Here) -> None:
        answer = here.as_(here.chair).get(here.at(f"/of/{here.member}/copy.pdf"))
        assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")


@pytest.mark.parametrize(
    ("is_own", "days", "refused"),
    [(True, 2, Refusal.ANOTHER_FIRST), (True, 3, None), (False, 0, None)],
)
def test_who_goes_on_when(*, is_own: bool, days: int, refused: Refusal | None) -> None:
    now = clock.now()
    assert (
        rules.why_not_carry_out(is_own_writing=is_own, written_at=now - timedelta(days=days), now=now)
        == refused
    )

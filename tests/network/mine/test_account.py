"""What opens my account, on pages: my name, my password, my ways in, my devices."""

import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from network import clock
from network.accounts.commands import check_password, password_changed
from network.accounts.models import Account, AccountIdentifier, BrowserSession
from network.accounts.queries import identifiers_of
from network.db import db
from network.web.devices import family_of, in_words
from network.web.unit_of_work import Pamoja
from tests.factories.network import PASSWORD, make_account, word
from tests.support.app import in_scope
from tests.support.client import StrictClient

PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"


@pytest.fixture
def me() -> Account:
    return make_account()


def signed_in(app: Pamoja, who: Account) -> StrictClient:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    return client.sign_in(who)


def sessions_of(who: Account) -> int:
    with in_scope():
        asked = (
            sa.select(sa.func.count()).select_from(BrowserSession).where(BrowserSession.account_id == who.id)
        )
        return db.session.scalar(asked) or 0


def opens(who: Account, password: str) -> bool:
    with in_scope():
        found = check_password(identifiers_of(who.id)[0], password)
        return found is not None and found.id == who.id


class TestChangePassword:
    @pytest.fixture
    def told(self) -> Iterator[list[tuple[uuid.UUID, str, str]]]:
        heard: list[tuple[uuid.UUID, str, str]] = []

        def hear(account: Account, *, old: str, new: str, **_: object) -> None:
            heard.append((account.id, old, new))

        with password_changed.connected_to(hear):
            yield heard

    def test_the_new_one_opens_the_old_one_not_and_every_other_device_is_signed_out(
        self, app: Pamoja, me: Account, told: list[tuple[uuid.UUID, str, str]]
    ) -> None:
        here, _there = signed_in(app, me), signed_in(app, me)
        new = f"river {word()}"
        page = here.send(here.fetch("/me/password"), {"old": PASSWORD, "new": new})
        assert page.path == "/me"
        assert sessions_of(me) == 1
        assert (opens(me, new), opens(me, PASSWORD)) == (True, False)
        assert told == [(me.id, PASSWORD, new)]

    @pytest.mark.parametrize(
        ("old", "new", "field"), [("wrong", "river-stone-bird", "old"), (PASSWORD, "short", "new")]
    )
    def test_says_beside_the_field_what_is_to_be_put_right(
        self, app: Pamoja, me: Account, old: str, new: str, field: str
    ) -> None:
        client = signed_in(app, me)
        page = client.send(client.fetch("/me/password"), {"old": old, "new": new})
        assert page.status == 422
        assert page.fields_with_errors == {field}
        assert opens(me, PASSWORD)

    def test_guessing_at_an_open_phone_is_slowed(self, app: Pamoja, me: Account) -> None:
        client = signed_in(app, me)
        page = client.fetch("/me/password")
        answers = [
            client.send(page, {"old": f"no{n}", "new": "river-stone-bird", "once": str(uuid.uuid4())}).status
            for n in range(6)
        ]
        assert answers[0] == 422
        assert answers[-1] == 429


class TestWaysIn:
    def test_another_one_opens_from_now_on_and_can_be_taken_away(self, app: Pamoja, me: Account) -> None:
        client, way = signed_in(app, me), f"{word()}@people.example"
        page = client.send(client.fetch("/me/ways-in"), {"way": way, "password": PASSWORD})
        with in_scope():
            assert way in identifiers_of(me.id)
            row = db.session.scalars(
                sa.select(AccountIdentifier).where(AccountIdentifier.account_id == me.id)
            ).all()
            mine = next(one.id for one in row if one.shown == way)
        assert f"/me/ways-in/{mine}/remove" in page.links
        client.send(client.fetch(f"/me/ways-in/{mine}/remove"), {"password": PASSWORD})
        with in_scope():
            assert way not in identifiers_of(me.id)

    def test_neither_somebody_elses_nor_without_the_password(self, app: Pamoja, me: Account) -> None:
        other, client = make_account(), signed_in(app, me)
        with in_scope():
            theirs = identifiers_of(other.id)[0]
        page = client.send(client.fetch("/me/ways-in"), {"way": theirs, "password": PASSWORD})
        assert (page.status, page.fields_with_errors) == (422, {"way"})
        page = client.send(client.fetch("/me/ways-in"), {"way": f"{word()}@people.example", "password": "no"})
        assert (page.status, page.fields_with_errors) == (422, {"password"})

    def test_the_last_one_stays(self, app: Pamoja, me: Account) -> None:
        client = signed_in(app, me)
        with in_scope():
            only = db.session.scalars(
                sa.select(AccountIdentifier.id).where(AccountIdentifier.account_id == me.id)
            ).one()
        page = client.send(client.fetch(f"/me/ways-in/{only}/remove"), {"password": PASSWORD})
        assert page.status == 422
        with in_scope():
            assert identifiers_of(me.id)

    def test_somebody_elses_cannot_be_reached(self, app: Pamoja, me: Account) -> None:
        other = make_account()
        with in_scope():
            theirs = db.session.scalars(
                sa.select(AccountIdentifier.id).where(AccountIdentifier.account_id == other.id)
            ).one()
        assert signed_in(app, me).get(f"/me/ways-in/{theirs}/remove").status_code == 404


class TestDevices:
    def test_one_or_all_others_are_signed_out(self, app: Pamoja, me: Account) -> None:
        here, there, elsewhere = (signed_in(app, me) for _ in range(3))
        page = here.fetch("/me/devices")
        assert len([form for form in page.forms() if (form.get("action") or "").endswith("/end")]) == 2
        with in_scope():
            ids = {
                str(one)
                for one in db.session.scalars(
                    sa.select(BrowserSession.id).where(BrowserSession.account_id == me.id)
                )
            }
        first = next(form.get("action") for form in page.forms())
        assert any(one in str(first) for one in ids)
        here.send(page)
        assert sessions_of(me) == 2
        here.send(here.fetch("/me/devices"), to="end-others")
        assert sessions_of(me) == 1
        assert here.get("/me").status_code == 200
        assert {there.get("/me").status_code, elsewhere.get("/me").status_code} == {302}

    def test_nobody_ends_somebody_elses(self, app: Pamoja, me: Account) -> None:
        other = make_account()
        signed_in(app, other)
        client = signed_in(app, me)
        signed_in(app, me)
        page = client.fetch("/me/devices")
        with in_scope():
            theirs = db.session.scalars(
                sa.select(BrowserSession.id).where(BrowserSession.account_id == other.id)
            ).one()
        form = page.form("/end")
        form.set("action", f"/me/devices/{theirs}/end")
        client.send(page, to=str(theirs))
        assert sessions_of(other) == 1

    def test_only_the_family_of_the_browser_is_kept(self, app: Pamoja, me: Account) -> None:
        client = app.test_client()
        assert isinstance(client, StrictClient)
        with in_scope():
            way = identifiers_of(me.id)[0]
        page = client.fetch("/sign-in", headers={"User-Agent": PHONE})
        form = page.form()
        client.post(
            form.get("action") or "/sign-in",
            data={
                "sign_in": way,
                "password": PASSWORD,
                "csrf_token": next(
                    i.get("value") for i in form.iter("input") if i.get("name") == "csrf_token"
                ),
            },
            headers={"User-Agent": PHONE},
        )
        with in_scope():
            kept = db.session.scalars(
                sa.select(BrowserSession.family).where(BrowserSession.account_id == me.id)
            ).all()
        assert kept == ["chrome-phone"]

    @pytest.mark.parametrize(
        ("agent", "family"),
        [
            (PHONE, "chrome-phone"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "firefox-computer"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1",
                "safari-phone",
            ),
            ("Opera/9.80 (J2ME/MIDP; Opera Mini/7.1; U; en) Presto/2.12", "opera-phone"),
            ("", "other-computer"),
        ],
    )
    def test_what_a_browser_is_called(self, app: Pamoja, agent: str, family: str) -> None:
        assert family_of(agent) == family
        with app.test_request_context():
            assert in_words(family)


class TestName:
    def test_what_i_am_called_and_read_is_mine_to_say(self, app: Pamoja, me: Account) -> None:
        client = signed_in(app, me)
        client.send(client.fetch("/me/name"), {"shown_name": "River", "language": "sw"})
        with in_scope():
            now = db.session.get_one(Account, me.id)
            assert (now.shown_name, now.language) == ("River", "sw")
        assert client.fetch("/me").tree.get("lang") == "sw"
        assert clock.now()

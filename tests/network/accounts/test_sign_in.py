"""Coming in and going out: by whatever somebody signs in with, under a new token each time, and no further than allowed."""

import re
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from argon2 import extract_parameters
from werkzeug.test import TestResponse

from network import clock
from network.accounts import commands, passwords, rules
from network.accounts.models import Account, AccountIdentifier, BrowserSession, IdentifierKind
from network.accounts.queries import token_hash
from network.db import db
from network.vault import keys
from network.web.pages import local_path
from network.web.sessions import AT_MOST, LASTS
from network.web.unit_of_work import Pamoja
from tests.factories.network import PASSWORD, make_account, make_group, make_holder, word
from tests.support import strict
from tests.support.app import another_app, in_scope
from tests.support.client import StrictClient


def with_identifier(typed: str) -> Account:
    """An account that signs in with this, as `open_account` would keep it."""
    account = make_account()
    with in_scope():
        kind = rules.kind_of(typed)
        assert kind
        print_ = keys.lookup("identifier", rules.candidates(typed)[0])
        db.session.execute(sa.delete(AccountIdentifier).where(AccountIdentifier.fingerprint == print_))
        db.session.add(AccountIdentifier(account_id=account.id, kind=kind, shown=typed, fingerprint=print_))
    return account


def digits() -> str:
    return f"7{uuid.uuid4().int % 10**8:08d}"


def try_to(client: StrictClient, typed: str, password: str = PASSWORD, to: str = "/sign-in") -> TestResponse:
    page = client.fetch("/sign-in")
    values = {"sign_in": typed, "password": password}
    return client.post(to, data={**values, **hidden(page)})


def hidden(page: Any) -> dict[str, str]:
    form = next(form for form in page.forms() if "sign-in" in (form.get("action") or ""))
    return {e.get("name"): e.get("value") for e in form.iter("input") if e.get("type") == "hidden"}


def token_of(client: StrictClient) -> str | None:
    cookie = client.get_cookie("pamoja")
    return cookie.value if cookie else None


class TestWhatSomebodySignsInWith:
    @pytest.mark.parametrize(
        ("kept", "typed"),
        [
            ("+254 {n}", ["0{n}", "+254{n}", "00254{n}", "254{n}", "(0){n}", " 0{n} "]),
            ("{w}@People.Example", ["{w}@people.example", " {w}@PEOPLE.EXAMPLE "]),
            ("Mama.{w}", ["mama.{w}", "MAMA.{w}"]),
        ],
    )
    def test_is_known_however_it_is_typed(self, app: Pamoja, kept: str, typed: list[str]) -> None:
        values = {"n": digits(), "w": word()}
        account = with_identifier(kept.format(**values))
        for one in typed:
            with in_scope():
                found = commands.check_password(one.format(**values), PASSWORD)
                assert found, one
                assert found.id == account.id

    @pytest.mark.parametrize(
        "typed", ["٠٧١٢٣٤٥٦٧٨", "０７１２３４５６７８", "0712–345‑678", "0712/345678", "+٢٥٤ 712 345 678"]
    )
    def test_a_number_is_one_in_other_scripts_and_with_other_dashes(self, typed: str) -> None:
        assert rules.kind_of(typed) is IdentifierKind.PHONE
        assert "254712345678" in rules.candidates(typed)

    def test_a_local_number_of_two_countries_lets_each_in_with_their_password(self, app: Pamoja) -> None:
        number = digits()
        kenyan = with_identifier(f"+254{number}")
        ugandan = with_identifier(f"+256{number}")
        with in_scope():
            changed = sa.update(Account).where(Account.id == ugandan.id)
            db.session.execute(changed.values(password_hash=passwords.hashed("another-long-one")))
        with in_scope():
            for account, password in ((kenyan, PASSWORD), (ugandan, "another-long-one")):
                found = commands.check_password(f"0{number}", password)
                assert found
                assert found.id == account.id
            assert commands.check_password(f"0{number}", "neither of them") is None

    @pytest.mark.parametrize("typed", ["", " ", "a b", "x", "\x00", "@", "a@b", "\u202eabc", "9" * 41, "+"])
    def test_what_cannot_be_one_opens_nothing(self, app: Pamoja, typed: str) -> None:
        with in_scope():
            assert commands.check_password(typed, PASSWORD) is None


class TestPasswords:
    def test_every_stored_hash_is_argon2id_with_enough_work(self, app: Pamoja) -> None:
        with in_scope():
            stored = [passwords.hashed("one of ours"), *db.session.scalars(sa.select(Account.password_hash))]
        for each in set(stored):
            how = extract_parameters(each)
            assert how.type.name == "ID"
            assert (how.memory_cost >= 64 * 1024, how.time_cost >= 3) == (True, True)

    @pytest.mark.parametrize(
        "password", ["x" * 64, "x" * 128, "የሰላም መንገድ ነው", "كلمة مرور طويلة", "with a trailing space "]
    )
    def test_any_script_and_every_sign_counts(self, password: str) -> None:
        stored = passwords.hashed(password)
        assert passwords.matches(stored, password)
        assert not passwords.matches(stored, password[:-1])
        assert rules.why_not_password(password, about=[]) is None

    def test_the_same_letters_composed_otherwise_are_the_same(self) -> None:
        assert passwords.matches(passwords.hashed("caf\u00e9-du-matin"), "cafe\u0301-du-matin")

    def test_a_damaged_hash_opens_nothing(self) -> None:
        assert passwords.matches("$argon2id$nonsense", PASSWORD) is False
        assert passwords.matches("", "") is False

    @pytest.mark.parametrize("password", ["short", "x" * 129, "PassWord1", "wanjiku-2024"])
    def test_weak_ones_are_refused(self, password: str) -> None:
        assert rules.why_not_password(password, about=["Wanjiku"]) is not None


class TestTheSession:
    def test_its_token_is_new_at_sign_in_and_the_old_one_is_dead(self, client: StrictClient) -> None:
        name = f"a{word()}"
        with_identifier(name)
        client.fetch("/sign-in")
        before = token_of(client)
        assert try_to(client, name).status_code == 303
        after = token_of(client)
        assert before
        assert after not in {None, before}
        assert client.get("/me").status_code == 200
        client.set_cookie("pamoja", before)
        assert client.get("/me").status_code == 302

    def test_is_dead_on_the_server_after_signing_out(self, client: StrictClient) -> None:
        client.sign_in(make_holder("treasurer", make_group()))
        page = client.fetch("/me")
        old = token_of(client)
        form = next(form for form in page.tree.iter("form") if form.get("action") == "/sign-out")
        assert client.post("/sign-out", data=strict.values_of(form)).status_code == 303
        assert token_of(client) != old
        client.set_cookie("pamoja", old or "")
        assert client.get("/me").status_code == 302

    def test_leaving_ends_it_too_and_leaves_nothing_behind(self, client: StrictClient) -> None:
        client.sign_in(make_account())
        old = token_of(client)
        answer = client.get("/leave")
        assert token_of(client) is None
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        client.set_cookie("pamoja", old or "")
        assert client.get("/me").status_code == 302

    @pytest.mark.parametrize("change", ["suspended", "expired", "too old", "ended everywhere"])
    def test_is_out_at_the_next_request(self, client: StrictClient, change: str) -> None:
        account, now = make_account(), clock.now()
        client.sign_in(account)
        assert client.get("/me").status_code == 200
        with in_scope():
            mine = sa.update(BrowserSession).where(BrowserSession.account_id == account.id)
            if change == "suspended":
                db.session.get_one(Account, account.id).suspended_at = now
            elif change == "expired":
                db.session.execute(mine.values(expires_at=now))
            elif change == "too old":
                db.session.execute(mine.values(created_at=now - AT_MOST))
            else:
                commands.end_sessions(account)
        assert client.get("/me").status_code == 302

    def test_lasts_while_it_is_used(self, client: StrictClient) -> None:
        account, now = make_account(), clock.now()
        client.sign_in(account)
        with in_scope():
            mine = sa.update(BrowserSession).where(BrowserSession.account_id == account.id)
            db.session.execute(
                mine.values(seen_at=now - timedelta(hours=1), expires_at=now + timedelta(hours=1))
            )
        client.get("/me")
        with in_scope():
            until = db.session.scalar(sa.select(BrowserSession.expires_at).where(BrowserSession.account_id == account.id))  # fmt: skip
        assert until
        assert until >= now + LASTS

    def test_the_cookie_holds_a_token_and_nothing_else(self, client: StrictClient) -> None:
        client.fetch("/sign-in")
        token = token_of(client)
        assert token
        assert re.fullmatch(r"[\w-]{43}", token)
        with in_scope():
            stored = db.session.scalars(sa.select(BrowserSession.token_hash)).all()
        assert token_hash(token) in stored

    @pytest.mark.parametrize("value", ["x", "é" * 50, "%00", "\udcff", "a" * 4000, "-" * 43])
    def test_a_strange_cookie_is_nobody(self, client: StrictClient, value: str) -> None:
        headers = {"Cookie": f"pamoja={value}".encode("utf-8", "surrogateescape").decode("latin-1")}
        assert client.get("/me", headers=headers).status_code == 302


class TestTheCookie:
    @pytest.mark.parametrize("url", ["https://pamoja.example", "http://localhost"])
    def test_is_as_strict_as_the_address_allows(self, url: str) -> None:
        with another_app(public_url=url) as made:
            answer = made.test_client().get("/sign-in", base_url=url)
        kept, _, flags = answer.headers["Set-Cookie"].partition("; ")
        found = {flag.strip().casefold() for flag in flags.split(";")}
        assert {"httponly", "path=/", "samesite=lax"} <= found
        assert not [flag for flag in found if flag.startswith("domain")]
        is_https = url.startswith("https")
        assert kept.startswith("__Host-pamoja=" if is_https else "pamoja=")
        assert ("secure" in found) == is_https
        assert ("Strict-Transport-Security" in answer.headers) == is_https
        if is_https:
            assert (
                int(re.findall(r"max-age=(\d+)", answer.headers["Strict-Transport-Security"])[0]) >= 31536000
            )


EVIL = [
    "//evil.example", "///evil.example", "https:evil.example", "https://evil.example", "\\\\evil.example",
    "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example",
    "javascript:alert(1)", "%2f%2fevil.example", "//[", "http://[::1", "///", "/x//evil.example", "evil.example",
    "/\x00/evil.example", "@evil.example", "/./\\evil.example",
]  # fmt: skip


class TestWhereToGoNext:
    @pytest.mark.parametrize("wanted", EVIL)
    def test_never_to_another_site(self, app: Pamoja, wanted: str) -> None:
        with app.test_request_context("/"):
            to = local_path(wanted)
        assert to.startswith("/")
        assert not to.startswith(("//", "/\\"))
        assert not urlsplit(to).netloc

    @pytest.mark.parametrize("wanted", EVIL)
    def test_nor_does_the_language_switch(self, client: StrictClient, wanted: str) -> None:
        to = client.get("/language/sw", query_string={"next": wanted}).location
        assert to.startswith("/")
        assert not to.startswith(("//", "/\\"))

    def test_signing_in_leads_on_to_where_somebody_was_going(self, client: StrictClient) -> None:
        name = f"{word()}@people.example"
        make_account(sign_in=name)
        away = client.get("/me").location
        assert away == "/sign-in?next=/me"
        assert try_to(client, name, to=away).location == "/me"

    @pytest.mark.parametrize("wanted", ["//evil.example", "https:evil.example", "\\\\evil.example"])
    def test_signing_in_never_leads_away(self, client: StrictClient, wanted: str) -> None:
        name = f"{word()}@people.example"
        make_account(sign_in=name)
        page = client.fetch("/sign-in")
        to = client.post(
            "/sign-in",
            query_string={"next": wanted},
            data={"sign_in": name, "password": PASSWORD, **hidden(page)},
        )
        assert to.status_code == 303
        assert to.location == "/"

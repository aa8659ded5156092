"""Guessing is slowed, for names and places, known or not, and nobody is kept out for good."""

import re
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from network import clock
from network.access.guard import public
from network.accounts import commands, rules
from network.accounts import sign_in as door
from network.accounts.models import (
    Account,
    BrowserSession,
    FormSubmission,
    LinkPurpose,
    PrivateLink,
    SignInTry,
)
from network.db import db
from network.outbox import periodic
from network.signing_in import jobs
from network.web.unit_of_work import Pamoja
from tests.factories.network import PASSWORD, make_account, make_group, word
from tests.network.accounts.test_sign_in import digits, try_to
from tests.support.app import another_app, in_scope
from tests.support.client import StrictClient

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_place(monkeypatch: pytest.MonkeyPatch) -> str:
    """Tests share one address; here each comes from a place of its own."""
    place = f"place {uuid.uuid4()}"
    monkeypatch.setattr(door, "shortened_address", lambda: place)
    monkeypatch.setattr("network.access.guard.shortened_address", lambda: place)
    return place


@pytest.fixture
def name() -> str:
    return word()


def note(what: str, *, at: datetime = NOON, whence: str | None = None) -> datetime | None:
    with in_scope():
        return commands.note_try(what=what, whence=whence or str(uuid.uuid4()), now=at)


class TestTriesPerName:
    def test_five_a_minute_are_welcome_and_the_sixth_waits(self, name: str) -> None:
        assert [note(name, at=NOON + timedelta(seconds=n)) for n in range(5)] == [None] * 5
        assert note(name, at=NOON + timedelta(seconds=30)) == NOON + timedelta(minutes=1)

    def test_twenty_an_hour_are_welcome(self, name: str) -> None:
        times = [NOON + timedelta(minutes=2 * n) for n in range(20)]
        assert [note(name, at=at) for at in times] == [None] * 20
        assert note(name, at=NOON + timedelta(minutes=59)) == NOON + timedelta(hours=1)

    def test_nobody_is_locked_out_for_good(self, name: str) -> None:
        """What was refused is not counted, so the wait ends however often somebody tries meanwhile."""
        for n in range(200):
            note(name, at=NOON + timedelta(seconds=n / 10))
        assert note(name, at=NOON + timedelta(minutes=1)) is None

    @pytest.mark.parametrize("n", range(3))
    def test_writing_it_otherwise_buys_no_further_tries(self, n: int) -> None:
        number, nick = digits(), word()
        ways = [
            [f"0{number}", f"+254{number}", f"00254 {number}", f"0{number[:3]} {number[3:]}", f"0{number[:3]}-{number[3:]}"],
            [f"{nick}@x.example", f" {nick}@x.example", f"{nick}@X.EXAMPLE", f"{nick.upper()}@x.example", f"{nick}@x.example "],
            [nick, nick.upper(), f" {nick}", f"{nick}\u00a0", "".join(chr(ord(c) + 0xFEE0) for c in nick)],
        ][n]  # fmt: skip
        assert [note(way) for way in ways] == [None] * 5
        assert note(ways[0]) is not None

    def test_tries_sent_at_once_are_counted_one_by_one(self, name: str) -> None:
        waits: list[datetime | None] = []
        threads = [threading.Thread(target=lambda: waits.append(note(name))) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert waits.count(None) == 5
        assert len(waits) == 12


class TestTriesPerPlace:
    def test_thirty_in_five_minutes_are_welcome(self, own_place: str) -> None:
        assert [note(word(), whence=own_place) for _ in range(30)] == [None] * 30
        assert note(word(), whence=own_place) == NOON + timedelta(minutes=5)
        assert note(word(), whence="elsewhere") is None

    @pytest.mark.parametrize(
        ("address", "place"),
        [("41.90.1.77", "41.90.1.0/24"), ("2c0f:fe38:1:2::9", "2c0f:fe38:1::/48"), ("", "0.0.0.0/24"), ("?", "unknown")],
    )  # fmt: skip
    def test_a_place_is_never_the_exact_address(
        self, app: Pamoja, monkeypatch: pytest.MonkeyPatch, address: str, place: str
    ) -> None:
        monkeypatch.undo()
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
            assert door.shortened_address() == place

    def test_what_a_browser_says_of_itself_changes_nothing(
        self, app: Pamoja, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.undo()
        spoofed = {"X-Forwarded-For": "1.2.3.4", "X-Real-IP": "1.2.3.4", "Forwarded": "for=1.2.3.4"}
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": "41.90.1.77"}, headers=spoofed):
            assert door.shortened_address() == "41.90.1.0/24"

    @pytest.mark.parametrize(("trusted", "place"), [("1", "41.90.1.0/24"), ("0", "10.0.0.0/24")])
    def test_behind_a_server_of_our_own_its_word_is_taken(
        self, monkeypatch: pytest.MonkeyPatch, trusted: str, place: str
    ) -> None:
        monkeypatch.undo()
        with another_app(trusted_proxies=trusted) as made:
            made.add_url_rule(
                "/whence", "whence", public("a test")(lambda: {"place": door.shortened_address()})
            )
            answer = made.test_client().get(
                "/whence",
                environ_base={"REMOTE_ADDR": "10.0.0.1"},
                headers={"X-Forwarded-For": "6.6.6.6, 41.90.1.77"},
            )
        assert answer.json == {"place": place}


class TestSigningIn:
    def test_known_and_unknown_names_get_the_same_answer(self, app: Pamoja) -> None:
        known = f"{word()}@people.example"
        make_account(sign_in=known)
        unknown = f"{word()}@people.example"
        pages = []
        for typed in (known, unknown):
            client = app.test_client()
            answers = [try_to(client, typed, "not-the-password") for _ in range(6)]
            assert [answer.status_code for answer in answers] == [422] * 5 + [429]
            pages.append([_without_secrets(answer.text).replace(typed, "NAME") for answer in answers])
        assert pages[0] == pages[1]

    def test_a_suspended_account_answers_like_an_unknown_one(self, client: StrictClient) -> None:
        name = f"{word()}@people.example"
        account = make_account(sign_in=name)
        with in_scope():
            db.session.merge(account).suspended_at = clock.now()
        suspended = _without_secrets(try_to(client, name).text).replace(name, "NAME")
        nobody = f"{word()}@people.example"
        assert suspended == _without_secrets(try_to(client, nobody).text).replace(nobody, "NAME")

    def test_the_right_password_waits_too_and_then_clears_the_slate(self, app: Pamoja, name: str) -> None:
        name = f"{name}@people.example"
        make_account(sign_in=name)
        client = app.test_client()
        for _ in range(5):
            try_to(client, name, "wrong-password")
        assert try_to(client, name).status_code == 429
        with in_scope():
            db.session.execute(sa.text("update sign_in_tries set at = at - interval '2 minutes'"))
        assert try_to(client, name).status_code == 303
        with in_scope():
            left = sa.select(SignInTry.id).where(SignInTry.what == _print(name))
            assert db.session.scalars(left).all() == []

    def test_is_slowed_with_redis_down_too(self, name: str) -> None:
        with another_app(redis_url="redis://127.0.0.1:1/0") as made:
            client = made.test_client()
            statuses = [try_to(client, name, "wrong-password").status_code for _ in range(6)]
        assert statuses == [422] * 5 + [429]

    def test_a_refused_form_keeps_the_name_and_never_the_password(
        self, client: StrictClient, name: str
    ) -> None:
        answer = try_to(client, name, PASSWORD)
        assert name in answer.text
        assert PASSWORD not in answer.text


def _print(typed: str) -> bytes:
    from network.vault import keys

    return keys.lookup("try", rules.counted_as(typed))


def _without_secrets(html: str) -> str:
    html = re.sub(r'name="(csrf_token|once)" type="hidden" value="[^"]*"', "", html)
    html = re.sub(r'value="[^"]*"', lambda m: m[0] if "@" in m[0] else "", html)
    return re.sub(r"\d+ seconds", "", re.sub(r"\b\d+\b", "N", html))


class TestCodes:
    @pytest.fixture
    def code(self) -> Iterator[str]:
        with in_scope(make_group()):
            yield commands.give_code(
                LinkPurpose.INVITATION, uuid.uuid4(), lasts=timedelta(days=1), now=clock.now()
            )

    @pytest.mark.parametrize("how", [str, str.lower, lambda c: c.replace("-", ""), lambda c: f" {c.replace('-', ' – ')} ", " ".join])  # fmt: skip
    def test_open_however_they_are_typed(self, how: object) -> None:
        with in_scope(make_group()):
            code = commands.give_code(LinkPurpose.INVITATION, uuid.uuid4(), lasts=timedelta(days=1), now=clock.now())  # fmt: skip
        from network.accounts import queries

        with in_scope():
            assert queries.find_link_of_any_purpose(how(code), now=clock.now())  # type: ignore[operator]

    def test_twenty_members_behind_one_address_open_theirs(self, client: StrictClient) -> None:
        with in_scope(make_group()):
            codes = [
                commands.give_code(LinkPurpose.INVITATION, uuid.uuid4(), lasts=timedelta(days=1), now=clock.now())
                for _ in range(20)
            ]  # fmt: skip
        page = client.fetch("/code")
        assert {
            client.send(page, {"code": code, "once": str(uuid.uuid4())}, follow=False).status
            for code in codes
        } == {303}

    def test_guessing_is_slowed_where_they_are_typed(self, client: StrictClient) -> None:
        page = client.fetch("/code")
        statuses = [
            client.send(page, {"code": f"ABCDE{n:05d}", "once": str(uuid.uuid4())}).status for n in range(31)
        ]
        assert statuses == [422] * 30 + [429]

    def test_and_where_they_lead(self, client: StrictClient) -> None:
        statuses = [client.get(f"/join/ABCDE{n:05d}").status_code for n in range(31)]
        assert statuses == [410] * 30 + [429]

    def test_a_long_link_is_never_slowed(self, client: StrictClient, own_place: str) -> None:
        for n in range(30):
            note(f"code {n}", at=clock.now(), whence=own_place)
        assert client.get(f"/join/{'x' * 32}").status_code == 410

    def test_are_stored_as_prints_only(self) -> None:
        with in_scope(make_group()):
            code = commands.give_code(LinkPurpose.INVITATION, uuid.uuid4(), lasts=timedelta(days=1), now=clock.now())  # fmt: skip
            rows = db.session.execute(sa.text("select l::text from private_links l")).scalars().all()
        assert not [row for row in rows if code in row or code.replace("-", "") in row]


class TestForgetting:
    def test_what_has_had_its_time_goes_and_the_rest_stays(self) -> None:
        now = clock.now()
        account, group = make_account(), make_group()
        old, new = timedelta(days=91), timedelta(seconds=1)
        made: dict[type, list[uuid.UUID]] = {
            BrowserSession: [],
            SignInTry: [],
            FormSubmission: [],
            PrivateLink: [],
        }

        def keep(row: object) -> None:
            db.session.add(row)
            made[type(row)].append(row.id)  # type: ignore[attr-defined]

        with in_scope(group):
            for ago in (old, new):
                at = now - ago
                what = {"purpose": LinkPurpose.TELLER, "group_id": group.id, "subject_id": group.id}
                until = at + timedelta(hours=12)
                keep(_session_of(account, at, until))
                keep(SignInTry(id=uuid.uuid4(), what=b"x", whence=b"y", at=at))
                keep(FormSubmission(id=uuid.uuid4(), digest=b"x", created_at=at))
                keep(PrivateLink(id=uuid.uuid4(), token_hash=_token(), created_at=at, expires_at=at, **what))
        with in_scope():
            jobs.forget_what_has_passed(now=now)
        with in_scope():
            for kind, (gone, stays) in made.items():
                assert db.session.get(kind, gone) is None, kind
                assert db.session.get(kind, stays) is not None, kind

    def test_the_key_of_a_form_is_known_for_ninety_days(self) -> None:
        now, key = clock.now(), uuid.uuid4()
        with in_scope():
            db.session.add(FormSubmission(id=key, digest=b"x", created_at=now - timedelta(days=89, hours=23)))
        with in_scope():
            jobs.forget_what_has_passed(now=now)
            assert db.session.get(FormSubmission, key) is not None

    def test_comes_round_by_itself(self) -> None:
        assert periodic._jobs["forget-what-has-passed"][1] is jobs.forget_what_has_passed


def _token() -> bytes:
    return uuid.uuid4().bytes


def _session_of(account: Account, at: datetime, until: datetime) -> BrowserSession:
    contents = {"_user_id": str(account.id)}
    return BrowserSession(
        id=uuid.uuid4(),
        token_hash=_token(),
        account_id=account.id,
        contents=contents,
        created_at=at,
        seen_at=at,
        expires_at=until,
    )

"""Two pages on one sheet, a sheet that came to harm, and two people at one link: nothing is lost, and nothing fails."""

from datetime import timedelta
from threading import Thread
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from network import clock
from network.accounts.models import Account
from network.db import db
from network.servers import Addresses
from network.support_sheets import commands, locks
from network.support_sheets.demo import WRITTEN
from network.support_sheets.models import SheetShare, SupportSheet
from network.support_sheets.queries import get_own_sheet
from tests.factories.network import make_account
from tests.network.support_sheets.test_fence import be, shared
from tests.network.support_sheets.test_views import AT, WORDS, a_sheet, opened, rows, shown_words
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

NEW = "lamp garden bread window"
CHANGED = "The sheet changed meanwhile."
UNREADABLE = "The words fit, but what is kept here can no longer be opened."


def kept(owner: Account) -> tuple[str, str]:
    with in_scope(account=owner):
        sheet = get_own_sheet(owner.id)
        return sheet.lock, sheet.content


def new_words(owner: Account) -> bytes:
    """In another tab."""
    key = locks.new_key()
    with in_scope(account=owner):
        commands.change_words(
            get_own_sheet(owner.id),
            lock=locks.lock(key, NEW),
            content=locks.close(key, WRITTEN),
            now=clock.now(),
        )
    return key


def other_answers(owner: Account) -> None:
    """In another tab, under the same key."""
    lock, _content = kept(owner)
    key = locks.unlock(lock, WORDS)
    assert key
    with in_scope(account=owner):
        commands.change_sheet(get_own_sheet(owner.id), content=locks.close(key, WRITTEN), now=clock.now())


def written_anew(owner: Account) -> None:
    """Destroyed and begun again, in another tab."""
    with in_scope(account=owner):
        commands.destroy_sheet(get_own_sheet(owner.id))
    a_sheet(owner, NEW)


class TestAPageLeftOpen:
    """What it sends was closed with the key it holds, by a script; the sheet has another one by now."""

    @pytest.mark.parametrize("meanwhile", [new_words, other_answers, written_anew])
    def test_changes_nothing(self, client: StrictClient, meanwhile: Any) -> None:
        owner = make_account()
        a_sheet(owner)
        old_key = locks.unlock(kept(owner)[0], WORDS)
        assert old_key
        page = client.sign_in(owner).fetch(AT)
        meanwhile(owner)
        before = kept(owner)
        answer = client.send(page, {"sealed": locks.close(old_key, WRITTEN)}, to="/change")
        assert answer.status == 422
        assert CHANGED in answer.text
        assert "What you wrote is still here" not in answer.text, "it was not sent, so it is not"
        assert kept(owner) == before
        key = locks.unlock(before[0], WORDS if meanwhile is other_answers else NEW)
        assert key
        assert locks.unclose(key, kept(owner)[1]) == WRITTEN

    def test_goes_on_once_it_was_opened_again(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        page = client.sign_in(owner).fetch(AT)
        key = new_words(owner)
        sealed = {"sealed": locks.close(key, WRITTEN)}
        answer = client.send(page, sealed, to="/change")
        assert client.send(answer, sealed, to="/change").status == 200
        assert kept(owner)[1] == sealed["sealed"]

    @pytest.mark.parametrize("meanwhile", [new_words, written_anew])
    def test_shows_it_to_nobody(self, client: StrictClient, meanwhile: Any) -> None:
        owner = make_account()
        a_sheet(owner)
        old_key = locks.unlock(kept(owner)[0], WORDS)
        assert old_key
        page = client.sign_in(owner).fetch(AT)
        meanwhile(owner)
        answer = client.send(page, {"lock": locks.lock(old_key, "a b c d"), "lasts": "7"}, to="/share")
        assert answer.status == 422
        assert CHANGED in answer.text
        assert rows(SheetShare, owner) == 0

    @pytest.mark.parametrize("meanwhile", [new_words, other_answers, written_anew])
    def test_takes_no_new_words_for_what_stood_there(self, client: StrictClient, meanwhile: Any) -> None:
        owner = make_account()
        a_sheet(owner)
        page = client.sign_in(owner).fetch(f"{AT}/words")
        meanwhile(owner)
        before = kept(owner)
        key = locks.new_key()
        answer = client.send(page, {"lock": locks.lock(key, "a b c d"), "sealed": locks.close(key, WRITTEN)})
        assert answer.status == 422
        assert CHANGED in answer.text
        assert kept(owner) == before

    def test_is_refused_without_scripts_too_and_says_where_to_go_on(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        page, words = opened(client, AT, WORDS), client.fetch(f"{AT}/words?here=1")
        other_answers(owner)
        before = kept(owner)
        answer = client.send(page, {"words": WORDS, "helps": "walk with me"}, to="/change")
        for refused in (
            answer,
            client.send(answer, {"words": WORDS, "helps": "walk with me"}, to="/change"),
            client.send(page, {"own_words": WORDS, "lasts": "7"}, to="/share"),
            client.send(words, {"old": WORDS, "words": shown_words(words)}),
        ):
            assert refused.status == 422
            assert CHANGED in refused.text
        assert "walk with me" in answer.html
        assert f"{AT}?here=1" in answer.links
        assert kept(owner) == before
        assert rows(SheetShare, owner) == 0


class TestWhatCameToHarm:
    def harmed(self) -> Account:
        owner = make_account()
        a_sheet(owner)
        with in_scope(account=owner):
            get_own_sheet(owner.id).content = locks.close(locks.new_key(), WRITTEN)
            db.session.flush()
        return owner

    def test_is_said_to_its_owner_who_can_write_it_again(self, client: StrictClient) -> None:
        client.sign_in(self.harmed())
        page = opened(client, AT, WORDS)
        assert page.status == 422
        assert UNREADABLE in page.text
        page = client.fetch(f"{AT}/words?here=1")
        page = client.send(page, {"old": WORDS, "words": shown_words(page)})
        assert page.status == 422
        assert page.fields_with_errors == {"old"}
        assert UNREADABLE in page.text

    def test_is_said_to_whom_it_was_shown(self, client: StrictClient) -> None:
        owner = self.harmed()
        with in_scope(account=owner):
            token = commands.share_sheet(
                db.session.scalars(sa.select(SupportSheet)).one(),
                lock=locks.lock(locks.new_key(), NEW),
                lasts=timedelta(days=1),
                now=clock.now(),
            )
        page = opened(client.sign_in(make_account()), f"/note/{token}", NEW)
        assert page.status == 422
        assert UNREADABLE in page.text


def test_of_two_who_pick_up_one_link_at_the_same_moment_the_second_finds_nothing(
    client: StrictClient, database_urls: Addresses
) -> None:
    owner, first, second = make_account(), make_account(), make_account()
    token = shared(owner, lasts=None)
    page = client.sign_in(second).fetch(f"/note/{token}")
    answers: list[Page] = []
    with psycopg.connect(database_urls.web_url.replace("+psycopg", "")) as sql:
        be(sql, first, token)
        picked = "update sheet_shares set keeper_id = %s, ends_at = null where for_person"
        assert sql.execute(picked, (first.id,)).rowcount == 1
        waiting = Thread(target=lambda: answers.append(client.send(page)))
        waiting.start()
        waiting.join(1.5)
        assert waiting.is_alive(), "the second waits for the first"
        sql.commit()
        waiting.join(20)
    assert [answer.status for answer in answers] == [404]
    with in_scope(account=owner):
        assert db.session.scalar(sa.select(SheetShare.keeper_id)) == first.id

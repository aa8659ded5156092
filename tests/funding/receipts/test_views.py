"""Receipts as people make, read, print and send them."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from funding.ledger.rules import EntryKind, Source, moved
from groups.consents.models import Purpose
from groups.membership import commands as membership
from groups.membership.queries import get_member
from network import clock
from tests.factories.funding import Officers, make_members, make_officers, post_income, save_sheet, take_back
from tests.factories.groups import tells
from tests.factories.network import make_account
from tests.support import pdf
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

HEALTH = ("mind", "mental", "health", "voices", "patient", "support group")


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@pytest.fixture
def gift(people: Officers) -> dict[str, object]:
    """Achieng is the officers' member with a sign-in; Baraka has none."""
    members = make_members(people, "Achieng", "Baraka")
    with in_scope(people.group):
        membership.link_account(get_member(members["Achieng"]), people.member.id, now=clock.now())
    sheet = save_sheet(people, {members["Achieng"]: 20000, members["Baraka"]: 5050})
    return {**members, "sheet": sheet}


def path_of(people: Officers, gift: dict, name: str) -> str:
    return f"/g/{people.group.id}/money/sheets/{gift['sheet'].id}/receipts/{gift[name]}"


def make(client: StrictClient, who: object, path: str) -> Page:
    client.sign_in(who)  # type: ignore[arg-type]
    return client.send(client.fetch(path))


class TestMakeReceipt:
    def test_the_treasurer_makes_one_beside_a_name_on_the_sheet(
        self, client: StrictClient, people: Officers, gift: dict
    ) -> None:
        client.sign_in(people.treasurer)
        sheet = client.fetch(f"/g/{people.group.id}/money/sheets/{gift['sheet'].id}")
        assert path_of(people, gift, "Baraka") in sheet.links
        made = make(client, people.treasurer, path_of(people, gift, "Baraka"))
        assert "50.50" in made.text
        assert "Baraka" in made.text

    def test_a_member_makes_their_own_and_never_anothers(
        self, client: StrictClient, people: Officers, gift: dict
    ) -> None:
        made = make(client, people.member, path_of(people, gift, "Achieng"))
        assert made.status == 200
        assert client.get(path_of(people, gift, "Baraka")).status_code == 403
        assert client.post(path_of(people, gift, "Baraka")).status_code in {400, 403}

    def test_asked_again_it_is_the_same_one(self, client: StrictClient, people: Officers, gift: dict) -> None:
        first = make(client, people.treasurer, path_of(people, gift, "Achieng"))
        client.sign_in(people.member)
        assert client.fetch(path_of(people, gift, "Achieng")).path == first.path

    def test_is_printed_and_not_sent_to_somebody_under_18_before_a_parent_agreed(
        self, client: StrictClient, people: Officers, gift: dict
    ) -> None:
        with in_scope(people.group):
            tells(get_member(gift["Baraka"]), Purpose.AGE_BAND, "under")
        for name, is_sent in (("Baraka", False), ("Achieng", True)):
            made = make(client, people.treasurer, path_of(people, gift, name))
            assert any(link.startswith("sms:") for link in made.links) is is_sent
            assert any(link.split("?")[0].endswith("receipt.pdf") for link in made.links)

    def test_a_grant_has_one_with_the_funders_words(self, client: StrictClient, people: Officers) -> None:
        entry = post_income(people, 260_000_00, memo="OSIEA, first half")
        client.sign_in(people.treasurer)
        page = client.fetch(f"/g/{people.group.id}/money/entries/{entry.id}")
        link = next(link for link in page.links if link.endswith("/receipt"))
        made = make(client, people.treasurer, link)
        assert "OSIEA" in made.text

    @pytest.mark.parametrize("kind", [EntryKind.OPENING, EntryKind.CONTRIBUTIONS])
    def test_other_entries_have_none(self, client: StrictClient, people: Officers, kind: EntryKind) -> None:
        lines = moved(Source.CONTRIBUTIONS, "cash", "welfare", 100)
        with in_scope(people.group, people.treasurer):
            from funding.ledger import commands
            from tests.factories.funding import income

            entry = income(100)
            posted = commands.post(
                type(entry)(kind, entry.effective_on, lines), by=people.treasurer.id, now=clock.now()
            )
        client.sign_in(people.treasurer)
        assert client.get(f"/g/{people.group.id}/money/entries/{posted.id}/receipt").status_code == 404

    def test_what_was_taken_back_gets_none(self, client: StrictClient, people: Officers, gift: dict) -> None:
        client.sign_in(people.treasurer)
        page = client.fetch(path_of(people, gift, "Baraka"))
        take_back(people, gift["sheet"].journal_id)
        assert client.send(page).status == 422
        assert client.fetch(path_of(people, gift, "Baraka")).forms() == []


class TestShowReceipt:
    def test_only_the_treasurer_and_whoever_gave_see_it(
        self, client: StrictClient, people: Officers, gift: dict
    ) -> None:
        own = make(client, people.treasurer, path_of(people, gift, "Achieng")).path
        anothers = make(client, people.treasurer, path_of(people, gift, "Baraka")).path
        grant = post_income(people, 500)
        granted = make(
            client, people.treasurer, f"/g/{people.group.id}/money/entries/{grant.id}/receipt"
        ).path
        for who, may in (
            (people.treasurer, {own, anothers, granted}),
            (people.member, {own}),
            (people.chair, set()),
            (people.secretary, set()),
            (people.committee, set()),
        ):
            client.sign_in(who)
            for path in (own, anothers, granted):
                for wanted in (path, f"{path}/receipt.pdf"):
                    assert (client.get(wanted).status_code == 200) is (path in may), (who, wanted)

    def test_a_member_without_a_sign_in_is_nobody_who_can_look(
        self, client: StrictClient, people: Officers, gift: dict
    ) -> None:
        """No account on either side is not the same account."""
        path = make(client, people.treasurer, path_of(people, gift, "Baraka")).path
        client.sign_in(make_account())
        assert client.get(path).status_code == 404

    def test_says_when_its_entry_was_taken_back(
        self, client: StrictClient, people: Officers, gift: dict
    ) -> None:
        made = make(client, people.treasurer, path_of(people, gift, "Baraka"))
        paper = pdf.text_of(client.get(f"{made.path}/receipt.pdf").get_data())
        take_back(people, gift["sheet"].journal_id)
        after = client.fetch(made.path)
        assert after.tree.find(".//p[@class='note near']") is not None
        assert message_of(after) != message_of(made)
        assert len(pdf.text_of(client.get(f"{made.path}/receipt.pdf").get_data())) > len(paper)


def message_of(page: Page) -> str:
    link = next(link for link in page.links if link.startswith("sms:"))
    return unquote(link.removeprefix("sms:?body="))


class TestSendingIt:
    @pytest.mark.parametrize("language", ["en", "sw", "fr"])
    def test_names_neither_group_nor_member_nor_anything_about_health(
        self, client: StrictClient, people: Officers, gift: dict, language: str
    ) -> None:
        made = make(client, people.treasurer, path_of(people, gift, "Baraka"))
        page = client.fetch(f"{made.path}?in={language}")
        body = message_of(page)
        said = body.casefold()
        assert not [word for word in (*HEALTH, people.group.name.casefold(), "baraka") if word in said]
        assert "50" in body
        assert re.search(r"\b1\b", body)
        assert len(body) <= 160
        assert body in page.tree.find(".//blockquote/p").text.replace("\xa0", "\xa0")  # type: ignore[union-attr]

    def test_can_be_in_another_language_than_the_readers(
        self, client: StrictClient, people: Officers, gift: dict
    ) -> None:
        made = make(client, people.treasurer, path_of(people, gift, "Baraka"))
        said = {message_of(client.fetch(f"{made.path}?in={language}")) for language in ("en", "sw", "fr")}
        assert len(said) == 3
        papers = {
            pdf.text_of(client.get(f"{made.path}/receipt.pdf?in={language}").get_data())
            for language in ("en", "sw", "fr", "xx")
        }
        assert len(papers) == 3


class TestOnPaper:
    def test_a_members_receipt_does_not_name_the_group_and_a_funders_does(
        self, client: StrictClient, people: Officers, gift: dict
    ) -> None:
        made = make(client, people.treasurer, path_of(people, gift, "Baraka"))
        paper = client.get(f"{made.path}/receipt.pdf")
        assert people.group.name not in pdf.text_of(paper.get_data())
        assert paper.headers["Content-Disposition"] == 'inline; filename="receipt-1.pdf"'
        grant = post_income(people, 500, memo="OSIEA")
        made = make(client, people.treasurer, f"/g/{people.group.id}/money/entries/{grant.id}/receipt")
        text = pdf.text_of(client.get(f"{made.path}/receipt.pdf").get_data())
        assert people.group.name in text
        assert "OSIEA" in text

    def test_the_words_of_a_funder_can_be_taken_away_and_the_receipt_stands(
        self, client: StrictClient, people: Officers
    ) -> None:
        from funding.ledger import commands, queries

        grant = post_income(people, 500, memo="From Mary, who is ill")
        made = make(client, people.treasurer, f"/g/{people.group.id}/money/entries/{grant.id}/receipt")
        with in_scope(people.group, people.treasurer):
            commands.erase_memo(queries.get_entry(grant.id), by=people.treasurer.id, now=clock.now())
        assert "Mary" not in client.fetch(made.path).text
        assert "Mary" not in pdf.text_of(client.get(f"{made.path}/receipt.pdf").get_data())


def test_the_list_has_every_number_and_is_for_the_treasurer(
    client: StrictClient, people: Officers, gift: dict
) -> None:
    for name in ("Achieng", "Baraka"):
        make(client, people.treasurer, path_of(people, gift, name))
    page = client.fetch(f"/g/{people.group.id}/money/receipts")
    assert sum("/receipts/" in link for link in page.links) == 2
    for who in (people.chair, people.member):
        client.sign_in(who)
        assert client.get(f"/g/{people.group.id}/money/receipts").status_code == 403


def test_the_day_on_the_receipt_is_the_day_of_the_sheet(
    client: StrictClient, people: Officers, gift: dict
) -> None:
    day = gift["sheet"].received_on - timedelta(days=40)
    sheet = save_sheet(people, {gift["Baraka"]: 100}, received_on=day)
    made = make(client, people.treasurer, path_of(people, {**gift, "sheet": sheet}, "Baraka"))
    assert str(day.year) in message_of(made)
    assert str(day.day) in message_of(made)

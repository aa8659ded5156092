"""The pages on which statements are brought: every kind of file, by hand, as the treasurer would."""

import io
from pathlib import Path
from typing import Any

import pytest

from funding.ledger.rules import Place
from funding.statements import queries, rules
from funding.statements.models import Booked, LineState
from network.db import db
from tests.factories.funding import Officers, make_officers, make_staff, post_income
from tests.factories.matching import an_entry, join
from tests.factories.statements import Moved, a_day, bring, lines_of, mpesa
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient
from tests.support.statements import statements as sent

FILES = Path(__file__).parent / "files"
# file: (place, statements, amounts of what moved, how many did not move, whether it adds up and its balances follow)
EXPECTED: dict[str, tuple[str, int, list[int], int, bool]] = {
    "01-latest-first-below-a-preamble.csv": ("mobile_money", 1, [54000, 120000, -40000], 0, True),
    "02-oldest-first-nought-on-the-other-side.csv": ("mobile_money", 1, [54000, -4000], 0, True),
    "03-money-out-without-a-minus.csv": ("mobile_money", 1, [1000000, -200000], 0, True),
    "04-failed-rows.csv": ("mobile_money", 1, [50000, -10000], 1, True),
    "05-charges-beside-their-payments.csv": (
        "mobile_money",
        1,
        [100000, -29200, -800, -10000, -500],
        0,
        True,
    ),
    "06-a-reversal.csv": ("mobile_money", 1, [50000, -10000, 10000], 0, True),
    "07-no-status-column.csv": ("mobile_money", 1, [50000, -10000], 0, True),
    "08-small-receipts-in-windows-letters.csv": ("mobile_money", 1, [50000, -10000], 0, True),
    "09-byte-order-mark.csv": ("mobile_money", 1, [50000, -10000], 0, True),
    "10-organisation-portal.csv": ("mobile_money", 1, [50000, -275], 0, True),
    "11-organisation-without-account-column.csv": ("mobile_money", 1, [510000, -400000], 0, True),
    "12-totals-below.csv": ("mobile_money", 1, [50000, -10000], 0, True),
    "13-does-not-add-up.csv": ("mobile_money", 1, [50000, -10000], 0, False),
    "14-airtel-money.csv": ("mobile_money", 1, [100000, -20000, -500], 0, True),
    "15-camt053.xml": ("bank", 1, [50000, -15000], 1, True),
    "16-camt054.xml": ("bank", 1, [50000], 0, True),
    "17-mt940.sta": ("bank", 1, [50000, -15000], 0, True),
    "18-mt942.sta": ("bank", 1, [], 1, True),
    "19-ofx-sgml.ofx": ("bank", 1, [50000, -15000], 0, True),
    "20-ofx-xml-two-accounts.ofx": ("bank", 2, [50000, -2000], 0, True),
    "21-bank-decimal-comma.csv": ("bank", 1, [150000, -15000], 0, True),
}
OWN = FILES / "22-bank-of-its-own.csv"
COLUMNS = {"date": "0", "text": "1", "amount": "2", "balance": "3", "name": "Jamii Bank"}


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def home(people: Officers) -> str:
    return f"/g/{people.group.id}/money/statements"


def upload(
    client: StrictClient, people: Officers, content: bytes, *, place: str = "mobile_money", **more: Any
) -> Page:
    client.sign_in(people.treasurer)
    page = client.fetch(f"{home(people)}/bring")
    return client.send(page, {"file": (io.BytesIO(content), "statement"), "place": place, **more})


def brought(people: Officers) -> list[Any]:
    with in_scope(people.group):
        return list(db.session.scalars(queries.statements()))


class TestEveryKindOfFile:
    def test_none_is_left_out(self) -> None:
        assert {path.name for path in FILES.iterdir()} == {*EXPECTED, OWN.name}

    @pytest.mark.parametrize("name", EXPECTED)
    def test_is_brought_through_the_page(self, client: StrictClient, people: Officers, name: str) -> None:
        place, count, amounts, aside, adds_up = EXPECTED[name]
        content = (FILES / name).read_bytes()
        page = upload(client, people, content, place=place)
        assert page.status == 200
        found = brought(people)
        assert len(found) == count
        lines = lines_of(people)
        moved = [line.amount for line in lines if line.status == Booked.BOOKED]
        assert sorted(moved) == sorted(amounts)
        assert len(lines) - len(moved) == aside
        assert all(not line.reference or line.reference == line.reference.upper() for line in lines)
        with in_scope(people.group):
            sums = [queries.adding_up(queries.get_statement(one.id)) for one in found]
        assert all(not one.difference and not one.breaks for one in sums) == adds_up
        upload(client, people, content, place=place)
        assert len(lines_of(people)) == len(lines)

    def test_a_format_may_be_chosen_and_a_wrong_one_is_told(
        self, client: StrictClient, people: Officers
    ) -> None:
        content = (FILES / "17-mt940.sta").read_bytes()
        wrong = upload(client, people, content, place="bank", kind="camt053")
        assert (wrong.status, wrong.fields_with_errors) == (422, {"file"})
        assert upload(client, people, content, place="bank", kind="mt940").status == 200


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(
        "content",
        [
            b"hello",
            b"",
            b"%PDF-1.7",
            b"\x00\x01\x02",
            b"<html></html>",
            (FILES / "15-camt053.xml").read_bytes()[:700],
            (FILES / "17-mt940.sta").read_bytes()[:150],
            b"Date,Amount\n2026-09-31,5\n",
            b"Date,Amount,Currency\n2026-09-30,5,USD\n",
            b"Date,Amount\n" + b" " * 1_000,
            b"hello,world\n1,2\n",
            b"Dear treasurer,\n\nall is well.\n",
            b"a;b;c",
        ],
    )
    def test_is_said_beside_the_file_and_nothing_is_kept(
        self, client: StrictClient, people: Officers, content: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rules, "LARGEST_FILE", 900)
        page = upload(client, people, content, place="bank")
        assert (page.status, page.fields_with_errors) == (422, {"file"})
        assert (brought(people), lines_of(people)) == ([], [])

    def test_no_file_is_said_too(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.treasurer)
        page = client.fetch(f"{home(people)}/bring")
        assert client.send(page, {"place": "bank"}).fields_with_errors == {"file"}

    def test_a_file_larger_than_any_page_takes_has_a_page(
        self, client: StrictClient, people: Officers
    ) -> None:
        client.sign_in(people.treasurer)
        kind = "multipart/form-data; boundary=x"
        answer = client.post(f"{home(people)}/bring", data=b"x" * 3_000_000, content_type=kind)
        assert answer.status_code == 413

    def test_mobile_money_is_no_bank(self, client: StrictClient, people: Officers) -> None:
        page = upload(client, people, mpesa([Moved("S1", a_day(), 5)]), place="bank")
        assert page.status == 422
        assert brought(people) == []


class TestColumns:
    def test_are_named_once_and_known_the_next_time(self, client: StrictClient, people: Officers) -> None:
        page = upload(client, people, OWN.read_bytes(), place="bank")
        assert page.path.endswith("/columns")
        assert brought(people) == []
        done = client.send(page, COLUMNS)
        assert "/money/statements/" in done.path
        assert sorted(line.amount for line in lines_of(people)) == [-15000, 150000]
        again = upload(client, people, OWN.read_bytes().replace(b"2026", b"2025"), place="bank")
        assert not again.path.endswith("/columns")
        assert len(lines_of(people)) == 4
        with in_scope(people.group):
            assert [mapping.name for mapping in queries.mappings()] == ["Jamii Bank"]

    def test_may_be_chosen_by_their_name(self, client: StrictClient, people: Officers) -> None:
        client.send(upload(client, people, OWN.read_bytes(), place="bank"), COLUMNS)
        with in_scope(people.group):
            mapping = queries.mappings()[0]
        text = OWN.read_bytes().replace(b"2026", b"2025")
        assert upload(client, people, text, place="bank", kind=str(mapping.id)).status == 200
        other = b"Tag|Wer\n2026-09-01|Deposit\n"
        wrong = upload(client, people, other, place="bank", kind=str(mapping.id))
        assert wrong.status == 422 or wrong.path.endswith("/columns")

    @pytest.mark.parametrize(
        "chosen",
        [{"date": ""}, {"amount": ""}, {"amount": "1"}, {"date": "1"}, {"name": ""}, {"balance": "1"}],
    )
    def test_that_make_no_sense_are_said(
        self, client: StrictClient, people: Officers, chosen: dict[str, str]
    ) -> None:
        page = upload(client, people, OWN.read_bytes(), place="bank")
        assert client.send(page, {**COLUMNS, **chosen}).status == 422
        assert brought(people) == []

    def test_without_a_header_go_by_their_place(self, client: StrictClient, people: Officers) -> None:
        text = b"2026-09-01;12,50;Deposit\n2026-09-02;-2,50;Fee\n"
        page = upload(client, people, text, place="bank")
        chosen = {"date": "0", "amount": "1", "text": "2", "name": "Bare"}
        client.send(page, chosen)
        assert sorted(line.amount for line in lines_of(people)) == [-250, 1250]

    def test_can_be_forgotten(self, client: StrictClient, people: Officers) -> None:
        client.send(upload(client, people, OWN.read_bytes(), place="bank"), COLUMNS)
        page = client.fetch(f"{home(people)}/columns")
        assert client.send(page, to="/forget").status == 200
        with in_scope(people.group):
            assert queries.mappings() == []

    def test_the_file_is_gone_once_it_is_read(self, client: StrictClient, people: Officers) -> None:
        page = upload(client, people, OWN.read_bytes(), place="bank")
        client.send(page, COLUMNS)
        assert client.get(page.path).status_code == 404


class TestWhoSeesWhat:
    @pytest.fixture
    def page(self, people: Officers) -> str:
        statement = bring(
            people, mpesa([Moved("SKC1", a_day(3), 500), Moved("SKC2", a_day(2), 9, status="Failed")])
        )
        return f"{home(people)}/{statement.statements[0].id}"

    def test_the_treasurer_sees_who_paid(self, client: StrictClient, people: Officers, page: str) -> None:
        client.sign_in(people.treasurer)
        for path in (page, f"{page}/aside", f"{home(people)}/lines"):
            assert "MARY ATIENO" in client.fetch(path).text

    def test_others_in_office_see_everything_else(
        self, client: StrictClient, people: Officers, page: str
    ) -> None:
        client.sign_in(people.chair)
        for path in (home(people), page, f"{page}/aside", f"{page}/compare"):
            shown = client.fetch(path)
            assert (shown.status, "ATIENO" in shown.html) == (200, False)
        assert "SKC1" in client.fetch(page).text
        for path in ("/bring", "/lines", "/columns", f"/lines/{lines_of(people)[0].id}"):
            assert client.get(f"{home(people)}{path}").status_code == 403

    def test_members_see_nothing(self, client: StrictClient, people: Officers, page: str) -> None:
        client.sign_in(people.member)
        for path in (home(people), page, f"{page}/aside", f"{page}/compare", f"{home(people)}/lines"):
            assert client.get(path).status_code == 403

    def test_a_settled_line_names_nobody_anywhere(
        self, client: StrictClient, people: Officers, page: str
    ) -> None:
        line = next(line for line in lines_of(people) if line.status == Booked.BOOKED)
        entry = an_entry(people, 500)
        join(people, line, entry)
        client.sign_in(people.treasurer)
        for path in (page, f"{home(people)}/lines?show=all", f"{home(people)}/lines/{line.id}"):
            assert "ATIENO" not in client.fetch(path).html


class TestPages:
    def test_open_when_there_is_nothing(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.treasurer)
        for path in ("", "/bring", "/lines", "/lines?show=nonsense&place=moon&statement=x", "/columns"):
            assert client.fetch(f"{home(people)}{path}").status == 200

    def test_an_office_has_them_too(self, client: StrictClient, app: object) -> None:
        staff = make_staff()
        client.sign_in(staff.finance)
        for path in ("", "/bring", "/lines", "/columns"):
            assert client.fetch(f"/n/{staff.office.id}/money/statements{path}").status == 200

    def test_a_longer_statement_takes_no_more_questions(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.treasurer)
        counts = []
        for size in (2, 60):
            moves = [Moved(f"S{size}{n}", a_day(9), 10 + n) for n in range(size)]
            statement = bring(people, mpesa(moves)).statements[0]
            with sent() as asked:
                for path in (
                    f"/{statement.id}",
                    f"/lines?statement={statement.id}",
                    f"/{statement.id}/compare",
                ):
                    assert client.fetch(f"{home(people)}{path}").status == 200
            counts.append(len(asked))
        assert counts[1] <= counts[0] + 2

    def test_a_statement_can_be_taken_away_until_a_line_is_settled(
        self, client: StrictClient, people: Officers
    ) -> None:
        post_income(people, 100, place=Place.MOBILE_MONEY)
        statement = bring(people, mpesa([Moved("S1", a_day(3), 500)])).statements[0]
        client.sign_in(people.treasurer)
        path = f"{home(people)}/{statement.id}/take-away"
        join(people, lines_of(people)[0], an_entry(people, 500))
        assert client.send(client.fetch(path)).status == 422
        again = bring(people, mpesa([Moved("S9", a_day(3), 500)])).statements[0]
        assert client.send(client.fetch(f"{home(people)}/{again.id}/take-away")).status == 200
        assert [line.state for line in lines_of(people)] == [LineState.MATCHED]

    def test_what_does_not_add_up_is_marked_where(self, client: StrictClient, people: Officers) -> None:
        page = upload(client, people, (FILES / "13-does-not-add-up.csv").read_bytes())
        assert len([e for e in page.tree.iter() if e.get("class") == "note near"]) == 2
        assert len([e for e in page.tree.iter() if e.get("class") == "tag near"]) == 1

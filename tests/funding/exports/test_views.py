"""The page, and what is in the files it hands out."""

import csv
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from funding.contributions.commands import save_sheet
from funding.contributions.rules import Given
from funding.exports import rules
from funding.exports.rules import Piece, read_piece, years
from funding.ledger.rules import Place
from network import clock
from tests.factories.funding import make_members, make_staff, today
from tests.factories.network import day_there, move_where_it_is_another_day
from tests.funding.exports.test_beancount import a_full_book
from tests.support.app import in_scope
from tests.support.client import StrictClient


def take(people: Any, file: str = "") -> str:
    return f"/g/{people.group.id}/money/take{file}"


def rows(client: StrictClient, path: str) -> list[dict[str, str]]:
    content = client.get(path).get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


class TestThePage:
    def test_is_for_people_in_office(self, client: StrictClient) -> None:
        people = a_full_book("KES")
        for person, status in ((people.chair, 200), (people.committee, 200), (people.member, 403)):
            client.sign_out().sign_in(person)
            for file in ("", "/book.xlsx", "/table.csv", "/book.beancount"):
                assert client.get(take(people, file)).status_code == status

    def test_every_file_it_offers_is_there(self, client: StrictClient) -> None:
        people = a_full_book("KES")
        page = client.sign_in(people.treasurer).fetch(take(people))
        offered = [link for link in page.links if link.startswith(take(people, "/"))]
        assert len(offered) == 7
        for link in offered:
            response = client.get(link)
            assert response.status_code == 200
            assert response.headers["Content-Disposition"].startswith("attachment; filename=")
            assert people.group.name not in response.headers["Content-Disposition"]

    def test_of_an_office_has_no_contributions(self, client: StrictClient) -> None:
        staff = make_staff()
        client.sign_in(staff.administration)
        page = f"/n/{staff.office.id}/money/take"
        assert client.fetch(page).status == 200
        assert client.get(f"{page}/table.csv?table=contributions").status_code == 404
        assert client.get(f"{page}/table.csv?table=legs").status_code == 200


class TestTheTables:
    def test_legs_come_to_nothing_and_are_exact(self, client: StrictClient) -> None:
        people = a_full_book("KWD")
        client.sign_in(people.treasurer)
        legs = rows(client, take(people, "/table.csv?table=legs"))
        assert sum(Decimal(row["In"] or 0) - Decimal(row["Out"] or 0) for row in legs) == 0
        assert "0.777" in {row["In"] for row in legs}

    def test_the_workbook_has_them_all_and_runs_nothing(self, client: StrictClient) -> None:
        people = a_full_book("KES")
        client.sign_in(people.treasurer)
        book = openpyxl.load_workbook(io.BytesIO(client.get(take(people, "/book.xlsx")).get_data()))
        assert len(book.sheetnames) == 5
        assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {
            "s",
            "n",
            "d",
        }

    def test_what_members_gave_is_there_in_sums_only(self, client: StrictClient) -> None:
        people = a_full_book("KES")
        members = make_members(people, "Zawadi Ya Mungu", "Baraka Tele")
        with in_scope(people.group, people.treasurer):
            given = [Given(one, Place.CASH, 150) for one in members.values()]
            save_sheet(given, received_on=today(), by=people.treasurer.id, now=clock.now())
        client.sign_in(people.treasurer)
        found = rows(client, take(people, "/table.csv?table=contributions"))
        assert [row["Cash"] for row in found] == ["3.00"]
        for table in ("entries", "legs", "months", "contributions", "grants"):
            said = client.get(take(people, f"/table.csv?table={table}")).get_data(as_text=True)
            assert not any(name in said for name in (*members, people.treasurer.shown_name))

    def test_days_are_the_groups(self, client: StrictClient) -> None:
        people = a_full_book("KES")
        there = move_where_it_is_another_day(people.group)
        days = {
            row["Written down on"]
            for row in rows(client.sign_in(people.treasurer), take(people, "/table.csv"))
        }
        assert days == {there.isoformat()}

    @pytest.mark.parametrize("asked", ["nothing", "", "ENTRIES"])
    def test_a_table_nobody_made_is_not_there(self, client: StrictClient, asked: str) -> None:
        people = a_full_book("KES")
        client.sign_in(people.treasurer)
        assert client.get(take(people, f"/table.csv?table={asked}")).status_code == 404


class TestALargeBook:
    def test_comes_a_year_at_a_time(self, client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
        people = a_full_book("KES")
        monkeypatch.setattr(rules, "MOST_ENTRIES", 2)
        client.sign_in(people.treasurer)
        page = client.fetch(take(people))
        assert f"?year={today().year}" in "".join(page.links)
        assert client.get(take(people, "/book.beancount")).status_code == 404
        response = client.get(take(people, "/table.csv"))
        assert f"entries-{day_there().year}.csv" in response.headers["Content-Disposition"]

    def test_the_address_asks_and_the_book_answers(self) -> None:
        there = years(today().replace(year=2024), today().replace(year=2026))
        assert there == [2026, 2025, 2024]
        assert read_piece("2025", there=there, fits_whole=True) == Piece(2025)
        assert read_piece("1999", there=there, fits_whole=True) == Piece()
        assert read_piece("٢٠٢٥", there=there, fits_whole=False) == Piece(2026)
        assert read_piece(None, there=[], fits_whole=False) == Piece()
        assert years(None, None) == []

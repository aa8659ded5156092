"""A funder's report as a page, a PDF and a spreadsheet: it adds up, names nobody, and stays as it was sent."""

import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from funding.funder_reports import queries, rules
from funding.funder_reports.rules import Asked
from funding.grants.commands import (
    Terms,
    add_condition,
    add_report_due,
    change_grant,
    mark_sent,
    settle_condition,
)
from funding.grants.models import ConditionState, Grant
from funding.grants.queries import get_condition, get_grant, get_report_due, reports_of
from funding.grants.rules import standings
from network import clock
from tests.factories.funding import Officers, make_officers
from tests.factories.grants import END, START, a_day, give, make_grant, plan, spend
from tests.support import pdf
from tests.support.app import in_scope
from tests.support.client import StrictClient


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@pytest.fixture
def grant(people: Officers) -> Grant:
    made = make_grant(people)
    give(people, made, 900_000)
    plan(people, made, {"Hall of the church": ("venue", 600_000), "Tea": ("refreshments", 60_000)})
    spend(people, made, "venue", 50_000)
    spend(people, made, "refreshments", 40_000, why="Many more people came")
    return made


def at(people: Officers, grant: Grant, path: str = "", **asked: object) -> str:
    values = {"from_on": START, "to_on": END, **asked}
    query = "&".join(f"{name}={value}" for name, value in values.items())
    return f"/g/{people.group.id}/money/grants/{grant.id}/report{path}?{query}"


class TestReport:
    def test_stands_on_one_page_that_adds_up(
        self, client: StrictClient, people: Officers, grant: Grant
    ) -> None:
        page = client.sign_in(people.treasurer).fetch(at(people, grant))
        assert "Hall of the church" in page.text
        assert "Many more people came" in page.text
        with in_scope(people.group):
            report = queries.report_of(get_grant(grant.id), Asked(START, END))
            assert report.flow.adds_up
            assert (report.flow.came, report.flow.spent, report.flow.after) == (900_000, 90_000, 810_000)
            assert report.together.spent == report.whole.spent == 90_000
            assert report.together.spent_now == report.flow.spent

    def test_of_a_time_before_anything_moved_is_empty_and_opens(
        self, client: StrictClient, people: Officers, grant: Grant
    ) -> None:
        page = client.sign_in(people.member).fetch(at(people, grant, to_on=START))
        assert page.status == 200
        assert "Many more people came" not in page.text

    @pytest.mark.parametrize("day", ["yesterday", "9999-99-99", "'", "", "2026-02-30"])
    def test_a_time_that_is_none_is_the_usual_one(
        self, client: StrictClient, people: Officers, grant: Grant, day: str
    ) -> None:
        client.sign_in(people.treasurer)
        for path in ("", ".pdf", ".xlsx"):
            assert (
                client.get(at(people, grant, path, from_on=day, to_on=day, language=day)).status_code == 200
            )

    def test_names_nobody(self, client: StrictClient, people: Officers, grant: Grant) -> None:
        client.sign_in(people.treasurer)
        content = pdf.text_of(client.get(at(people, grant, ".pdf", language="en")).get_data())
        book = load_workbook(io.BytesIO(client.get(at(people, grant, ".xlsx", language="en")).get_data()))
        cells = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
        page = client.fetch(at(people, grant)).text
        for person in (people.treasurer, people.chair, people.member):
            assert person.shown_name not in content + cells + page

    def test_is_wholly_in_the_language_asked_for(
        self, client: StrictClient, people: Officers, grant: Grant
    ) -> None:
        client.sign_in(people.treasurer)
        english = pdf.text_of(client.get(at(people, grant, ".pdf", language="en")).get_data())
        french = pdf.text_of(client.get(at(people, grant, ".pdf", language="fr")).get_data())
        assert "Planned for the whole" in english
        assert "Planned" not in french
        assert "Hall of the church" in " ".join(french.split()), french
        page = client.fetch(at(people, grant, language="fr"))
        assert page.tree.get("lang", page.tree.find("html").get("lang") if page.tree.find("html") is not None else "") == "fr"  # fmt: skip

    def test_the_spreadsheet_has_numbers(self, client: StrictClient, people: Officers, grant: Grant) -> None:
        client.sign_in(people.treasurer)
        answer = client.get(at(people, grant, ".xlsx", language="en"))
        book = load_workbook(io.BytesIO(answer.get_data()))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        assert rows[1][0] == "Hall of the church"
        assert rows[-1][1:] == (6600, rows[-1][2], 900, 900, 5700)
        assert people.group.name not in answer.headers["Content-Disposition"]

    def test_is_read_by_members_and_nobody_else(
        self, client: StrictClient, people: Officers, grant: Grant
    ) -> None:
        for path in ("", ".pdf", ".xlsx"):
            assert client.sign_in(people.member).get(at(people, grant, path)).status_code == 200
            assert client.sign_in(make_officers().treasurer).get(at(people, grant, path)).status_code == 404


class TestSent:
    def due(self, people: Officers, grant: Grant, to_on: date) -> object:
        with in_scope(people.group, people.treasurer):
            return add_report_due(
                get_grant(grant.id), from_on=START, to_on=to_on, due_on=to_on, by=people.treasurer.id, now=clock.now()
            ).id  # fmt: skip

    def test_settles_what_was_due(self, client: StrictClient, people: Officers, grant: Grant) -> None:
        due = self.due(people, grant, a_day())
        client.sign_in(people.chair)
        page = client.fetch(f"/g/{people.group.id}/money/grants/reports/{due}/sent")
        assert client.send(page, {"sent_on": "2199-01-01"}).fields_with_errors == {"sent_on"}
        assert client.send(page, {"sent_on": (a_day() - timedelta(days=9)).isoformat()}).status == 422
        assert client.send(page).status == 200
        assert client.send(client.fetch(page.path)).status == 422
        with in_scope(people.group):
            assert [one.entries for one in reports_of(grant.id)] != [None]
        assert "/money/grants/" not in "".join(client.fetch(f"/g/{people.group.id}/").links)

    def test_stays_as_it_was_sent(self, client: StrictClient, people: Officers, grant: Grant) -> None:
        due = self.due(people, grant, a_day())
        with in_scope(people.group, people.treasurer):
            mark_sent(get_report_due(due), sent_on=a_day(), by=people.treasurer.id, now=clock.now())  # type: ignore[arg-type]
        spend(people, grant, "venue", 10_000)
        with in_scope(people.group):
            found, asked = get_grant(grant.id), Asked(START, a_day())
            as_sent = queries.report_of(found, asked, sent=get_report_due(due))  # type: ignore[arg-type]
            as_now = queries.report_of(found, asked)
            assert (as_sent.flow.spent, as_now.flow.spent) == (90_000, 100_000)
            assert as_sent.flow.adds_up
        paper = at(people, grant, ".pdf", to_on=a_day(), language="en")
        client.sign_in(people.treasurer)
        assert "900" in pdf.text_of(client.get(paper).get_data())
        assert client.get(paper).get_data() == client.get(paper).get_data()

    def test_nothing_done_later_that_day_changes_it(
        self, client: StrictClient, people: Officers, grant: Grant
    ) -> None:
        """Budget, promises, the grant's own words, a part that is taken back, a part that comes late."""
        due, asked, by = self.due(people, grant, a_day()), Asked(START, a_day()), people.treasurer.id
        with in_scope(people.group, people.treasurer):
            promised = add_condition(
                get_grant(grant.id), words="Receipts", due_on=None, by=by, now=clock.now()
            ).id
            mark_sent(get_report_due(due), sent_on=a_day(), by=by, now=clock.now())  # type: ignore[arg-type]
            sent = queries.report_of(get_grant(grant.id), asked, sent=get_report_due(due))  # type: ignore[arg-type]
        page = client.sign_in(people.treasurer).fetch(at(people, grant, to_on=a_day(), language="en")).text
        paper = client.get(at(people, grant, ".pdf", to_on=a_day(), language="en")).get_data()
        plan(people, grant, {"Another hall": ("venue", 100_000)}, reason="Prices rose")
        terms = Terms("Renamed", "Another", "ngo", "Other things", 1_000_000, START, END, "N7", "No hats")
        with in_scope(people.group, people.treasurer):
            settle_condition(
                get_condition(promised),
                state=ConditionState.MET,
                on=a_day(),
                words="",
                by=by,
                now=clock.now(),
            )
            add_condition(get_grant(grant.id), words="Photographs", due_on=None, by=by, now=clock.now())
            change_grant(get_grant(grant.id), terms, by=by, now=clock.now())
        give(people, grant, 100_000)
        with in_scope(people.group):
            found = get_grant(grant.id)
            shown = queries.report_of(found, asked, sent=get_report_due(due))  # type: ignore[arg-type]
            assert (shown.told, shown.rows, shown.parts, shown.changes) == (
                sent.told,
                sent.rows,
                sent.parts,
                [],
            )
            assert (shown.flow, shown.entries, shown.seal) == (sent.flow, sent.entries, sent.seal)
            assert queries.report_of(found, asked).told != sent.told
        assert client.fetch(at(people, grant, to_on=a_day(), language="en")).text == page
        assert client.get(at(people, grant, ".pdf", to_on=a_day(), language="en")).get_data() == paper

    def test_is_for_those_who_look_after_grants(
        self, client: StrictClient, people: Officers, grant: Grant
    ) -> None:
        due = self.due(people, grant, a_day())
        assert client.sign_in(people.member).get(f"/g/{people.group.id}/money/grants/reports/{due}/sent").status_code == 403  # fmt: skip


amounts = st.integers(0, 10**12)


@given(
    came=amounts,
    spent=amounts,
    back=amounts,
    moved=st.integers(-(10**9), 10**9),
    came2=amounts,
    spent2=amounts,
)
def test_whatever_moved_the_flow_adds_up(
    came: int, spent: int, back: int, moved: int, came2: int, spent2: int
) -> None:
    def sums(came: int, spent: int, back: int, moved: int) -> dict[str, int]:
        held = came - spent - back - moved
        return {"grants": -came, "venue": spent, "given_back": back, "between_funds": moved, "bank": held}

    before = standings(1, sums(came, spent, 0, 0))
    after = standings(1, sums(came + came2, spent + spent2, back, moved))
    assert rules.flow(before, after).adds_up

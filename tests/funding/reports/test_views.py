"""The report every member reads."""

import io
from datetime import timedelta

from openpyxl import load_workbook

from funding.ledger import commands
from funding.reports import queries
from funding.reports.rules import month_of, months_after
from network import clock
from tests.factories.funding import income, make_officers, post_income, today
from tests.support import pdf
from tests.support.app import in_scope
from tests.support.client import StrictClient


def test_carries_what_was_there_from_month_to_month(client: StrictClient) -> None:
    people = make_officers()
    last_month = month_of(today()).before
    with in_scope(people.group, people.treasurer):
        commands.post(income(70_000, effective_on=last_month.start), by=people.treasurer.id, now=clock.now())
    post_income(people, 5_000, effective_on=max(today(), month_of(clock.now().date()).start))
    with in_scope(people.group):
        before, now = queries.report_of(last_month), queries.report_of(month_of(clock.now().date()))
        assert (before.whole.opening, before.whole.closing) == (0, 70_000)
        assert (now.whole.opening, now.whole.closing) == (70_000, 75_000)
        assert queries.grants_received(last_month.start, months_after(last_month.start, 2)) == 75_000
    client.sign_in(people.member)
    page = client.fetch(f"/g/{people.group.id}/money/report?month={last_month.code}")
    assert "700" in page.text
    assert any("month=" in link for link in page.links)


def test_is_there_on_paper_and_as_a_spreadsheet_in_every_language(client: StrictClient) -> None:
    people = make_officers()
    post_income(people, 123_400)
    client.sign_in(people.member)
    path, month = f"/g/{people.group.id}/money/report", month_of(today()).code
    english = pdf.text_of(client.get(f"{path}.pdf?month={month}&language=en").get_data())
    french = pdf.text_of(client.get(f"{path}.pdf?month={month}&language=fr").get_data())
    assert "There at the end" in english
    assert "There at the end" not in french
    assert "1,234" in english
    answer = client.get(f"{path}.xlsx?quarter={month_of(today()).start.year}-Q1&language=nothing")
    assert answer.status_code == 200
    sheet = client.get(f"{path}.xlsx?month={month}&language=en").get_data()
    rows = list(load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows(values_only=True))
    assert rows[1:] == [("There at the start", 0), ("In: Grants", 1234), ("There at the end", 1234)]


def test_a_group_that_keeps_no_book_here_sends_no_figure(client: StrictClient) -> None:
    people = make_officers()
    with in_scope(people.group):
        assert queries.contributions_received(today() - timedelta(days=90), today()) is None


def test_every_member_reads_it_and_no_visitor(client: StrictClient) -> None:
    people = make_officers()
    path = f"/g/{people.group.id}/money/report"
    for who in (people.member, people.secretary, people.chair):
        client.sign_in(who)
        assert client.get(path).status_code == 200
    client.sign_out()
    assert client.get(path).status_code == 302

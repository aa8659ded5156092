"""One screen a line: what the treasurer presses, and what comes of it."""

import uuid

import pytest

from funding.ledger import queries as book
from funding.ledger.rules import Place
from funding.matching import queries
from funding.statements.models import LineState, StatementLine
from network.db import db
from tests.factories.funding import Officers, make_officers, post_income
from tests.factories.matching import a_line, again, an_entry, draft_expense, join, write_income
from tests.factories.statements import Moved, a_day, bring, lines_of, mpesa
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

HOME = "/g/{}/money/statements"


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    post_income(made, 1_000_000, place=Place.MOBILE_MONEY, effective_on=a_day(40))
    return made


@pytest.fixture
def treasurer(client: StrictClient, people: Officers) -> StrictClient:
    return client.sign_in(people.treasurer)


def path(people: Officers, line: StatementLine, end: str = "") -> str:
    return f"{HOME.format(people.group.id)}/lines/{line.id}{end}"


def entries(people: Officers) -> int:
    with in_scope(people.group):
        found = book.find_book()
        return found.entries if found else 0


def send(client: StrictClient, people: Officers, line: StatementLine, end: str, **values: str) -> Page:
    return client.send(client.fetch(path(people, line, end)), values)


class TestJoin:
    def test_by_pressing_the_button_beside_a_suggestion(
        self, treasurer: StrictClient, people: Officers
    ) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        page = treasurer.fetch(path(people, line))
        done = treasurer.send(page, to=f"/join/{entry.id}")
        assert done.path.endswith("/lines")
        assert again(people, line).state == LineState.MATCHED

    def test_a_part_leads_back_to_the_rest(self, treasurer: StrictClient, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 200)
        done = treasurer.send(treasurer.fetch(path(people, line)), to=f"/join/{entry.id}")
        assert done.path == path(people, line)
        assert "300" in done.text

    def test_the_second_of_two_is_told(self, treasurer: StrictClient, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        page = treasurer.fetch(path(people, line))
        write_income(people, line, 500)
        before = entries(people)
        answer = treasurer.send(page, to=f"/join/{entry.id}")
        assert answer.status == 422
        assert entries(people) == before

    def test_pressed_twice_has_the_effect_of_once(self, treasurer: StrictClient, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        page = treasurer.fetch(path(people, line))
        for _ in range(2):
            assert treasurer.send(page, to=f"/join/{entry.id}").status == 200
        with in_scope(people.group):
            assert len(queries.parts_of(queries.get_line(line.id))) == 1

    def test_what_is_not_there_is_not_found(self, treasurer: StrictClient, people: Officers) -> None:
        line, other = a_line(people, 500), a_line(people, 100, receipt="SKC2")
        join(people, other, an_entry(people, 100))
        with in_scope(people.group):
            part = queries.parts_of(queries.get_line(other.id))[0]
        for end in (f"/join/{uuid.uuid4()}", f"/part/{part.id}", f"/part/{uuid.uuid4()}"):
            assert treasurer.post(path(people, line, end)).status_code in {400, 404}
        assert treasurer.get(path(people, line).replace(str(line.id), str(uuid.uuid4()))).status_code == 404

    def test_what_did_not_move_money_has_no_page(self, treasurer: StrictClient, people: Officers) -> None:
        bring(people, mpesa([Moved("SKC1", a_day(2), 500, status="Failed")]))
        assert treasurer.get(path(people, lines_of(people)[0])).status_code == 404


class TestWrite:
    def test_income_is_filled_in_and_stands_after_one_tap(
        self, treasurer: StrictClient, people: Officers
    ) -> None:
        line = a_line(people, 500)
        done = send(treasurer, people, line, "/income", kind="other_income", fund="general", words="Gift")
        assert done.path.endswith("/lines")
        assert again(people, line).state == LineState.MATCHED
        with in_scope(people.group):
            entry = db.session.scalars(book.entries()).first()
            assert entry is not None
            assert (entry.size, entry.effective_on) == (50000, line.booked_on)

    def test_a_line_is_split_by_writing_less(self, treasurer: StrictClient, people: Officers) -> None:
        line = a_line(people, 500)
        for amount in ("200", "300"):
            send(treasurer, people, line, "/income", kind="other_income", fund="general", amount=amount)
        assert again(people, line).state == LineState.SPLIT

    @pytest.mark.parametrize("amount", ["500.01", "0", "", "many"])
    def test_an_amount_that_does_not_fit_is_said_beside_it(
        self, treasurer: StrictClient, people: Officers, amount: str
    ) -> None:
        line, before = a_line(people, 500), entries(people)
        page = send(treasurer, people, line, "/income", kind="other_income", fund="general", amount=amount)
        assert (page.status, page.fields_with_errors) == (422, {"amount"})
        assert entries(people) == before

    def test_a_closed_day_is_said_beside_the_day(self, treasurer: StrictClient, people: Officers) -> None:
        line = a_line(people, 500)
        page = send(
            treasurer, people, line, "/income", kind="other_income", fund="general", received_on="2001-01-01"
        )
        assert page.fields_with_errors == {"received_on"}

    def test_an_expense_goes_to_the_second_person_and_the_line_waits(
        self, treasurer: StrictClient, people: Officers
    ) -> None:
        line = a_line(people, -300)
        waiting = send(treasurer, people, line, "/expense", cost="venue", fund="general", words="Hall")
        assert "/money/waiting/" in waiting.path
        assert again(people, line).state == LineState.OPEN
        treasurer.sign_in(people.chair)
        treasurer.send(treasurer.fetch(waiting.path))
        assert again(people, line).state == LineState.MATCHED

    def test_a_charge_is_known_as_one(self, treasurer: StrictClient, people: Officers) -> None:
        line = a_line(people, -30, words="Pay Bill Charge")
        waiting = treasurer.send(treasurer.fetch(path(people, line, "/expense")))
        assert waiting.status == 200
        with in_scope(people.group):
            draft = db.session.scalars(book.drafts_waiting()).one()
            assert ["fees", "general", 3000] in draft.lines

    def test_money_of_our_own_is_moved(self, treasurer: StrictClient, people: Officers) -> None:
        line = a_line(people, -300)
        send(treasurer, people, line, "/move", other="cash")
        assert again(people, line).state == LineState.MATCHED
        with in_scope(people.group):
            assert book.held()["cash", "general"] == 30000
        assert (
            send(treasurer, people, a_line(people, 9, receipt="SKC2"), "/move", other="mobile_money").status
            == 422
        )

    def test_money_that_went_out_is_no_income(self, treasurer: StrictClient, people: Officers) -> None:
        line, before = a_line(people, -300), entries(people)
        assert send(treasurer, people, line, "/income", kind="other_income", fund="general").status == 422
        other = a_line(people, 300, receipt="SKC2")
        assert send(treasurer, people, other, "/expense", cost="venue", fund="general").status == 422
        assert entries(people) == before

    def test_a_line_that_is_settled_has_no_form_any_more(
        self, treasurer: StrictClient, people: Officers
    ) -> None:
        line = a_line(people, -300)
        draft_expense(people, line, 300)
        for end in ("/income", "/expense", "/move"):
            assert treasurer.fetch(path(people, line, end)).path == path(people, line)


class TestLeaveAsideAndOpenAgain:
    def test_with_a_reason(self, treasurer: StrictClient, people: Officers) -> None:
        line = a_line(people, 500)
        assert send(treasurer, people, line, "/leave-aside", reason="").fields_with_errors == {"reason"}
        send(treasurer, people, line, "/leave-aside", reason="Wrong till")
        page = treasurer.fetch(path(people, line))
        assert "Wrong till" in page.text
        treasurer.send(page, to="/take-up-again")
        assert again(people, line).state == LineState.OPEN

    def test_a_part_is_undone(self, treasurer: StrictClient, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        join(people, line, entry)
        treasurer.send(treasurer.fetch(path(people, line)), to="/part/")
        assert again(people, line).state == LineState.OPEN

    def test_other_officers_cannot(self, client: StrictClient, people: Officers) -> None:
        line = a_line(people, 500)
        client.sign_in(people.chair)
        for end in ("", "/income", "/expense", "/move", "/leave-aside"):
            assert client.get(path(people, line, end)).status_code == 403


class TestList:
    def test_filters_and_counts(self, treasurer: StrictClient, people: Officers) -> None:
        one, two = a_line(people, 500), a_line(people, 100, receipt="SKC2")
        join(people, one, an_entry(people, 500))
        home = HOME.format(people.group.id)
        for shows, shown, hidden in (("open", two, one), ("settled", one, two)):
            links = treasurer.fetch(f"{home}/lines?show={shows}").links
            assert path(people, shown) in links
            assert path(people, hidden) not in links
        assert path(people, two) not in treasurer.fetch(f"{home}/lines?place=bank").links
        assert path(people, two) in treasurer.fetch(f"{home}/lines?place=mobile_money&show=all").links

    def test_the_first_page_says_what_is_open(self, treasurer: StrictClient, people: Officers) -> None:
        a_line(people, 500)
        assert any(
            link.endswith("/statements/lines") for link in treasurer.fetch(f"/g/{people.group.id}/").links
        )

    def test_charges_are_written_down_together(self, treasurer: StrictClient, people: Officers) -> None:
        moves = [Moved(f"SKC{n}", a_day(3), -10, "Pay Bill Charge") for n in range(3)]
        statement = bring(people, mpesa(moves)).statements[0]
        page = treasurer.fetch(f"{HOME.format(people.group.id)}/{statement.id}/charges")
        waiting = treasurer.send(page, {"fund": "general"})
        assert "/money/waiting/" in waiting.path
        again_page = treasurer.fetch(f"{HOME.format(people.group.id)}/{statement.id}/charges")
        assert again_page.forms() == []

"""Writing a budget, a second person's answer, and spending on its lines."""

from datetime import timedelta

import pytest

from funding.budgets import queries
from funding.ledger import queries as book
from network.web.unit_of_work import Pamoja
from tests.factories.funding import Officers, make_officers, post_income
from tests.factories.grants import a_day, give, make_grant, plan, spend
from tests.factories.network import PASSWORD, make_holder
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def grant_page(people: Officers, grant: object) -> str:
    return f"/g/{people.group.id}/money/grants/{grant.id}"  # type: ignore[attr-defined]


def begun(client: StrictClient, people: Officers, **more: object) -> Page:
    client.sign_in(people.treasurer)
    grant = make_grant(people, **more)
    return client.send(client.fetch(grant_page(people, grant)), to="/budget")


def add(client: StrictClient, page: Page, words: str, cost: str, total: str, **more: str) -> Page:
    form = client.fetch(page.path + "/lines/add")
    return client.send(form, {"words": words, "cost": cost, "total": total, **more})


class TestWriteBudget:
    def test_lines_are_spread_and_shown(self, client: StrictClient, people: Officers) -> None:
        page = add(client, begun(client, people), "Hall", "venue", "6000")
        assert "6,000" in page.text
        with in_scope(people.group):
            found = queries.find_being_written("grant-1")
            assert found is not None
            (line,) = queries.lines_of(found)
            assert line.total == 600_000
            assert len(line.amounts) > 4

    def test_quarters_that_differ_from_the_sum_are_said(self, client: StrictClient, people: Officers) -> None:
        page = begun(client, people)
        form = client.fetch(page.path + "/lines/add")
        boxes = [
            str(e.get("name")) for e in form.form().iter("input") if str(e.get("name")).startswith("quarter")
        ]
        good = {"words": "Hall", "cost": "venue"}
        assert client.send(form, {**good, "total": "10", boxes[0]: "5"}).fields_with_errors == {"total"}
        assert client.send(form, good).fields_with_errors == {"total"}
        assert client.send(form, {**good, "total": "-1"}).fields_with_errors == {"total"}
        assert client.send(form, {**good, boxes[0]: "5", boxes[1]: "5"}).status == 200

    def test_more_than_the_grant_is_refused(self, client: StrictClient, people: Officers) -> None:
        page = add(client, begun(client, people), "Hall", "venue", "10000.01")
        answer = client.send(client.fetch(page.path + "/ask"))
        assert answer.status == 422

    def test_a_line_can_be_changed_and_taken_out(self, client: StrictClient, people: Officers) -> None:
        page = add(client, begun(client, people), "Hall", "venue", "6000")
        change = client.fetch(next(link for link in page.links if link.endswith("/change")))
        form = {
            str(e.get("name")): ""
            for e in change.form().iter("input")
            if str(e.get("name")).startswith("quarter")
        }
        changed = client.send(change, {**form, "words": "Church hall", "total": "7000"})
        assert "Church hall" in changed.text
        assert "7,000" in changed.text
        assert "Church hall" not in client.send(changed, to="/remove").text


class TestSecondPerson:
    def asked(self, client: StrictClient, people: Officers) -> Page:
        page = add(client, begun(client, people), "Hall", "venue", "6000")
        return client.send(client.fetch(page.path + "/ask"))

    def test_it_is_in_force_once_two_agreed(self, client: StrictClient, people: Officers) -> None:
        waiting = self.asked(client, people)
        client.sign_in(people.chair)
        assert waiting.path in client.fetch(f"/g/{people.group.id}/").links
        done = client.send(client.fetch(waiting.path))
        assert done.status == 200
        with in_scope(people.group):
            assert queries.find_agreed("grant-1") is not None
        again = client.fetch(waiting.path)
        assert "/lines/add" not in "".join(client.fetch(done.path).links)
        assert again.status == 200

    def test_whoever_wrote_it_is_not_the_second(self, client: StrictClient, people: Officers) -> None:
        own = make_holder("treasurer", people.group, sign_in=f"{people.group.slug}-tr@people.example")
        waiting = self.asked(client, people._replace(treasurer=own))
        sent = {"sign_in": f"{people.group.slug}-tr@people.example", "password": PASSWORD}
        assert client.send(waiting, sent).status == 422

    def test_on_the_same_phone(self, client: StrictClient, people: Officers) -> None:
        make_holder("committee", people.group, sign_in=f"{people.group.slug}-co@people.example")
        waiting = self.asked(client, people)
        sent = {"sign_in": f"{people.group.slug}-co@people.example", "password": PASSWORD}
        assert client.send(waiting, sent).status == 200
        with in_scope(people.group):
            assert queries.find_agreed("grant-1") is not None

    def test_agrees_to_what_they_read_and_nothing_else(
        self, app: Pamoja, client: StrictClient, people: Officers
    ) -> None:
        waiting = self.asked(client, people)
        other = app.test_client()
        assert isinstance(other, StrictClient)
        read = other.sign_in(people.chair).fetch(waiting.path)
        reopened = client.send(client.fetch(waiting.path), to="/reopen")
        add(client, reopened, "Tea", "refreshments", "10")
        client.send(client.fetch(reopened.path + "/ask"))
        assert other.send(read).status == 422
        with in_scope(people.group):
            assert queries.find_agreed("grant-1") is None

    def test_a_member_decides_nothing(self, client: StrictClient, people: Officers) -> None:
        waiting = self.asked(client, people)
        client.sign_in(people.member)
        assert client.get(waiting.path).status_code == 403


class TestSpending:
    @pytest.fixture
    def spent_from(self, people: Officers) -> Officers:
        post_income(people, 500_000)
        self.grant = make_grant(people)
        give(people, self.grant, 900_000)
        plan(people, self.grant, {"Hall": ("venue", 600_000), "Trainers": ("training", 100_000), "Rights": ("training", 200_000)})  # fmt: skip
        return people

    def record(self, client: StrictClient, people: Officers, **more: str) -> Page:
        client.sign_in(people.treasurer)
        page = client.fetch(f"/g/{people.group.id}/money/expenses/record?out_of=grant-1")
        good = {"amount": "100", "cost": "venue", "place": "bank", "fund": "grant-1", "words": "Hall"}
        return client.send(page, {**good, **more})

    def test_waits_on_its_line(self, client: StrictClient, spent_from: Officers) -> None:
        waiting = self.record(client, spent_from)
        assert "Hall" in waiting.text
        client.sign_in(spent_from.chair)
        done = client.send(client.fetch(waiting.path))
        assert "/entries/" in done.path
        shown = client.fetch(grant_page(spent_from, self.grant))
        assert "100" in shown.text

    def test_a_cost_the_budget_does_not_name_is_refused(
        self, client: StrictClient, spent_from: Officers
    ) -> None:
        assert self.record(client, spent_from, cost="travel").fields_with_errors == {"cost"}

    def test_a_line_is_named_where_several_share_the_cost(
        self, client: StrictClient, spent_from: Officers
    ) -> None:
        answer = self.record(client, spent_from, cost="training", amount="1")
        assert answer.fields_with_errors == {"line"}
        with in_scope(spent_from.group):
            agreed = queries.find_agreed("grant-1")
            line = next(one for one in queries.lines_of(agreed) if one.words == "Rights")
        assert self.record(client, spent_from, cost="training", amount="1", line=str(line.id)).status == 200

    def test_over_the_line_asks_why_and_leaves_a_note(
        self, client: StrictClient, spent_from: Officers
    ) -> None:
        answer = self.record(client, spent_from, amount="7000")
        assert answer.fields_with_errors == {"why"}
        assert "1,000" in answer.text
        waiting = self.record(client, spent_from, amount="7000", why="The roof fell in")
        assert "The roof fell in" in waiting.text
        client.sign_in(spent_from.chair)
        entry = client.send(client.fetch(waiting.path))
        assert "The roof fell in" in entry.text
        shown = client.fetch(grant_page(spent_from, self.grant))
        assert "The roof fell in" in shown.text
        client.sign_in(spent_from.member)
        assert "The roof fell in" in client.fetch(grant_page(spent_from, self.grant) + "/notes").text

    def test_ahead_of_its_quarter_asks_why_too(self, client: StrictClient, spent_from: Officers) -> None:
        assert self.record(client, spent_from, amount="2500").fields_with_errors == {"why"}

    def test_more_than_the_whole_budget_or_the_fund_is_refused(
        self, client: StrictClient, spent_from: Officers
    ) -> None:
        over = self.record(client, spent_from, amount="9000.01", why="Because")
        assert over.fields_with_errors == {"amount"}

    def test_more_than_came_is_refused(self, client: StrictClient, people: Officers) -> None:
        grant = make_grant(people)
        give(people, grant, 10_000)
        plan(people, grant, {"Hall": ("venue", 600_000)})
        post_income(people, 500_000, place="bank")
        assert self.record(client, people, amount="100.01").fields_with_errors == {"amount"}

    def test_outside_its_time_is_refused_beside_the_day(self, client: StrictClient, people: Officers) -> None:
        grant = make_grant(people, starts_on=a_day())
        give(people, grant, 100_000)
        plan(people, grant, {"Hall": ("venue", 600_000)})
        answer = self.record(client, people, spent_on=(a_day() - timedelta(days=3)).isoformat())
        assert answer.fields_with_errors == {"spent_on"}

    def test_a_grant_without_a_budget_pays_nothing_if_it_binds(
        self, client: StrictClient, people: Officers
    ) -> None:
        give(people, make_grant(people), 100_000)
        assert self.record(client, people).status == 422
        with in_scope(people.group):
            assert book.count_drafts_waiting() == 0

    def test_a_free_grant_pays_for_whatever_the_group_does(
        self, client: StrictClient, people: Officers
    ) -> None:
        give(people, make_grant(people, is_restricted=False), 100_000)
        assert self.record(client, people).status == 200

    def test_other_money_is_spent_as_before(self, client: StrictClient, spent_from: Officers) -> None:
        answer = self.record(client, spent_from, fund="general", place="cash", cost="travel")
        assert answer.status == 200

    def test_money_that_binds_is_not_moved_to_another_fund(
        self, client: StrictClient, spent_from: Officers
    ) -> None:
        page = client.sign_in(spent_from.treasurer).fetch(f"/g/{spent_from.group.id}/money")
        move = client.fetch(next(link for link in page.links if "fund" in link))
        answer = client.send(
            move, {"amount": "5", "source": "grant-1", "target": "general", "words": "We want to"}
        )
        assert answer.fields_with_errors <= {"source"}
        assert answer.status == 422

    def test_what_was_taken_back_is_free_again(self, client: StrictClient, spent_from: Officers) -> None:
        people, client_ = spent_from, client
        entry_id = spend(people, self.grant, "venue", 100_000)
        client_.sign_in(people.treasurer)
        take_back = client_.fetch(f"/g/{people.group.id}/money/entries/{entry_id}/take-back")
        waiting = client_.send(take_back, {"reason": "Twice"})
        client_.sign_in(people.chair)
        client_.send(client_.fetch(waiting.path))
        with in_scope(people.group):
            assert queries.spent_on_lines("grant-1") == {}
            assert sum(one.amount for one in queries.spending_of("grant-1")) == 0

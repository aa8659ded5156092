"""A grant from being written to money that has arrived: each step when it may be, and not before."""

from datetime import timedelta

import pytest

from funding.budgets import commands as budgets
from funding.budgets.commands import CannotBudget
from funding.budgets.queries import get_budget, spending_of
from funding.grants import commands as grants
from funding.grants import queries as own_grants
from funding.grants.commands import Terms
from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.ledger.commands import CannotPost
from funding.ledger.rules import Cost, EntryKind, Fund, Place
from funding.ledger.rules import Refusal as LedgerRefusal
from funding.onward import commands, queries
from funding.onward.commands import CannotGive
from funding.onward.models import GrantKind
from funding.onward.rules import Refusal
from network import clock
from network.figures.rules import quarter_of
from tests.factories.funding import make_officers
from tests.factories.groups import a_member, a_term
from tests.factories.network import day_there, make_group
from tests.factories.onward import (
    ALL,
    Pair,
    acknowledge,
    answer,
    confirm,
    make_pair,
    make_sent,
    offer,
    put_in_order,
    release,
    say_standing,
    states,
    write_grant,
)
from tests.support.app import in_scope


@pytest.fixture
def pair(app: object) -> Pair:
    return make_pair()


def reverse(pair: Pair, entry_id: object, *, in_office: bool) -> None:
    place = pair.staff.office if in_office else pair.people.group
    first, second = (
        (pair.staff.finance, pair.staff.administration) if in_office else (pair.people.treasurer, pair.people.chair)
    )  # fmt: skip
    with in_scope(place, first):
        waiting = ledger.draft_reversal(
            book.get_entry(entry_id), by=first.id, reason="The bank sent it back", now=clock.now()
        )
    with in_scope(place, second):
        ledger.confirm_draft(book.get_draft(waiting.id), by=second.id, now=clock.now())


class TestWritingAndOffering:
    def test_only_groups_of_the_network_with_the_same_money_can_receive(self, pair: Pair) -> None:
        make_officers()
        make_group(pair.staff.network, currency="UGX")
        with in_scope(pair.staff.office):
            assert [group.id for group in queries.recipients()] == [pair.people.group.id]

    def test_is_offered_when_the_parts_come_to_the_whole(self, pair: Pair) -> None:
        pair = write_grant(pair, 10_000, 5_000)
        with in_scope(pair.staff.office):
            grant = queries.get_given(pair.grant_id)
            with pytest.raises(CannotGive) as refused:
                commands.add_part(
                    grant, amount=1, due_on=grant.starts_on, condition="", asks=ALL, by=pair.staff.finance.id, now=clock.now()
                )  # fmt: skip
            assert refused.value.refusal is Refusal.PARTS_TOO_MUCH
            commands.remove_part(
                queries.get_given_part(pair.part_ids[1]), by=pair.staff.finance.id, now=clock.now()
            )
        with pytest.raises(CannotGive) as refused:
            offer(pair)
        assert refused.value.refusal is Refusal.PARTS_TOO_LITTLE

    def test_the_group_sees_nothing_before_it_is_offered(self, pair: Pair) -> None:
        pair = write_grant(pair)
        with in_scope(pair.people.group):
            assert queries.going_on(queries.received()) == []
        offer(pair)
        with in_scope(pair.people.group):
            assert [grant.id for grant in queries.going_on(queries.received())] == [pair.grant_id]

    def test_changes_no_more_once_it_is_offered(self, pair: Pair) -> None:
        pair = offer(write_grant(pair))
        with in_scope(pair.staff.office), pytest.raises(CannotGive) as refused:
            commands.remove_part(
                queries.get_given_part(pair.part_ids[0]), by=pair.staff.finance.id, now=clock.now()
            )
        assert refused.value.refusal is Refusal.OFFERED_ALREADY


class TestGoodOrder:
    def test_each_word_is_what_the_group_knows(self, pair: Pair) -> None:
        pair = answer(offer(write_grant(pair)))
        assert say_standing(pair) == {"figures": False, "met": False, "offices": False}
        with in_scope(pair.people.group):
            for office in ("chairperson", "treasurer"):
                a_term(a_member(office), office)
        assert say_standing(pair)["offices"] is False
        put_in_order(pair, "secretary")
        assert say_standing(pair) == {"figures": True, "met": True, "offices": True}

    def test_nothing_is_sent_before_the_group_takes_it(self, pair: Pair) -> None:
        put_in_order(pair)
        pair = offer(write_grant(pair))
        with pytest.raises(CannotGive) as refused:
            say_standing(pair)
        assert refused.value.refusal is Refusal.NOT_IN_FORCE
        with pytest.raises(CannotGive) as refused:
            release(pair)
        assert refused.value.refusal is Refusal.NOT_IN_FORCE

    def test_nothing_is_sent_while_a_word_is_missing_or_says_not_yet(self, pair: Pair) -> None:
        pair = answer(offer(write_grant(pair)))
        for say in (None, say_standing):
            if say:
                say(pair)
            with pytest.raises(CannotGive) as refused:
                release(pair)
            assert refused.value.refusal is Refusal.NOT_IN_ORDER

    def test_a_word_holds_for_a_month(self, pair: Pair) -> None:
        put_in_order(pair)
        pair = answer(offer(write_grant(pair)))
        say_standing(pair, now=clock.now() - timedelta(days=32))
        with pytest.raises(CannotGive) as refused:
            release(pair)
        assert refused.value.refusal is Refusal.NOT_IN_ORDER

    def test_is_asked_again_when_the_second_person_agrees(self, pair: Pair) -> None:
        put_in_order(pair)
        pair = answer(offer(write_grant(pair)))
        say_standing(pair)
        waiting = release(pair)
        with in_scope(pair.people.group):
            for word in queries.own_words(pair.grant_id):
                word.is_in_order = False
        with pytest.raises(CannotPost) as refused:
            confirm(pair, waiting)
        assert refused.value.refusal is LedgerRefusal.CONDITION_NOT_MET
        assert states(pair)[0] == "waiting"

    def test_a_part_that_asks_for_nothing_needs_no_word(self, pair: Pair) -> None:
        pair = answer(offer(write_grant(pair, asks=())))
        confirm(pair, release(pair))
        assert states(pair) == ["sent", "to_come"]

    def test_what_was_agreed_in_words_is_said_by_whoever_sends(self, pair: Pair) -> None:
        pair = answer(offer(write_grant(pair, asks=(), condition="The report has come.")))
        with in_scope(pair.staff.office), pytest.raises(CannotGive) as refused:
            commands.release_part(
                queries.get_given_part(pair.part_ids[0]), place=Place.BANK, paid_on=day_there(),
                says_condition_is_met=False, by=pair.staff.finance.id, now=clock.now(),
            )  # fmt: skip
        assert refused.value.refusal is Refusal.CONDITION_OPEN


class TestSending:
    def test_two_people_send_it_and_the_book_says_what_it_was(self, app: object) -> None:
        pair = make_sent()
        assert states(pair) == ["sent", "to_come"]
        with in_scope(pair.staff.office):
            part = queries.get_given_part(pair.part_ids[0])
            entry = book.get_entry(part.journal_id)
            assert (entry.kind, entry.code) == (EntryKind.EXPENSE, "G1-1")
            assert sorted(entry.lines) == [
                ("bank", "general", -25_000),
                ("onward_grants", "general", 25_000),
            ]
            assert entry.confirmed_by_id == pair.staff.administration.id

    def test_is_sent_once(self, app: object) -> None:
        pair = make_sent()
        with pytest.raises(CannotGive) as refused:
            release(pair)
        assert refused.value.refusal is Refusal.SENT_ALREADY

    def test_waits_once_and_can_be_written_again_after_a_no(self, pair: Pair) -> None:
        pair = answer(offer(write_grant(pair, asks=())))
        waiting = release(pair)
        with pytest.raises(CannotGive) as refused:
            release(pair)
        assert refused.value.refusal is Refusal.WAITING_ALREADY
        with in_scope(pair.staff.office):
            ledger.refuse_draft(
                book.get_draft(waiting), by=pair.staff.administration.id, why_not="Wrong day", now=clock.now()
            )
        assert states(pair)[0] == "to_come"
        confirm(pair, release(pair))
        assert states(pair)[0] == "sent"

    def test_a_payment_taken_back_was_not_sent(self, app: object) -> None:
        pair = make_sent()
        with in_scope(pair.staff.office):
            entry_id = queries.get_given_part(pair.part_ids[0]).journal_id
        reverse(pair, entry_id, in_office=True)
        assert states(pair)[0] == "taken_back"
        with pytest.raises(CannotGive) as refused:
            acknowledge(pair, 25_000)
        assert refused.value.refusal is Refusal.NOT_SENT

    def test_nothing_more_is_sent_once_it_has_ended(self, app: object) -> None:
        pair = make_sent()
        with in_scope(pair.staff.office):
            commands.end_grant(queries.get_given(pair.grant_id), by=pair.staff.finance.id, now=clock.now())
        with pytest.raises(CannotGive) as refused:
            release(pair, 1)
        assert refused.value.refusal is Refusal.NOT_IN_FORCE
        acknowledge(pair, 25_000)
        assert states(pair)[0] == "received"


class TestPaidFromAFundersGrant:
    """The office passes on money it was given itself, with a budget that says how much of it may go on."""

    def _funded(self, pair: Pair, planned: int) -> str:
        finance, today = pair.staff.finance.id, day_there()
        with in_scope(pair.staff.office, pair.staff.finance):
            terms = Terms(
                "OSIEA", "OSIEA", "foundation", "Groups.", 100_000, today, today + timedelta(days=300)
            )
            grant = grants.write_grant(terms, by=finance, now=clock.now())
            part = grants.add_tranche(
                grant, expected_on=today, amount=100_000, condition="", by=finance, now=clock.now()
            )
            grants.receive_tranche(
                part, amount=100_000, place=Place.BANK, received_on=today, by=finance, now=clock.now()
            )
            budget = budgets.begin_budget(
                grant.fund, starts_on=grant.starts_on, ends_on=grant.ends_on, ceiling=grant.amount, by=finance, now=clock.now()
            )  # fmt: skip
            budgets.add_line(
                budget, words="Passed on", cost=Cost.ONWARD_GRANTS, amounts={quarter_of(today): planned}, by=finance, now=clock.now()
            )  # fmt: skip
            budgets.ask_to_agree(budget, reason="", by=finance, now=clock.now())
            budget_id, fund = budget.id, grant.fund
        with in_scope(pair.staff.office, pair.staff.administration):
            budget = get_budget(budget_id)
            budgets.agree(budget, seen=budget.stamp, by=pair.staff.administration.id, now=clock.now())
        return fund

    def test_is_charged_to_its_line(self, pair: Pair) -> None:
        fund = self._funded(pair, 40_000)
        pair = answer(offer(write_grant(pair, 25_000, asks=(), fund=fund)))
        confirm(pair, release(pair))
        with in_scope(pair.staff.office):
            assert [(one.cost, one.amount) for one in spending_of(fund)] == [("onward_grants", 25_000)]

    def test_is_refused_where_the_budget_has_too_little(self, pair: Pair) -> None:
        fund = self._funded(pair, 20_000)
        pair = answer(offer(write_grant(pair, 25_000, asks=(), fund=fund)))
        with pytest.raises(CannotBudget):
            release(pair)
        assert states(pair) == ["to_come"]


class TestReceiving:
    def test_seed_money_is_general_money_of_the_group(self, app: object) -> None:
        pair = make_sent()
        acknowledge(pair, 25_000)
        assert states(pair)[0] == "received"
        with in_scope(pair.people.group):
            assert book.held() == {(Place.BANK, Fund.GENERAL): 25_000}
            assert book.balances_on(day_there())["seed", "general"] == -25_000

    def test_a_grant_has_one_fund_for_all_its_parts(self, app: object) -> None:
        pair = make_sent(20_000, 10_000, kind=GrantKind.PROJECT)
        acknowledge(pair, 20_000)
        say_standing(pair)
        confirm(pair, release(pair, 1))
        acknowledge(pair, 10_000, 1)
        with in_scope(pair.people.group):
            assert book.held() == {(Place.BANK, "grant-1"): 30_000}
            assert [fund.name for fund in book.funds() if fund.name] == ["First year"]
            own = queries.find_own_grant(pair.grant_id)
            assert own
            assert (own.amount, own.funder_kind) == (30_000, "network")
            parts = own_grants.parts_of(own.id)
            assert [one.tranche.amount for one in parts] == [20_000, 10_000]
            assert all(own_grants.has_come(one.tranche) for one in parts)

    def test_what_becomes_a_grant_can_be_planned_before_the_money_comes(self, pair: Pair) -> None:
        pair = answer(offer(write_grant(pair, kind=GrantKind.PROJECT)))
        with in_scope(pair.people.group):
            own = queries.find_own_grant(pair.grant_id)
            assert own
            assert own.fund == "grant-1"
        refused = answer(offer(write_grant(make_pair(), kind=GrantKind.PROJECT)), accepts=False)
        with in_scope(refused.people.group):
            assert queries.find_own_grant(refused.grant_id) is None

    def test_less_than_was_sent_is_said_and_looked_into(self, app: object) -> None:
        pair = make_sent()
        acknowledge(pair, 24_950)
        assert states(pair)[0] == "otherwise"
        with in_scope(pair.staff.office):
            part = queries.get_given_part(pair.part_ids[0])
            commands.settle_part(part, words="The bank kept 0.50.", by=pair.staff.finance.id, now=clock.now())
        assert states(pair)[0] == "settled"

    def test_what_had_not_arrived_can_arrive_later(self, app: object) -> None:
        pair = make_sent()
        with in_scope(pair.people.group):
            part = queries.get_received_part(pair.part_ids[0])
            commands.say_not_arrived(part, words="", by=pair.people.treasurer.id, now=clock.now())
        assert states(pair)[0] == "not_arrived"
        acknowledge(pair, 25_000)
        assert states(pair)[0] == "received"

    def test_is_written_once(self, app: object) -> None:
        pair = make_sent()
        acknowledge(pair, 25_000)
        with pytest.raises(CannotGive) as refused:
            acknowledge(pair, 25_000)
        assert refused.value.refusal is Refusal.RECEIVED_ALREADY

    def test_an_entry_taken_back_opens_the_question_again(self, app: object) -> None:
        pair = make_sent()
        entry_id = acknowledge(pair, 52_000)
        reverse(pair, entry_id, in_office=False)
        assert states(pair)[0] == "sent"
        acknowledge(pair, 25_000)
        assert states(pair)[0] == "received"

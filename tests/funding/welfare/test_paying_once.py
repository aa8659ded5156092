"""A request is paid once, whoever presses when; what was refused or taken back can be paid again."""

import threading
import uuid

import pytest
from werkzeug.exceptions import NotFound

from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.ledger.commands import CannotPost
from funding.verification import queries as checks
from funding.welfare import commands, queries
from funding.welfare.commands import CannotHelp
from network import clock
from tests.factories.funding import Officers, fill_reserve, make_officers
from tests.factories.hardship import agree, confirm, make_paid_request, make_request, write_payment
from tests.support.app import in_scope


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    fill_reserve(made, 100_000)
    return made


def together(*jobs: object) -> list[object]:
    """What each came to: what it returned, or what it raised."""
    came: list[object] = []

    def run(job: object) -> None:
        try:
            came.append(job())  # type: ignore[operator]
        except (CannotHelp, CannotPost, NotFound) as refused:
            came.append(refused)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return came


def test_two_payments_written_down_at_once_are_one(people: Officers) -> None:
    request_id = make_request(people)
    agree(people, request_id)
    came = together(
        *(
            lambda who=who: write_payment(people, request_id, who=who)
            for who in (people.treasurer, people.chair) * 3
        )
    )
    assert sum(isinstance(one, uuid.UUID) for one in came) == 1
    assert sum(isinstance(one, CannotHelp) for one in came) == 5
    with in_scope(people.group):
        assert book.count_drafts_waiting() == 1


def test_two_who_confirm_at_once_post_one_entry(people: Officers) -> None:
    request_id = make_request(people)
    agree(people, request_id)
    draft_id = write_payment(people, request_id)
    came = together(
        *(lambda who=who: confirm(people, draft_id, who=who) for who in (people.secretary, people.chair) * 3)
    )
    assert sum(isinstance(one, uuid.UUID) for one in came) == 1
    with in_scope(people.group):
        assert book.held() == {("cash", "reserve"): 85_000}
        assert checks.faults() == []


def test_what_was_taken_back_can_be_paid_again_and_then_no_more(people: Officers) -> None:
    request_id = make_paid_request(people)
    with in_scope(people.group, people.treasurer):
        assert queries.count_to_pay(people.treasurer.id) == 0
        entry = book.find_entry(book.find_draft(queries.get_request(request_id).draft_id).journal_id)
        waiting = ledger.draft_reversal(
            entry, by=people.treasurer.id, reason="not handed over", now=clock.now()
        )
        ledger.confirm_draft(waiting, by=people.chair.id, now=clock.now())
        assert not queries.payment_of(queries.get_request(request_id)).is_being_paid
        assert queries.count_to_pay(people.treasurer.id) == 1
    confirm(people, write_payment(people, request_id))
    with pytest.raises(CannotHelp):
        write_payment(people, request_id)
    with in_scope(people.group):
        assert book.held() == {("cash", "reserve"): 85_000}
        assert checks.faults() == []


def test_what_was_refused_can_be_written_down_again(people: Officers) -> None:
    request_id = make_request(people)
    agree(people, request_id)
    draft_id = write_payment(people, request_id)
    with in_scope(people.group, people.secretary):
        ledger.refuse_draft(
            book.get_draft(draft_id), by=people.secretary.id, why_not="later", now=clock.now()
        )
    confirm(people, write_payment(people, request_id))


class TestTakenBackWhileItIsPaid:
    """Whoever comes first holds the book: the other finds it paid, or finds nothing to pay."""

    @pytest.fixture
    def written(self, people: Officers) -> tuple[uuid.UUID, uuid.UUID]:
        request_id = make_request(people)
        agree(people, request_id)
        return request_id, write_payment(people, request_id)

    def take_back(self, people: Officers, request_id: uuid.UUID) -> str:
        with in_scope(people.group, people.member):
            commands.take_back(queries.get_request(request_id), by=people.member.id)
        return "taken back"

    def test_confirmed_first_it_stays(self, people: Officers, written: tuple[uuid.UUID, uuid.UUID]) -> None:
        request_id, draft_id = written
        other = _Later(lambda: self.take_back(people, request_id))
        with in_scope(people.group, people.secretary):
            ledger.confirm_draft(book.get_draft(draft_id), by=people.secretary.id, now=clock.now())
            other.begin()
            assert other.is_waiting()
        assert isinstance(other.came(), CannotHelp)
        with in_scope(people.group, people.member):
            assert queries.payment_of(queries.get_request(request_id)).is_paid
            assert checks.faults() == []

    def test_taken_back_first_nobody_confirms_it(
        self, people: Officers, written: tuple[uuid.UUID, uuid.UUID]
    ) -> None:
        request_id, draft_id = written
        other = _Later(lambda: confirm(people, draft_id))
        with in_scope(people.group, people.member):
            commands.take_back(queries.get_request(request_id), by=people.member.id)
            other.begin()
            assert other.is_waiting()
        assert isinstance(other.came(), CannotPost)
        with in_scope(people.group, people.member):
            assert queries.find_request(request_id) is None
            assert book.held() == {("cash", "reserve"): 100_000}

    def test_all_at_once_come_to_one_of_both(
        self, people: Officers, written: tuple[uuid.UUID, uuid.UUID]
    ) -> None:
        request_id, draft_id = written
        came = together(
            lambda: self.take_back(people, request_id),
            lambda: confirm(people, draft_id),
            lambda: confirm(people, draft_id, who=people.chair),
            lambda: self.take_back(people, request_id),
        )
        paid, back = (sum(isinstance(one, kind) for one in came) for kind in (uuid.UUID, str))
        assert paid + back == 1, came
        with in_scope(people.group, people.member):
            assert (queries.find_request(request_id) is None) == bool(back)
            assert book.held() == {("cash", "reserve"): 85_000 if paid else 100_000}


class _Later:
    """Something somebody else does meanwhile, in a transaction of its own."""

    def __init__(self, job: object) -> None:
        self.thread = threading.Thread(target=lambda: self.results.extend(together(job)))
        self.results: list[object] = []

    def begin(self) -> None:
        self.thread.start()

    def is_waiting(self) -> bool:
        self.thread.join(timeout=0.5)
        return self.thread.is_alive()

    def came(self) -> object:
        self.thread.join(timeout=30)
        return self.results[0]

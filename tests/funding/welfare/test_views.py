"""A request for help, from asking to being destroyed; and who never sees it."""

import uuid
from datetime import timedelta

import pytest

from funding.ledger import queries as ledger
from funding.welfare.models import HardshipRequest
from groups.membership.commands import link_account
from network import clock
from network.db import db
from tests.factories.funding import Officers, fill_reserve, make_members, make_officers
from tests.factories.groups import a_member
from tests.factories.hardship import make_paid_request, make_request
from tests.factories.network import PASSWORD, give_role, make_holder
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

WORDS = "CANARY the clinic asks before Friday"


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    fill_reserve(made, 100_000)
    return made


def ask(client: StrictClient, people: Officers, who: object = None, **more: str) -> uuid.UUID:
    client.sign_in(who or people.member)
    page = client.fetch(f"/g/{people.group.id}/money/hardship/ask")
    values = {"need": "medicine", "amount": "150", "words": WORDS, **more}
    assert client.send(page, values).status == 200
    with in_scope(people.group, people.chair):
        return db.session.scalars(
            db.select(HardshipRequest.id).order_by(HardshipRequest.filed_at.desc())
        ).first()


def path(people: Officers, request_id: uuid.UUID) -> str:
    return f"/g/{people.group.id}/money/hardship/{request_id}"


def answer(
    client: StrictClient, people: Officers, who: object, request_id: uuid.UUID, said: str = "yes"
) -> Page:
    client.sign_in(who)
    return client.send(client.fetch(path(people, request_id)), {"answer": said}, to="/answer")


def agree(client: StrictClient, people: Officers, request_id: uuid.UUID) -> None:
    for who in (people.chair, people.committee):
        assert answer(client, people, who, request_id).status == 200


def pay(client: StrictClient, people: Officers, request_id: uuid.UUID) -> Page:
    client.sign_in(people.treasurer)
    return client.send(client.fetch(path(people, request_id) + "/pay"), {"place": "cash"})


class TestFromAskingToPaying:
    def test_decided_by_two_and_paid_by_two_out_of_the_reserve(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = ask(client, people)
        client.sign_in(people.chair)
        assert "/money/hardship" in "".join(client.fetch(f"/g/{people.group.id}/").links)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        client.sign_in(people.secretary)
        done = client.send(client.fetch(waiting.path))
        assert "/entries/" in done.path
        with in_scope(people.group):
            assert ledger.held() == {("cash", "reserve"): 85_000}
            entry = ledger.get_entry(done.path.rsplit("/", 1)[1])
            assert entry.code.startswith("H-")
            assert entry.memo is None
        client.sign_in(people.member)
        assert client.fetch(path(people, request_id)).status == 200

    def test_the_report_counts_and_sums_and_names_nobody(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = ask(client, people)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        client.sign_in(people.secretary)
        client.send(client.fetch(waiting.path))
        report = client.fetch(f"/g/{people.group.id}/money/report")
        assert "150" in report.text
        assert people.member.shown_name not in report.text

    def test_two_noes_decline_it(self, client: StrictClient, people: Officers) -> None:
        request_id = ask(client, people)
        for who in (people.chair, people.committee):
            answer(client, people, who, request_id, "no")
        client.sign_in(people.treasurer)
        page = client.fetch(path(people, request_id) + "/pay")
        assert client.send(page, {"place": "cash"}).status == 422

    def test_an_empty_reserve_is_said(self, client: StrictClient, people: Officers) -> None:
        request_id = ask(client, people, amount="5000")
        agree(client, people, request_id)
        assert pay(client, people, request_id).status == 422

    def test_a_payment_that_was_refused_can_be_written_down_again(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = ask(client, people)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        client.sign_in(people.secretary)
        client.send(client.fetch(waiting.path + "/refuse"), {"why_not": "not there yet"})
        assert pay(client, people, request_id).status == 200


class TestNobodyDecidesTheirOwn:
    def test_an_officer_who_asks_is_not_among_those_who_decide(
        self, client: StrictClient, people: Officers
    ) -> None:
        client.sign_in(people.committee)
        ask_page = client.fetch(f"/g/{people.group.id}/money/hardship/ask")
        client.send(ask_page, {"need": "travel", "amount": "50"})
        with in_scope(people.group, people.committee):
            request_id = db.session.scalars(db.select(HardshipRequest.id)).one()
        page = client.fetch(path(people, request_id))
        assert not [form for form in page.forms() if "/answer" in (form.get("action") or "")]
        token = {"answer": "yes", "csrf_token": csrf(page, client, people), "once": str(uuid.uuid4())}
        assert client.post(path(people, request_id) + "/answer", data=token).status_code == 403
        assert client.get(path(people, request_id) + "/pay").status_code == 403

    def test_nor_confirms_their_own_payment(self, client: StrictClient, people: Officers) -> None:
        asking = make_holder("committee", people.group, sign_in=f"{people.group.slug}-a@people.example")
        request_id = ask(client, people, asking)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        here = client.send(
            waiting, {"sign_in": f"{people.group.slug}-a@people.example", "password": PASSWORD}
        )
        assert here.status == 422
        client.sign_in(asking)
        assert client.send(client.fetch(waiting.path)).status == 422
        with in_scope(people.group):
            assert ledger.held() == {("cash", "reserve"): 100_000}

    def test_where_too_few_are_left_it_says_so(self, client: StrictClient) -> None:
        from tests.factories.network import make_group, make_holder

        group = make_group()
        client.sign_in(make_holder("chairperson", group))
        page = client.fetch(f"/g/{group.id}/money/hardship/ask")
        assert client.send(page, {"need": "other", "amount": "5"}).status == 422

    def test_the_secretary_stands_in(self, client: StrictClient, people: Officers) -> None:
        from tests.factories.network import make_group

        group = make_group()
        few = Officers(
            group,
            *(
                make_holder(role, group)
                for role in ("treasurer", "chairperson", "facilitator", "secretary", "member")
            ),
        )
        client.sign_in(few.chair)
        client.send(client.fetch(f"/g/{group.id}/money/hardship/ask"), {"need": "other", "amount": "5"})
        client.sign_in(few.secretary)
        assert "H-" in client.fetch(f"/g/{group.id}/money/hardship").text


def csrf(page: Page, client: StrictClient, people: Officers) -> str:
    ask_page = client.fetch(f"/g/{people.group.id}/money/hardship/ask")
    return next(e.get("value") for e in ask_page.tree.iter("input") if e.get("name") == "csrf_token")


class TestItIsSealed:
    @pytest.mark.parametrize("who", ["member", "secretary"])
    def test_pages_are_not_there_for_others(self, client: StrictClient, people: Officers, who: str) -> None:
        another = make_holder(who, people.group)
        request_id = ask(client, people)
        client.sign_in(another)
        for what in ("", "/pay"):
            assert client.get(path(people, request_id) + what).status_code == 404
        assert "H-" not in client.fetch(f"/g/{people.group.id}/money/hardship").text


class TestAtTheDoor:
    def test_somebody_in_office_asks_for_a_member(self, client: StrictClient, people: Officers) -> None:
        member_id = make_members(people, "Baraka")["Baraka"]
        request_id = ask(client, people, people.secretary, member=str(member_id))
        client.sign_in(people.chair)
        assert "Baraka" in client.fetch(path(people, request_id)).text
        client.sign_in(people.secretary)
        assert client.get(path(people, request_id)).status_code == 404

    def test_a_member_asks_for_nobody_else(self, client: StrictClient, people: Officers) -> None:
        make_members(people, "Baraka")
        client.sign_in(people.member)
        assert "Baraka" not in client.fetch(f"/g/{people.group.id}/money/hardship/ask").text


class TestTakeBack:
    def test_whoever_asked_does_it_in_one_step(self, client: StrictClient, people: Officers) -> None:
        request_id = ask(client, people)
        client.send(client.fetch(path(people, request_id)), to="/take-back")
        assert client.get(path(people, request_id)).status_code == 404

    def test_also_while_a_payment_waits_which_nobody_can_confirm_then(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = ask(client, people)
        agree(client, people, request_id)
        waiting = pay(client, people, request_id)
        client.sign_in(people.member)
        client.send(client.fetch(path(people, request_id)), to="/take-back")
        client.sign_in(people.secretary)
        assert client.send(client.fetch(waiting.path)).status == 422
        with in_scope(people.group):
            assert ledger.held() == {("cash", "reserve"): 100_000}
            draft = ledger.get_draft(waiting.path.rsplit("/", 1)[1])
            assert (draft.state, draft.decided_by_id) == ("waiting", None)

    def test_those_who_decide_do_not(self, client: StrictClient, people: Officers) -> None:
        request_id = ask(client, people)
        client.sign_in(people.chair)
        page = client.fetch(path(people, request_id))
        assert not [form for form in page.forms() if "take-back" in (form.get("action") or "")]
        assert client.send(page, to="/answer").status == 422
        token = {"csrf_token": csrf(page, client, people), "once": str(uuid.uuid4())}
        assert client.post(path(people, request_id) + "/take-back", data=token).status_code == 422

    def test_not_once_it_is_paid(self, client: StrictClient, people: Officers) -> None:
        request_id = make_paid_request(people)
        client.sign_in(people.member)
        page = client.fetch(path(people, request_id))
        assert page.forms() == []
        token = {"csrf_token": csrf(page, client, people), "once": str(uuid.uuid4())}
        assert client.post(path(people, request_id) + "/take-back", data=token).status_code == 422


class TestWhoLivesWithThem:
    def test_is_ticked_when_asking_and_sees_nothing(self, client: StrictClient, people: Officers) -> None:
        request_id = ask(client, people, household=str(people.committee.id))
        client.sign_in(people.committee)
        assert client.get(path(people, request_id)).status_code == 404
        client.sign_in(people.member)
        assert people.committee.shown_name not in client.fetch(path(people, request_id)).text

    def test_can_be_named_later_and_before_they_come_into_office(
        self, client: StrictClient, people: Officers
    ) -> None:
        spouse = make_holder("member", people.group)
        with in_scope(people.group):
            link_account(a_member("Spouse"), spouse.id, now=clock.now())
        request_id = ask(client, people)
        page = client.fetch(path(people, request_id))
        assert client.send(page, to="/household").fields_with_errors == {"who"}
        client.send(page, {"who": str(spouse.id)}, to="/household")
        give_role(spouse, "treasurer", people.group)
        client.sign_in(spouse)
        assert client.get(path(people, request_id)).status_code == 404

    def test_too_few_left_is_said(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.member)
        page = client.fetch(f"/g/{people.group.id}/money/hardship/ask")
        values = {
            "need": "other", "amount": "5",
            "household": [str(one.id) for one in (people.chair, people.committee, people.treasurer)],
        }  # fmt: skip
        assert client.send(page, values).status == 422


class TestStepAside:
    def test_takes_the_answer_away_and_shows_nothing_more(
        self, client: StrictClient, people: Officers
    ) -> None:
        request_id = ask(client, people)
        agree(client, people, request_id)
        client.sign_in(people.chair)
        left = client.send(client.fetch(path(people, request_id)), to="/step-aside")
        assert left.path.endswith("/hardship")
        assert client.get(path(people, request_id)).status_code == 404
        with in_scope(people.group, people.member):
            assert db.session.get_one(HardshipRequest, request_id).state == "waiting"
        assert answer(client, people, people.treasurer, request_id).status == 200
        with in_scope(people.group, people.member):
            assert db.session.get_one(HardshipRequest, request_id).state == "agreed"

    def test_a_member_cannot(self, client: StrictClient, people: Officers) -> None:
        request_id = ask(client, people)
        token = {
            "csrf_token": csrf(client.fetch(path(people, request_id)), client, people),
            "once": str(uuid.uuid4()),
        }
        assert client.post(path(people, request_id) + "/step-aside", data=token).status_code == 403


def test_words_left_for_whoever_asked_are_read_once_it_is_decided(
    client: StrictClient, people: Officers
) -> None:
    request_id = ask(client, people)
    for who in (people.chair, people.committee):
        client.sign_in(who)
        client.send(
            client.fetch(path(people, request_id)),
            {"answer": "no", "reply": "Ask again in May"},
            to="/answer",
        )
        client.sign_in(people.member)
        page = client.fetch(path(people, request_id))
        assert ("Ask again in May" in page.text) == (who is people.committee)


def test_it_says_how_long_it_waits_and_again_shortly_before(client: StrictClient, people: Officers) -> None:
    long_ago = make_request(people, now=clock.now() - timedelta(days=175))
    lately = make_request(people)
    client.sign_in(people.member)
    home = client.fetch(f"/g/{people.group.id}/")
    assert path(people, long_ago) in home.links
    assert path(people, lately) not in home.links
    assert (
        client.sign_in(people.chair).fetch(f"/g/{people.group.id}/").links.count(path(people, long_ago)) == 0
    )


@pytest.mark.parametrize("typed", ["-1", "101", "twenty", "", "1e2", "20.5"])
def test_a_share_that_cannot_be_is_named(client: StrictClient, people: Officers, typed: str) -> None:
    client.sign_in(people.chair)
    answer_ = client.send(client.fetch(f"/g/{people.group.id}/money/reserve/decide"), {"percent": typed})
    assert answer_.status == 422
    assert answer_.fields_with_errors == {"percent"}

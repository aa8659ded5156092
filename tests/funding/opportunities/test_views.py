"""The list in a group and in an office, and writing on it."""

import pytest

from funding.opportunities import queries
from tests.factories.chances import day, make_listed, make_own
from tests.factories.funding import Officers, Staff, make_officers, make_staff
from tests.factories.network import make_group
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

GOOD = {"title": "Uwezo", "words": "For groups.", "funder": "Uwezo Fund", "funder_kind": "government"}


@pytest.fixture
def staff(app: object) -> Staff:
    return make_staff()


@pytest.fixture
def people(staff: Staff) -> Officers:
    return make_officers(make_group(staff.network))


def in_group(people: Officers, path: str = "") -> str:
    return f"/g/{people.group.id}/money/opportunities{path}"


def in_office(staff: Staff, path: str = "") -> str:
    return f"/n/{staff.office.id}/money/opportunities{path}"


def write(client: StrictClient, path: str, **more: str) -> Page:
    return client.send(client.fetch(path), {**GOOD, **more})


class TestWrite:
    def test_a_groups_own_is_there_at_once(
        self, client: StrictClient, people: Officers, staff: Staff
    ) -> None:
        client.sign_in(people.secretary)
        page = write(client, in_group(people, "/write"), until="all_year")
        assert page.heading == "Uwezo"
        assert page.path in client.fetch(in_group(people)).links
        client.sign_in(staff.finance)
        assert client.get(page.path.replace("/g/", "/n/").replace(str(people.group.id), str(staff.office.id))).status_code == 404  # fmt: skip

    def test_an_offices_is_a_draft_until_it_is_published(
        self, client: StrictClient, people: Officers, staff: Staff
    ) -> None:
        client.sign_in(staff.administration)
        page = write(client, in_office(staff, "/write"))
        there = in_group(people, "/" + page.path.rpartition("/")[2])
        client.sign_in(people.member)
        assert client.get(there).status_code == 404
        client.sign_in(staff.administration)
        client.send(client.fetch(f"{page.path}/publish"))
        client.sign_in(people.member)
        assert client.fetch(there).heading == "Uwezo"

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("title", ""), ("words", "x" * 4001), ("funder", "x" * 121), ("closes_on", "soon"),
        ],
    )  # fmt: skip
    def test_bad_input_is_answered_beside_its_field(
        self, client: StrictClient, people: Officers, field: str, typed: str
    ) -> None:
        client.sign_in(people.treasurer)
        answer = write(client, in_group(people, "/write"), **{field: typed})
        assert answer.status == 422
        assert answer.fields_with_errors == {field}

    def test_what_closes_on_a_day_is_asked_which(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.treasurer)
        assert write(client, in_group(people, "/write"), until="day").fields_with_errors == {"closes_on"}

    def test_is_for_those_who_look_after_money(
        self, client: StrictClient, people: Officers, staff: Staff
    ) -> None:
        own = make_own(people)
        for account, status in ((people.chair, 200), (people.member, 403), (people.committee, 403)):
            client.sign_in(account)
            assert client.get(in_group(people, "/write")).status_code == status
            assert client.get(in_group(people, f"/{own.id}/change")).status_code == status
        client.sign_in(staff.onboarding)
        assert client.get(in_office(staff)).status_code == 200
        assert client.get(in_office(staff, "/write")).status_code == 403

    def test_a_group_publishes_nothing_and_changes_nothing_of_the_offices(
        self, client: StrictClient, people: Officers, staff: Staff
    ) -> None:
        own, listed = make_own(people), make_listed(staff)
        client.sign_in(people.chair)
        assert client.get(in_group(people, f"/{own.id}/publish")).status_code == 403
        for step in ("change", "end"):
            assert client.get(in_group(people, f"/{listed.id}/{step}")).status_code == 404


class TestChange:
    def test_keeps_what_was_written_and_what_is_put_right(
        self, client: StrictClient, people: Officers
    ) -> None:
        own = make_own(people, asks=["registered"], papers=["plan"], least=500, until="day", closes_on=day(9))
        client.sign_in(people.chair)
        client.send(client.fetch(in_group(people, f"/{own.id}/change")), {"title": "Other", "most": "70"})
        with in_scope(people.group):
            kept = queries.get_own_opportunity(own.id)
            assert (kept.asks, kept.papers, kept.least, kept.most) == (["registered"], ["plan"], 500, 7000)
            assert kept.closes_on == day(9)
            assert kept.text.wordings[0].title == "Other"

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("least", "-5"), ("most", "a lot"), ("most", "0"), ("link", "http://plain.example"), ("place", "x" * 301),
            ("checked_on", day(1).isoformat()), ("source", "abc\u202edef"), ("words", ""),
        ],
    )  # fmt: skip
    def test_bad_input_is_answered_beside_its_field(
        self, client: StrictClient, people: Officers, field: str, typed: str
    ) -> None:
        own = make_own(people)
        client.sign_in(people.treasurer)
        answer = client.send(client.fetch(in_group(people, f"/{own.id}/change")), {field: typed})
        assert (answer.status, answer.fields_with_errors) == (422, {field})

    def test_amounts_go_from_less_to_more(self, client: StrictClient, people: Officers) -> None:
        own = make_own(people)
        client.sign_in(people.treasurer)
        page = client.fetch(in_group(people, f"/{own.id}/change"))
        assert client.send(page, {"least": "9", "most": "8"}).fields_with_errors == {"most"}

    def test_what_is_emptied_is_not_known_any_more(self, client: StrictClient, people: Officers) -> None:
        own = make_own(people, least=500, place="The office", papers=["plan"], checked_on=day())
        client.sign_in(people.chair)
        page = client.fetch(in_group(people, f"/{own.id}/change"))
        client.send(page, {"least": "", "place": "", "papers": [], "checked_on": ""})
        with in_scope(people.group):
            kept = queries.get_own_opportunity(own.id)
            assert (kept.least, kept.place, kept.papers, kept.checked_on) == (None, "", [], None)

    def test_off_the_list_is_not_gone(self, client: StrictClient, people: Officers) -> None:
        own = make_own(people)
        client.sign_in(people.chair)
        page = client.send(client.fetch(in_group(people, f"/{own.id}/end")))
        assert page.path not in client.fetch(in_group(people)).links
        assert page.path in client.fetch(in_group(people, "?when=past")).links
        assert client.fetch(page.path).forms() == []


class TestTheList:
    def test_says_what_nobody_has_checked(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.member)
        pages = [
            client.fetch(in_group(people, f"/{make_own(people, checked_on=on).id}")) for on in (None, day())
        ]
        marked = ['class="note near"' in page.html for page in pages]
        assert marked == [True, False]

    def test_can_be_narrowed_and_takes_any_address(self, client: StrictClient, people: Officers) -> None:
        bank, fund = make_own(people, funder_kind="bank"), make_own(people)
        client.sign_in(people.member)
        links = client.fetch(in_group(people, "?kind=bank")).links
        assert in_group(people, f"/{bank.id}") in links
        assert in_group(people, f"/{fund.id}") not in links
        for odd in ("?kind=nonsense&when=never&page=0", "?page=99999999999", "?kind=%00"):
            assert client.get(in_group(people, odd)).status_code == 200

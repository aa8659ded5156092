import io
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from groups.membership import queries
from groups.membership.models import Member
from groups.nearness.queries import people
from groups.newcomers import formats
from network import clock
from network.accounts.models import Account
from network.audit import AuditEvent
from network.db import db
from network.tenancy.models import Group
from tests.factories.groups import a_member, a_term
from tests.factories.network import make_account, make_group, make_holder
from tests.support.app import in_group
from tests.support.client import Page, StrictClient
from tests.support.statements import statements


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture
def chair(group: Group) -> Account:
    account = make_account()
    with in_group(group):
        a_term(a_member("Kip", account_id=account.id))
    return account


def address(group: Group, rest: str = "") -> str:
    return f"/g/{group.id}/members/many{rest}"


def people_in(group: Group) -> dict[str, Member]:
    with in_group(group):
        return {one.nickname: one for one in db.session.scalars(queries.present_members())}


def bring(client: StrictClient, group: Group, people: str) -> Page:
    return client.send(client.fetch(address(group)), {"people": people})


def bring_file(client: StrictClient, group: Group, content: bytes, name: str) -> Page:
    return client.send(client.fetch(address(group)), {"people": "", "file": (io.BytesIO(content), name)})


def values(page: Page) -> dict[str, str]:
    return {str(e.get("name")): e.get("value") or "" for e in page.form("/check").iter("input")}


class TestAList:
    def test_of_forty_is_looked_over_and_added_in_one_go(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        client.sign_in(chair)
        long_ago = clock.today(group.time_zone) - timedelta(days=400)
        page = bring(client, group, "\n".join(f"Name {n}; {long_ago}; 07001112{n:02}; sw" for n in range(40)))
        assert (page.status, page.fields_with_errors) == (422, set())
        assert values(page)["language_8"] == "Kiswahili"
        assert set(people_in(group)) == {"Kip"}
        done = client.send(page, to="/check")
        assert (done.status, done.path) == (200, f"/g/{group.id}/members/")
        added = people_in(group)
        assert len(added) == 41
        one = added["Name 7"]
        assert (one.contact, one.language, one.joined_on) == ("0700111207", "sw", long_ago)

    def test_is_noted_with_a_number_and_for_each_who_let_them_in_and_no_names(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        client.send(bring(client.sign_in(chair), group, "Rain\nSun"), to="/check")
        with in_group(group):
            noted = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.event.like("members.%"))).all()
            assert [(one.event, one.account_id) for one in noted] == [("members.added.2", chair.id)]
            came = sa.select(Member.id).where(Member.nickname.in_(("Rain", "Sun")))
            let_in = people(members=db.session.scalars(came).all(), now=clock.now())
            assert [one.let_in_by for one in let_in] == [{chair.id}] * 2

    def test_sent_twice_acts_once(self, client: StrictClient, group: Group, chair: Account) -> None:
        page = bring(client.sign_in(chair), group, "Rain\nSun")
        assert [client.send(page, to="/check").status for _ in range(2)] == [200, 200]
        assert len(people_in(group)) == 3

    def test_takes_as_many_statements_whatever_its_length(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        client.sign_in(chair)
        taken = []
        for length in (2, 40):
            box = client.fetch(address(group))
            with statements() as looking:
                page = client.send(box, {"people": "\n".join(f"Of {length}: {n}" for n in range(length))})
            with statements() as adding:
                client.send(page, to="/check", follow=False)
            taken.append((len(looking), len(adding)))
        assert taken[0] == taken[1]
        assert len(people_in(group)) == 43


class TestBadRows:
    def test_are_named_beside_the_row_and_nothing_is_saved_until_all_are_right(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        client.sign_in(chair)
        people = "Name,Joined,Language,Phone\nRain,soon,Klingon,hello\n,,,0700111222\nRAIN,,,\nSun,,,\nKip,,,\nLeaf\u202e,,,"
        page = bring_file(client, group, people.encode(), "list.csv")
        wrong = {"joined_2", "language_2", "contact_2", "nickname_3", "nickname_4", "answer_6", "nickname_7"}
        assert (page.status, page.fields_with_errors) == (422, wrong)
        again = client.send(page, {"nickname_3": "River"}, to="/check")
        assert (again.status, again.fields_with_errors) == (422, wrong - {"nickname_3"})
        kept = values(again)
        assert (kept["joined_2"], kept["language_2"], kept["contact_2"]) == ("soon", "Klingon", "hello")
        assert set(people_in(group)) == {"Kip"}
        right = {
            "joined_2": "1/2/2025",
            "language_2": "Kiswahili",
            "contact_2": "",
            "answer_4": "leave",
            "answer_6": "other",
            "nickname_7": "Leaf",
        }
        assert client.send(again, right, to="/check").status == 200
        assert set(people_in(group)) == {"Kip", "Rain", "River", "Sun", "Kip 2", "Leaf"}

    def test_the_same_person_stays_as_they_are(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        page = bring(client.sign_in(chair), group, "Kíp, 0700111222\nSun")
        assert page.fields_with_errors == {"answer_1"}
        assert client.send(page, {"answer_1": "leave"}, to="/check").status == 200
        kept = people_in(group)
        assert (set(kept), kept["Kip"].contact) == ({"Kip", "Sun"}, None)

    def test_somebody_added_meanwhile_is_asked_about(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        page = bring(client.sign_in(chair), group, "Rain\nSun")
        with in_group(group):
            a_member("Rain")
        again = client.send(page, to="/check")
        assert (again.status, again.fields_with_errors) == (422, {"answer_1"})
        assert set(people_in(group)) == {"Kip", "Rain"}

    def test_nobody_left_is_nobody_added(self, client: StrictClient, group: Group, chair: Account) -> None:
        page = bring(client.sign_in(chair), group, "Rain")
        assert client.send(page, {"answer_1": "leave"}, to="/check").status == 422
        assert set(people_in(group)) == {"Kip"}

    def test_a_form_that_lost_its_rows_is_answered(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        page = bring(client.sign_in(chair), group, "Rain")
        many = {f"nickname_{n}": f"Name {n}" for n in range(1, 202)}
        assert client.send(page, many, to="/check").status == 422
        token = {name: value for name, value in values(page).items() if name in {"csrf_token", "once"}}
        assert client.post(address(group, "/check"), data=token).status_code == 422
        assert client.fetch(address(group, "/check")).path == address(group)
        assert set(people_in(group)) == {"Kip"}


class TestWhatIsBrought:
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_a_file_in_the_letters_it_comes_in(
        self, client: StrictClient, group: Group, chair: Account, encoding: str
    ) -> None:
        page = bring_file(
            client.sign_in(chair), group, "Nom;Langue\r\nÉva;Français\r\n".encode(encoding), "l.csv"
        )
        client.send(page, to="/check")
        assert people_in(group)["Éva"].language == "fr"

    def test_a_workbook(self, client: StrictClient, group: Group, chair: Account) -> None:
        book, out = Workbook(), io.BytesIO()
        today = clock.today(group.time_zone)
        for row in [["Nickname", "Since", "Sex", "Phone"], ["Rain", today, "f", 700111222.0], [], ["Sun"]]:
            book.worksheets[0].append(row)
        book.save(out)
        page = bring_file(client.sign_in(chair), group, out.getvalue(), "list.xlsx")
        client.send(page, to="/check")
        found = people_in(group)
        assert (found["Rain"].joined_on, found["Rain"].contact) == (today, "700111222")
        assert set(found) == {"Kip", "Rain", "Sun"}

    def test_a_file_that_is_no_table_or_unpacks_without_end(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", b" " * (formats.LARGEST_UNPACKED + 1))
        client.sign_in(chair)
        for content in (
            b"%PDF-1.7",
            b"PK\x03\x04",
            out.getvalue(),
            b"x" * (formats.LARGEST_FILE + 1),
            b"a\x00b\x01c",
        ):
            page = bring_file(client, group, content, "list.xlsx")
            assert (page.status, page.fields_with_errors) == (422, {"file"})

    @pytest.mark.parametrize(
        "people", ["", "Name,Diagnosis\nRain,x", "x" * 30_000, "abc\u202edef", "a\n" * 201]
    )
    def test_refuses_what_cannot_be_taken_and_keeps_what_was_typed(
        self, client: StrictClient, group: Group, chair: Account, people: str
    ) -> None:
        page = bring(client.sign_in(chair), group, people)
        assert (page.status, page.fields_with_errors) == (422, {"people"})
        assert people.strip() in page.html
        assert set(people_in(group)) == {"Kip"}

    @pytest.mark.parametrize("role", ["member", "treasurer", "committee", "facilitator"])
    def test_is_for_the_chair_and_the_secretary(self, client: StrictClient, group: Group, role: str) -> None:
        client.sign_in(make_holder(role, group))
        assert [client.fetch(address(group, rest)).status for rest in ("", "/check")] == [403, 403]
        assert client.post(address(group, "/check"), data={"nickname_1": "Rain"}).status_code in {
            400,
            403,
            422,
        }
        assert address(group) not in client.fetch(f"/g/{group.id}/members/").links
        assert people_in(group) == {}

    def test_another_group_is_not_there(self, client: StrictClient, group: Group, chair: Account) -> None:
        assert client.sign_in(chair).fetch(address(make_group())).status == 404

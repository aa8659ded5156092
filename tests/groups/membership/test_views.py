import re

import pytest
import sqlalchemy as sa

from groups.consents.models import Ended, Method, Purpose
from groups.consents.queries import standing_of
from groups.membership import commands, queries
from groups.membership.models import CompositionWord, LivedExperience, Member
from network import clock
from network.accounts.models import Account
from network.accounts.queries import roles_held
from network.db import db
from network.invitations.models import Invitation
from network.tenancy.models import Group
from network.tenancy.settings import COMPOSITION_MINIMUM
from tests.factories.groups import a_member, a_term, some_members, tells
from tests.factories.network import make_account, make_group, make_holder, make_network
from tests.support.app import in_group
from tests.support.client import StrictClient
from tests.support.own_page import tell


@pytest.fixture
def group() -> Group:
    return make_group(make_network(settings={COMPOSITION_MINIMUM: 70}))


@pytest.fixture
def chair(group: Group) -> Account:
    account = make_account()
    with in_group(group):
        a_term(a_member("Wanja", account_id=account.id))
    return account


def address(group: Group, rest: str = "") -> str:
    return f"/g/{group.id}/members/{rest}"


class TestListMembers:
    def test_shows_nicknames_and_never_what_is_private(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_group(group):
            for number, told in enumerate(LivedExperience):
                a_member(f"Told {number}", lived=told)
            a_member("Silent")
        for path, end in ((address(group), "</tr>"), (address(group, "answers"), "</select>")):
            page = client.sign_in(chair).fetch(path)
            rows = [
                page.html.split(name)[-1].split(end)[0] for name in ("Told 0", "Told 1", "Told 2", "Silent")
            ]
            assert len({re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}", "", row) for row in rows}) == 1

    def test_comes_a_page_at_a_time(self, client: StrictClient, group: Group, chair: Account) -> None:
        with in_group(group):
            some_members(30)
        page = client.sign_in(chair).fetch(address(group))
        assert sum("/members/" in link and link.count("-") > 5 for link in page.links) <= 25
        assert any("page=2" in link for link in page.links)

    def test_another_group_is_not_there(self, client: StrictClient, group: Group, chair: Account) -> None:
        assert client.sign_in(chair).fetch(address(make_group())).status == 404

    def test_a_members_page_of_another_group_is_not_there(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        other = make_group()
        with in_group(other):
            theirs = a_member()
        assert client.sign_in(chair).fetch(address(group, f"{theirs.id}/")).status == 404


class TestAddMembers:
    def test_adds_twenty_at_once(self, client: StrictClient, group: Group, chair: Account) -> None:
        page = client.sign_in(chair).fetch(address(group, "add"))
        done = client.send(page, {"names": "\n".join(f"Name {n}" for n in range(20))})
        assert done.status == 200
        with in_group(group):
            assert queries.count_present_members() == 21

    def test_names_every_bad_line_keeps_what_was_typed_and_saves_nothing(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        page = client.sign_in(chair).fetch(address(group, "add"))
        refused = client.send(page, {"names": "Rain\nwanja\n" + "x" * 70 + "\nRain"})
        assert refused.status == 422
        assert refused.fields_with_errors == {"names"}
        assert sum("error" in (e.get("class") or "").split() for e in refused.tree.iter("p")) == 3
        assert "x" * 70 in refused.html
        with in_group(group):
            assert queries.count_present_members() == 1

    @pytest.mark.parametrize("names", ["", "\u202eRain", "Ra\x00in", "a\n" * 61])
    def test_refuses_what_cannot_be_kept(
        self, client: StrictClient, group: Group, chair: Account, names: str
    ) -> None:
        page = client.sign_in(chair).fetch(address(group, "add"))
        assert client.send(page, {"names": names}).status == 422

    def test_sent_twice_adds_once(self, client: StrictClient, group: Group, chair: Account) -> None:
        page = client.sign_in(chair).fetch(address(group, "add"))
        assert [client.send(page, {"names": "Rain"}).status for _ in range(2)] == [200, 200]
        with in_group(group):
            assert queries.count_present_members() == 2

    @pytest.mark.parametrize("role", ["member", "treasurer", "committee", "facilitator"])
    def test_is_for_the_chair_and_the_secretary(self, client: StrictClient, group: Group, role: str) -> None:
        client.sign_in(make_holder(role, group))
        assert client.fetch(address(group, "add")).status == 403
        assert address(group, "add") not in client.fetch(address(group)).links


class TestEditMember:
    def test_never_brings_back_what_was_taken_back_meanwhile(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_group(group):
            member = a_member("Rain")
            tells(member, Purpose.CONTACT, "+254700111222")
        client.sign_in(chair)
        pages = [client.fetch(address(group, f"{member.id}/{at}")) for at in ("edit", "aloud")]
        with in_group(group):
            here = db.session.get_one(Member, member.id)
            commands.take_back(here, Purpose.CONTACT, ended=Ended.SELF, by=None, now=clock.now())
        for page in pages:
            assert client.send(page).status == 200
        with in_group(group):
            assert queries.told_by(member.id)["contact"] is None

    def test_a_way_to_reach_them_is_told_and_taken_back_aloud(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_group(group):
            member = a_member("Rain")
        page = client.sign_in(chair).fetch(address(group, f"{member.id}/aloud"))
        told = client.send(page, {"contact": "+254700111222", "language": "sw"})
        assert "+254700111222" in told.text
        client.send(client.fetch(address(group, f"{member.id}/aloud")), {"takes_contact_back": "y"})
        with in_group(group):
            kept = queries.told_by(member.id)
            assert (kept["contact"], kept["language"]) == (None, "sw")

    def test_nobody_reads_aloud_to_themselves(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_group(group):
            own, other = queries.find_own_member(chair.id), a_member("Rain")
            assert own
        client.sign_in(chair)
        for member, status in ((own, 404), (other, 200)):
            at = address(group, f"{member.id}/aloud")
            assert client.fetch(at).status == status
            assert (at in client.fetch(address(group, f"{member.id}/")).links) is (status == 200)
        page = client.fetch(address(group, "answers"))
        client.send(page, {f"about_{one.id.hex}": "lived" for one in (own, other)})
        with in_group(group):
            said = [standing_of(one.id)[Purpose.LIVED_EXPERIENCE] for one in (own, other)]
        assert [(one.method, one.read_by_id) for one in said] == [
            (Method.SELF, None), (Method.ALOUD, own.id),
        ]  # fmt: skip

    def test_changes_what_is_called(self, client: StrictClient, group: Group, chair: Account) -> None:
        with in_group(group):
            member = a_member("Rain")
        page = client.sign_in(chair).fetch(address(group, f"{member.id}/edit"))
        assert "Rainy" in client.send(page, {"nickname": "Rainy"}).text
        taken = client.send(client.fetch(address(group, f"{member.id}/edit")), {"nickname": "WANJA"})
        assert (taken.status, taken.fields_with_errors) == (422, {"nickname"})


class TestInviteMember:
    def test_joins_whoever_accepts_to_this_nickname_and_its_office(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_group(group):
            member = a_member("Halima")
            a_term(member, "treasurer")
        page = client.sign_in(chair).fetch(address(group, f"{member.id}/invite"))
        shown = client.send(page)
        link = next(link for link in shown.links if "/join/" in link)
        assert client.fetch(address(group, f"{member.id}/invite")).links.count(link) == 1
        client.sign_out()
        joining = client.fetch(link.split("localhost", 1)[-1].split(":", 1)[-1].lstrip("0123456789"))
        joined = client.send(
            joining,
            {
                "shown_name": "H",
                "sign_in": f"h{member.id.hex[:8]}",
                "password": "mango-rain-drum",
                "language": "en",
            },
        )
        assert joined.status == 200
        with in_group(group):
            kept = db.session.get_one(Member, member.id)
            assert kept.account_id
            assert roles_held(kept.account_id, group.id, now=clock.now()) == {"member", "treasurer"}

    def test_speaks_the_groups_language_or_one_that_is_chosen_and_never_copies_the_members(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_group(group):
            members = [a_member("Halima"), a_member("Rain")]
            for one in members:
                tells(one, Purpose.LANGUAGE, "fr")
        client.sign_in(chair)
        for one, chosen in zip(members, (None, "sw"), strict=True):
            page = client.fetch(address(group, f"{one.id}/invite"))
            client.send(page, {"language": chosen} if chosen else {})
        with in_group(group):
            made = {one.member_id: one.language for one in db.session.scalars(sa.select(Invitation))}
        assert made == {members[0].id: group.language, members[1].id: "sw"}


class TestLeaving:
    def test_is_one_step_without_a_reason(self, client: StrictClient, group: Group) -> None:
        account = make_account()
        with in_group(group):
            a_member("Kip", account_id=account.id)
        page = client.sign_in(account).fetch(address(group, "me/leave"))
        assert not list(page.form().iter("textarea"))
        client.send(page)
        assert client.fetch(address(group)).status == 404

    def test_the_chair_notes_that_somebody_left(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_group(group):
            member = a_member("Rain")
        client.send(client.sign_in(chair).fetch(address(group, f"{member.id}/leave")))
        assert client.fetch(address(group, f"{member.id}/")).status == 404


class TestWhatTheGroupKeepsAboutMe:
    def test_is_seen_and_changed_by_oneself(self, client: StrictClient, group: Group) -> None:
        account = make_account()
        with in_group(group):
            member = a_member("Kip", account_id=account.id)
        page = client.sign_in(account).fetch(address(group, "me"))
        again = tell(client, page, "lived_experience", LivedExperience.LIVED.value)
        chosen = [
            option.get("value")
            for select in again.tree.iter("select")
            if select.get("name") == "lived_experience"
            for option in select.iter("option")
            if option.get("selected") is not None
        ]
        assert chosen == [LivedExperience.LIVED]
        client.send(again, {"purpose": "lived_experience"}, to="me/take-back")
        with in_group(group):
            assert queries.lived_experience_of(member.id) is None

    def test_another_nickname_is_ones_own_to_choose(self, client: StrictClient, group: Group) -> None:
        account = make_account()
        with in_group(group):
            a_member("Kip", account_id=account.id)
            a_member("Rain")
        page = client.sign_in(account).fetch(address(group, "me"))
        assert client.send(page, {"nickname": "rain"}, to="members/me").status == 422
        assert client.send(page, {"nickname": "Kipchoge"}, to="members/me").status == 200

    def test_is_not_there_for_whoever_is_no_member(self, client: StrictClient, group: Group) -> None:
        assert client.sign_in(make_holder("facilitator", group)).fetch(address(group, "me")).status == 404


class TestComposition:
    def test_is_told_in_one_word_once_a_month(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_group(group):
            members = some_members(5)
        sheet = client.sign_in(chair).fetch(address(group, "answers"))
        told = client.send(sheet, {f"about_{member.id.hex}": "lived" for member in members})
        counted = client.send(told)
        assert counted.status == 200
        with in_group(group):
            reading = db.session.scalars(queries.readings()).one()
            assert reading.word == CompositionWord.WELL_ABOVE
        assert not counted.forms()

    def test_says_nothing_of_fewer_than_five(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_group(group):
            some_members(4, lived=LivedExperience.LIVED)
        page = client.sign_in(chair).fetch(address(group, "composition"))
        assert client.send(page).status == 422
        with in_group(group):
            assert (
                db.session.scalar(sa.select(sa.func.count()).select_from(queries.readings().subquery())) == 0
            )

    def test_can_be_read_and_not_counted_by_members(self, client: StrictClient, group: Group) -> None:
        page = client.sign_in(make_holder("member", group)).fetch(address(group, "composition"))
        assert (page.status, page.forms()) == (200, [])

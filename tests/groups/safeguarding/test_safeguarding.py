"""Young people: somebody to turn to, and no message before a parent or guardian agreed."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from groups.consents.forms import read_aloud
from groups.consents.models import Ended, Method, Purpose
from groups.membership import commands as membership
from groups.membership.models import Member
from groups.notices import commands as notices
from groups.notices.models import Channel, Telling
from groups.safeguarding import commands, queries
from groups.safeguarding.commands import CannotName
from groups.safeguarding.forms import COUNTRY_RULES, rule_for
from groups.safeguarding.models import Safeguarding
from groups.safeguarding.rules import ASKS_GUARDIAN, Refusal, says_yes_at_once, waits_for_guardian
from network import clock
from network.accounts.models import Account
from network.db import db
from network.messages.models import Letter
from network.tenancy.models import Group
from network.tenancy.settings import COUNTRY_PROFILE
from tests.factories.groups import a_member, a_term, an_election, tells
from tests.factories.network import make_account, make_group, make_holder, make_network
from tests.factories.notices import chooses
from tests.support.app import in_group, in_scope
from tests.support.client import StrictClient


@pytest.fixture
def group(app: object) -> Group:
    return make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))


@pytest.fixture
def inside(group: Group) -> Iterator[Group]:
    with in_group(group):
        yield group


def agreed(member: Member, method: Method = Method.ALOUD) -> None:
    membership.tell(
        member, Purpose.GUARDIAN, None, how=read_aloud(Purpose.GUARDIAN, None, method=method), by=None, now=clock.now()
    )  # fmt: skip


def channel_of(member: Member) -> str:
    return db.session.scalars(sa.select(Telling.channel).where(Telling.member_id == member.id)).one()


class TestWaitsForGuardian:
    @pytest.mark.parametrize(
        ("age_band", "is_young", "waits"),
        [("under", False, True), ("under", True, True), (None, True, True), (None, False, False), ("youth", True, False)],
    )  # fmt: skip
    @pytest.mark.parametrize("profile", [*ASKS_GUARDIAN, "somewhere else"])
    def test_under_18_or_of_unknown_age_among_young_people(
        self, age_band: str | None, *, is_young: bool, waits: bool, profile: str
    ) -> None:
        assert waits_for_guardian(age_band, is_for_young_people=is_young, profile=profile) is waits

    def test_every_profile_has_its_words_and_a_source_or_a_question(self) -> None:
        assert set(COUNTRY_RULES) == set(ASKS_GUARDIAN)
        assert rule_for("nowhere") is COUNTRY_RULES["generic"]
        assert all(rule.ask for rule in COUNTRY_RULES.values())
        assert [name for name, rule in COUNTRY_RULES.items() if not rule.source] == ["generic"]


class TestNamingSomebody:
    @pytest.mark.parametrize(
        ("with_member", "name", "contact", "refusal"),
        [
            (False, "", "", Refusal.NOBODY),
            (False, "", "0700", Refusal.NOBODY),
            (True, "Aunt", "0700", Refusal.TWO),
            (False, "Aunt", "", Refusal.NO_CONTACT),
        ],
    )
    def test_is_one_person_who_can_be_reached(
        self, inside: Group, *, with_member: bool, name: str, contact: str, refusal: Refusal
    ) -> None:
        member = a_member() if with_member else None
        with pytest.raises(CannotName) as refused:
            commands.name_contact(member, name=name, contact=contact, by=None, now=clock.now())
        assert refused.value.refusal == refusal

    @pytest.mark.parametrize("age_band", ["under", None])
    def test_is_somebody_who_told_that_they_are_grown_up(self, inside: Group, age_band: str | None) -> None:
        member = a_member()
        if age_band:
            tells(member, Purpose.AGE_BAND, age_band)
        with pytest.raises(CannotName) as refused:
            commands.name_contact(member, by=None, now=clock.now())
        assert refused.value.refusal == Refusal.NOT_GROWN_UP

    def test_seals_somebody_from_outside(self, inside: Group) -> None:
        commands.name_contact(None, name="Aunt Amina", contact="+254700111", by=None, now=clock.now())
        stored = db.session.execute(sa.text("select name, contact from safeguarding")).one()
        assert not any(word in b"".join(stored) for word in (b"Amina", b"254700111"))

    def test_whoever_does_not_say_so_any_more_is_not_shown(self, inside: Group) -> None:
        member = a_member()
        tells(member, Purpose.AGE_BAND, "adult")
        commands.name_contact(member, was_heard=True, by=None, now=clock.now())
        assert queries.find_somebody()
        membership.take_back(member, Purpose.AGE_BAND, ended=Ended.SELF, by=None, now=clock.now())
        assert queries.find_somebody() is None
        assert queries.is_for_young_people()

    @pytest.mark.parametrize(
        ("is_own", "has_sign_in", "was_heard", "at_once"),
        [
            (False, False, False, False), (False, False, True, True), (False, True, True, False),
            (True, True, False, True),
        ],
    )  # fmt: skip
    def test_waits_for_a_yes_of_their_own_or_one_that_was_heard(
        self, *, is_own: bool, has_sign_in: bool, was_heard: bool, at_once: bool
    ) -> None:
        assert says_yes_at_once(is_own=is_own, has_sign_in=has_sign_in, was_heard=was_heard) is at_once

    def test_another_way_to_reach_them_asks_for_another_yes(self, inside: Group) -> None:
        member, now = a_member(), clock.now()
        tells(member, Purpose.AGE_BAND, "adult")
        commands.name_contact(member, contact="0700", was_heard=True, by=None, now=now)
        assert queries.find_somebody()
        commands.name_contact(member, contact="0700", by=None, now=now)
        assert queries.find_somebody()
        commands.name_contact(member, contact="0733", by=None, now=now)
        assert queries.find_somebody() is None

    def test_whoever_leaves_is_not_there_to_turn_to(self, inside: Group) -> None:
        member = a_member()
        tells(member, Purpose.AGE_BAND, "adult")
        commands.name_contact(member, contact="0700", by=None, now=clock.now())
        membership.let_member_go(inside, member, by=None, now=clock.now())
        db.session.expire_all()
        kept = queries.find_safeguarding()
        assert kept
        assert (kept.has_somebody, kept.contact) == (False, None)
        assert queries.is_for_young_people()

    def test_the_database_refuses_two_people_in_one(self, inside: Group) -> None:
        member = a_member()
        db.session.add(Safeguarding(member_id=member.id, name="Aunt", contact="0700", changed_at=clock.now()))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


class TestAnInvitation:
    def test_is_read_out_and_not_sent_before_a_parent_agreed(
        self, client: StrictClient, group: Group
    ) -> None:
        with in_group(group):
            young, other = a_member("Young"), a_member("Other")
            tells(young, Purpose.AGE_BAND, "under")
        client.sign_in(make_holder("secretary", group))
        for member, is_sent in ((young, False), (other, True)):
            shown = client.send(client.fetch(f"/g/{group.id}/members/{member.id}/invite"))
            assert any(link.startswith(("sms:", "mailto:")) for link in shown.links) is is_sent
            assert any("/join/" in link for link in shown.links) is is_sent
            assert shown.status == 200


class TestMessages:
    def test_wait_until_a_parent_or_guardian_agreed_and_again_when_that_is_taken_back(
        self, inside: Group
    ) -> None:
        member = a_member()
        tells(member, Purpose.AGE_BAND, "under")
        assert queries.held_back() == {member.id}
        agreed(member)
        assert queries.held_back() == set()
        membership.take_back(member, Purpose.GUARDIAN, ended=Ended.ALOUD, by=None, now=clock.now())
        assert queries.held_back([member.id]) == {member.id}

    def test_of_a_group_for_young_people_wait_for_everybody_of_unknown_age(self, inside: Group) -> None:
        aunt, silent = a_member("Aunt"), a_member("Silent")
        assert queries.held_back() == set()
        tells(aunt, Purpose.AGE_BAND, "adult")
        commands.name_contact(aunt, by=None, now=clock.now())
        assert queries.held_back() == {silent.id}

    def test_of_something_everybody_is_told_are_told_in_person(self, inside: Group) -> None:
        young, agreed_to, grown = a_member("Young"), a_member("Agreed"), a_member("Grown")
        for one in (young, agreed_to):
            tells(one, Purpose.AGE_BAND, "under")
        agreed(agreed_to)
        for one in (young, agreed_to, grown):
            chooses(one, Channel.SMS)
        an_election()
        assert [channel_of(one) for one in (young, agreed_to, grown)] == ["none", "sms", "sms"]
        chooses(young, Channel.WHATSAPP)
        assert channel_of(young) == "none"

    def test_that_were_planned_before_the_age_was_told_are_not_written(self, group: Group) -> None:
        with in_group(group):
            member = a_member()
            chooses(member, Channel.EMAIL)
            an_election()
            assert channel_of(member) == "email"
            tells(member, Purpose.AGE_BAND, "under")
            before = db.session.scalar(sa.select(sa.func.count()).select_from(Letter))
            notice = db.session.scalars(sa.select(Telling.notice_id)).one()
            assert notices.write_letters(group, notice, public_url="https://x.example", now=clock.now()) == 0
            assert channel_of(member) == "none"
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Letter)) == before

    def test_asks_the_same_of_the_database_however_many_there_are(self, inside: Group) -> None:
        def statements_for_five_more(name: str) -> int:
            for number in range(5):
                tells(a_member(f"{name} {number}"), Purpose.AGE_BAND, "under")
            seen: list[str] = []
            sa.event.listen(db.engine, "before_cursor_execute", lambda *asked: seen.append(asked[2]))
            queries.held_back()
            return len(seen)

        assert statements_for_five_more("First") == statements_for_five_more("Second")


@pytest.fixture
def chair(group: Group) -> Account:
    account = make_account()
    with in_group(group):
        a_term(a_member("Wanja", account_id=account.id))
    return account


class TestPages:
    def test_the_chair_names_somebody_and_every_member_sees_it_on_the_first_page(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        at = f"/g/{group.id}/young-people"
        page = client.sign_in(chair).fetch(f"{at}/edit")
        refused = client.send(page, {})
        assert (refused.status, refused.fields_with_errors) == (422, {"member"})
        shown = client.send(page, {"name": "Aunt Amina", "contact": "at the gate on Fridays"})
        assert "Aunt Amina" in shown.text
        for role in ("member", "treasurer"):
            client.sign_in(make_holder(role, group))
            assert "Aunt Amina" in client.fetch(f"/g/{group.id}/").text
            assert "at the gate on Fridays" in client.fetch(at).text
            assert client.fetch(f"{at}/edit").status == 403
        client.sign_in(chair)
        assert "Aunt Amina" not in client.send(client.fetch(at), to="take-name-away").text
        with in_group(group):
            assert queries.is_for_young_people()
        client.send(client.fetch(at), to="young-people/stop")
        with in_group(group):
            assert not queries.is_for_young_people()

    def test_whoever_is_named_says_that_it_is_not_them(self, client: StrictClient, group: Group) -> None:
        account, at = make_account(), f"/g/{group.id}/young-people"
        with in_group(group):
            member = a_member("Aunt", account_id=account.id)
            tells(member, Purpose.AGE_BAND, "older")
            commands.name_contact(member, contact="0700", by=None, now=clock.now())
        client.sign_in(make_holder("member", group))
        assert not any("not-me" in (form.get("action") or "") for form in client.fetch(at).forms())
        client.sign_in(account)
        client.send(client.fetch(at), to="not-me")
        with in_group(group):
            kept = queries.find_safeguarding()
            assert kept
            assert (kept.has_somebody, kept.contact, queries.is_for_young_people()) == (False, None, True)

    def test_nobody_sees_a_member_there_before_their_own_yes_to_what_is_shown(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        account, at = make_account(), f"/g/{group.id}/young-people"
        with in_group(group):
            member = a_member("Aunt", account_id=account.id)
            tells(member, Purpose.AGE_BAND, "older")
        named = client.sign_in(chair).fetch(f"{at}/edit")
        values = {"member": str(member.id), "contact": "0700 111 222", "was_heard": "y"}
        client.send(named, values)
        others = make_holder("member", group)
        assert not self.sees(client, group, others)
        page = client.sign_in(account).fetch(at)
        assert "0700 111 222" in page.text
        assert any(link.endswith("/young-people") for link in client.fetch(f"/g/{group.id}/").links)
        with in_group(group):
            here = db.session.get_one(Member, member.id)
            commands.name_contact(here, contact="0733 111 222", by=chair.id, now=clock.now())
        again = client.send(page, to="young-people/yes")
        assert "0733 111 222" in again.text
        assert not any(
            "/young-people/yes" in (f.get("action") or "") for f in client.sign_in(others).fetch(at).forms()
        )
        assert not self.sees(client, group, others)
        client.send(client.sign_in(account).fetch(at), to="young-people/yes")
        assert self.sees(client, group, others)

    def sees(self, client: StrictClient, group: Group, who: Account) -> bool:
        client.sign_in(who)
        pages = [client.fetch(f"/g/{group.id}/{rest}").text for rest in ("", "young-people")]
        seen = {any(word in text for word in ("Aunt", "111 222")) for text in pages}
        assert len(seen) == 1
        return seen.pop()

    def test_who_is_told_in_person_is_said_with_why(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        with in_scope(group):
            young, grown = a_member("Young"), a_member("Grown")
            tells(young, Purpose.AGE_BAND, "under")
            for one in (young, grown):
                chooses(one, Channel.SMS)
            an_election()
            notice = db.session.scalars(sa.select(Telling.notice_id)).first()
        page = client.sign_in(chair).fetch(f"/g/{group.id}/notices/{notice}/")
        opens = [link for link in page.links if link.startswith("sms:")]
        assert len(opens) == 1
        assert any(link.endswith("/young-people") for link in page.links)


def test_young_people_take_it_back_themselves(client: StrictClient, group: Group) -> None:
    account = make_account()
    with in_group(group):
        member = a_member("Kip", account_id=account.id)
        tells(member, Purpose.AGE_BAND, "under")
        agreed(member)
    page = client.sign_in(account).fetch(f"/g/{group.id}/members/me")
    at = f"/g/{group.id}/young-people"
    assert at not in page.links
    client.send(page, {"purpose": "guardian"}, to="me/take-back")
    with in_group(group):
        assert queries.held_back() == {member.id}
    for path in ("members/me", "notices/me"):  # now both say that messages wait, and why
        assert at in client.fetch(f"/g/{group.id}/{path}").links

import pytest
import sqlalchemy as sa

from groups.consents.models import Ended, Purpose
from groups.membership import commands as membership
from groups.notices.emails import letter
from groups.notices.models import Asked, Channel, Reach, Telling
from network import clock
from network.db import db
from network.messages.models import Letter
from network.tenancy.models import Group
from network.web.languages import language_of
from tests.factories.decisions import a_motion
from tests.factories.groups import a_member, some_members, tells
from tests.factories.network import make_account, make_group, make_holder
from tests.factories.notices import chooses, notices, told_by
from tests.support.app import in_group
from tests.support.client import StrictClient
from tests.support.said import words_of
from tests.support.statements import statements


@pytest.fixture
def group() -> Group:
    return make_group(language="sw")


def reach_of(group: Group) -> Reach:
    with in_group(group):
        return db.session.scalars(sa.select(Reach)).one()


class TestMyOwnChannel:
    def test_is_chosen_on_my_own_page(self, client: StrictClient, group: Group) -> None:
        account = make_account()
        with in_group(group):
            a_member(account_id=account.id)
        client.sign_in(account)
        mine = client.fetch(f"/g/{group.id}/members/me")
        assert f"/g/{group.id}/notices/me" in mine.links
        page = client.fetch(f"/g/{group.id}/notices/me")
        refused = client.send(page, {"channel": "email", "address": "0700 111 222"})
        assert (refused.status, refused.fields_with_errors) == (422, {"address"})
        assert client.send(page, {"channel": "email", "address": "me@people.example"}).status == 200
        kept = reach_of(group)
        assert (kept.channel, kept.address, kept.asked) == (
            Channel.EMAIL,
            "me@people.example",
            Asked.THEMSELVES,
        )
        again = client.fetch(f"/g/{group.id}/notices/me")
        client.send(again, {"channel": "none"})
        assert reach_of(group).address is None


class TestForSomebodyWithoutASignIn:
    def test_the_secretary_writes_down_what_they_said_and_how(
        self, client: StrictClient, group: Group
    ) -> None:
        with in_group(group):
            member = a_member()
        client.sign_in(make_holder("secretary", group))
        page = client.fetch(f"/g/{group.id}/notices/members/{member.id}")
        values = {"channel": "sms", "address": "+254700111222"}
        assert client.send(page, values).status == 422
        assert client.send(page, {**values, "asked": "by_phone"}).status == 200
        assert (reach_of(group).address, reach_of(group).asked) == ("254700111222", Asked.BY_PHONE)

    def test_not_for_whoever_signs_in(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            member = a_member(account_id=make_account().id)
        client.sign_in(make_holder("secretary", group))
        assert client.get(f"/g/{group.id}/notices/members/{member.id}").status_code == 303


class TestTakingBackTheWayToReachMe:
    @pytest.mark.parametrize(("at", "stays"), [("+254 700 111 222", False), ("+254 700 999 888", True)])
    def test_takes_the_same_place_from_how_i_am_told(self, group: Group, at: str, *, stays: bool) -> None:
        with in_group(group):
            member = a_member()
            tells(member, Purpose.CONTACT, "0700111222")
            chooses(member, Channel.SMS, at)
            a_motion(make_account().id)
            membership.take_back(member, Purpose.CONTACT, ended=Ended.SELF, by=None, now=clock.now())
            assert bool(db.session.scalars(sa.select(Reach)).all()) is stays
            wanted = Channel.SMS if stays else Channel.NONE
            assert set(db.session.scalars(sa.select(Telling.channel))) == {wanted}

    @pytest.mark.parametrize(("instead", "stays"), [("+254 733 444 555", False), ("+254 700 111-222", True)])
    def test_another_one_takes_the_old_place_from_how_i_am_told(
        self, group: Group, instead: str, *, stays: bool
    ) -> None:
        with in_group(group):
            member = a_member()
            tells(member, Purpose.CONTACT, "0700111222")
            chooses(member, Channel.SMS, "+254 700 111 222")
            a_motion(make_account().id)
            tells(member, Purpose.CONTACT, instead)
            assert bool(db.session.scalars(sa.select(Reach)).all()) is stays
            wanted = Channel.SMS if stays else Channel.NONE
            assert set(db.session.scalars(sa.select(Telling.channel))) == {wanted}

    @pytest.mark.parametrize("is_shared", [False, True])
    def test_and_leaving_keep_a_letter_that_waits_from_going_there(
        self, group: Group, *, is_shared: bool
    ) -> None:
        with in_group(group):
            for goes in ("taken back", "left"):
                member, other = a_member(f"Rain {goes}"), a_member(f"Sun {goes}")
                tells(member, Purpose.CONTACT, "rain@people.example")
                chooses(member, Channel.EMAIL, "rain@people.example")
                if is_shared:
                    chooses(other, Channel.EMAIL, "Rain@people.example")
                letter("rain@people.example", "News", language=language_of("en"), now=clock.now())
                if goes == "left":
                    membership.let_member_go(group, member, by=None, now=clock.now())
                else:
                    membership.take_back(member, Purpose.CONTACT, ended=Ended.SELF, by=None, now=clock.now())
                assert len(db.session.scalars(sa.select(Letter)).all()) == (1 if is_shared else 0)
                for one in db.session.scalars(sa.select(Letter)):
                    db.session.delete(one)
                db.session.flush()

    def test_it_is_not_put_into_the_question_how_they_are_told(
        self, client: StrictClient, group: Group
    ) -> None:
        with in_group(group):
            member = a_member()
            tells(member, Purpose.CONTACT, "+254700111222")
        page = client.sign_in(make_holder("secretary", group)).fetch(
            f"/g/{group.id}/notices/members/{member.id}"
        )
        assert "111222" not in page.html


class TestPeopleToTell:
    def test_one_row_each_with_the_words_in_their_language(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            told_by(Channel.SMS, "Message", language="fr")
            told_by(Channel.WHATSAPP, "App")
            told_by(Channel.EMAIL, "Letter")
            a_member("Quiet")
            a_motion(make_account().id, words="Secret words of ours")
            notice = notices()[0]
            ids = {one.member_id: one.id for one in db.session.scalars(sa.select(Telling))}
        client.sign_in(make_holder("secretary", group))
        page = client.fetch(f"/g/{group.id}/notices/{notice.id}/")
        outside = [link for link in page.links if link.startswith(("sms:", "https://wa.me/"))]
        assert sorted(link.split("?")[0] for link in outside) == [
            "https://wa.me/254700222334",
            "sms:+254700222333",
        ]
        assert "Secret" not in words_of(page.response)
        (form,) = [form for form in page.forms() if not (form.get("action") or "").endswith("/meeting")]
        boxes = [box.get("value") for box in form.iter("input") if box.get("name") == "told"]
        assert len(boxes) == 3
        assert client.send(page).status == 422
        client.send(page, {"told": [*boxes[:2], str(group.id), "x"]})
        with in_group(group):
            told = [one for one in db.session.scalars(sa.select(Telling)) if one.told_at]
            assert {str(one.id) for one in told} == set(boxes[:2])
        client.post(f"/g/{group.id}/notices/{notice.id}/meeting", data=_token(page))
        with in_group(group):
            left = [one for one in db.session.scalars(sa.select(Telling)) if one.told_at is None]
            assert [one.channel for one in left] == [Channel.EMAIL]
        assert len(ids) == 4

    def test_as_many_questions_to_the_database_for_many_as_for_few(
        self, client: StrictClient, group: Group
    ) -> None:
        client.sign_in(make_holder("secretary", group))
        asked = []
        for count in (2, 30):
            with in_group(group):
                for number in range(count):
                    told_by(Channel.SMS, f"Many {count} {number}")
                a_motion(make_account().id, words=f"With {count}")
                notice = notices()[-1]
            path = f"/g/{group.id}/notices/{notice.id}/"
            client.fetch(path)
            with statements() as seen:
                client.fetch(path)
            asked.append(len(seen))
        assert asked[0] == asked[1]

    def test_is_for_the_chairperson_and_the_secretary(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            some_members(2)
            a_motion(make_account().id)
            notice = notices()[0]
        for role, status in (("chairperson", 200), ("member", 404), ("treasurer", 404)):
            client.sign_in(make_holder(role, group))
            assert client.get(f"/g/{group.id}/notices/{notice.id}/").status_code in {
                status,
                403 if status == 404 else status,
            }


def _token(page: object) -> dict[str, str]:
    form = next(form for form in page.forms() if (form.get("action") or "").endswith("/meeting"))  # type: ignore[attr-defined]
    return {str(e.get("name")): e.get("value") or "" for e in form.iter("input")}

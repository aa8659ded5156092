"""Writing, publishing and finding guides."""

import uuid

import pytest
import sqlalchemy as sa

from facilitators.resources import commands
from facilitators.resources.models import Resource, ResourceUse
from network import clock
from network.db import db
from network.permissions import Role
from network.tenancy.models import Group
from network.tenancy.settings import APPROVED_ONLY
from network.wording import commands as wording
from tests.factories.library import BODY, content, make_resource
from tests.factories.network import make_account, make_group, make_holder, make_network, word
from tests.support.app import in_scope
from tests.support.client import StrictClient

GUIDE = {
    "title": "Ground rules",
    "body": BODY,
    "kind": "ground_rules",
    "licence": "cc_by_sa",
    "audience": "everybody",
    "language": "en",
}


def own(group: Group) -> list[Resource]:
    with in_scope(group):
        return list(db.session.scalars(sa.select(Resource).where(Resource.group_id == group.id)))


def translate(group: Group, resource: Resource, title: str, *, approved_by: str = "") -> None:
    with in_scope(group):
        text = db.session.get_one(Resource, resource.id).text
        kept = wording.translate(text, language="sw", title=title, body="Tunasikiliza.", now=clock.now())
        if approved_by:
            wording.approve(kept, reviewed_by=approved_by)


class TestWriteResource:
    def test_is_kept_as_a_draft_that_others_do_not_find(self, client: StrictClient) -> None:
        group, elsewhere = make_group(), make_group()
        client.sign_in(make_holder("facilitator", group))
        shown = client.send(client.fetch(f"/g/{group.id}/library/write"), GUIDE)
        assert shown.status == 200
        (resource,) = own(group)
        assert not resource.is_open
        client.sign_in(make_holder("facilitator", elsewhere))
        assert client.fetch(f"/g/{elsewhere.id}/library/{resource.id}").status == 404
        client.sign_out()
        assert client.fetch(f"/en/library/{resource.id}").status == 404
        assert client.fetch(f"/en/library/{uuid.uuid4()}").status == 404

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"title": ""}, "title"),
            ({"body": "  "}, "body"),
            ({"title": "x" * 121}, "title"),
            ({"body": "x" * 16_001}, "body"),
            ({"kind": "poem"}, "kind"),
            ({"kind": "film", "link": ""}, "link"),
            ({"link": "javascript:alert(1)"}, "link"),
            ({"title": "abc\u202edef"}, "title"),
            ({"language": "xx"}, "language"),
        ],
    )
    def test_bad_input_is_said_beside_its_field(
        self, client: StrictClient, wrong: dict[str, str], field: str
    ) -> None:
        group = make_group()
        client.sign_in(make_holder("secretary", group))
        answer = client.send(client.fetch(f"/g/{group.id}/library/write"), {**GUIDE, **wrong})
        assert answer.status == 422
        assert field in answer.fields_with_errors
        assert own(group) == []

    def test_sent_twice_is_written_once(self, client: StrictClient) -> None:
        group = make_group()
        client.sign_in(make_holder("facilitator", group))
        page = client.fetch(f"/g/{group.id}/library/write")
        client.send(page, GUIDE)
        client.send(page, GUIDE)
        assert len(own(group)) == 1

    def test_members_read_and_do_not_write(self, client: StrictClient) -> None:
        group = make_group()
        client.sign_in(make_holder("member", group))
        assert client.fetch(f"/g/{group.id}/library/").status == 200
        assert client.fetch(f"/g/{group.id}/library/write").status == 403

    def test_an_office_has_a_library_too(self, client: StrictClient) -> None:
        network = make_network()
        client.sign_in(make_holder(Role.TRANSLATION, network))
        client.send(client.fetch(f"/n/{network.office_id}/library/write"), GUIDE)
        assert client.fetch(f"/n/{network.office_id}/library/own").status == 200
        assert client.fetch(f"/n/{network.office_id}/library/").status == 200


class TestPublishResource:
    def test_opens_it_to_everybody(self, client: StrictClient) -> None:
        group, elsewhere = make_group(), make_group()
        resource = make_resource(group, is_open=False)
        client.sign_in(make_holder("facilitator", group))
        client.send(client.fetch(f"/g/{group.id}/library/{resource.id}/publish"))
        client.sign_in(make_holder("member", elsewhere))
        assert client.fetch(f"/g/{elsewhere.id}/library/{resource.id}").status == 200
        client.sign_out()
        assert client.fetch(f"/en/library/{resource.id}").status == 200

    def test_others_do_not_change_it(self, client: StrictClient) -> None:
        group, elsewhere = make_group(), make_group()
        resource = make_resource(group)
        client.sign_in(make_holder("facilitator", elsewhere))
        assert client.fetch(f"/g/{elsewhere.id}/library/{resource.id}/edit").status == 404
        assert client.fetch(f"/g/{elsewhere.id}/library/{resource.id}/publish").status == 404
        assert client.fetch(f"/g/{group.id}/library/{resource.id}/edit").status == 404

    def test_earlier_drafts_stay_with_their_group(self) -> None:
        group = make_group()
        resource = make_resource(group, is_open=False)
        by = make_account().id
        with in_scope(group):
            here = db.session.get_one(Resource, resource.id)
            commands.change_resource(here, content(title="Second", body="Second."), by=by, now=clock.now())
            commands.publish_resource(here, by=by, now=clock.now())
            commands.change_resource(here, content(title="Third", body="Third."), by=by, now=clock.now())
        with in_scope(make_group()):
            text = db.session.get_one(Resource, resource.id).text
            assert wording.find_original(text, 1) is None
            assert wording.find_original(text, 2).body == "Second."
            assert wording.find_original(text, 3).body == "Third."


class TestLibrary:
    def test_a_group_elsewhere_finds_it_in_its_own_language(self, client: StrictClient) -> None:
        group, elsewhere = make_group(), make_group()
        english, swahili = word(), word()
        resource = make_resource(group, title=f"Rules {english}")
        translate(group, resource, f"Kanuni {swahili}")
        client.sign_in(make_holder("facilitator", elsewhere, language="sw"))
        found = client.fetch(f"/g/{elsewhere.id}/library/?q={english}")
        assert f"Kanuni {swahili}" in found.text
        assert f"Rules {english}" not in found.text
        page = client.fetch(f"/g/{elsewhere.id}/library/{resource.id}")
        assert page.heading == f"Kanuni {swahili}"
        assert "Everybody may speak" in page.text

    def test_a_changed_original_makes_the_translation_older(self, client: StrictClient) -> None:
        group = make_group()
        resource = make_resource(group, title="Rules")
        translate(group, resource, "Kanuni")
        fresh = client.fetch(f"/sw/library/{resource.id}")
        with in_scope(group):
            here = db.session.get_one(Resource, resource.id)
            commands.change_resource(
                here, content(title="Rules", body="Changed."), by=make_account().id, now=clock.now()
            )
        older = client.fetch(f"/sw/library/{resource.id}")
        assert 'class="note near"' not in fresh.html
        assert 'class="note near"' in older.html
        assert str(clock.now().day) in older.text
        assert "Changed." in older.text

    def test_a_network_may_show_only_what_was_approved(self, client: StrictClient) -> None:
        group = make_group()
        draft, approved = make_resource(group, title="Draft"), make_resource(group, title="Approved")
        translate(group, draft, "Rasimu")
        translate(group, approved, "Imekubaliwa", approved_by="Zawadi")
        strict = make_group(make_network(settings={APPROVED_ONLY: True}))
        client.sign_in(make_holder("member", strict, language="sw"))
        assert client.fetch(f"/g/{strict.id}/library/{draft.id}").heading == "Draft"
        assert client.fetch(f"/g/{strict.id}/library/{approved.id}").heading == "Imekubaliwa"

    @pytest.mark.parametrize(
        "asked", ["q=%25", "q=_", "kind=poem", "page=9999999", "page=x", "q=%00", "q=\\"]
    )
    def test_odd_questions_are_answered(self, client: StrictClient, asked: str) -> None:
        assert client.fetch(f"/en/library/?{asked}").status == 200

    def test_is_paged(self, client: StrictClient) -> None:
        group, name = make_group(), word()
        for _ in range(27):
            make_resource(group, title=f"{name} {word()}")
        page = client.fetch(f"/en/library/?q={name}")
        assert any("page=2" in link for link in page.links)
        assert name in client.fetch(f"/en/library/?q={name}&page=2").text

    def test_a_group_says_once_that_it_used_a_guide(self, client: StrictClient) -> None:
        group, elsewhere = make_group(), make_group()
        resource = make_resource(group)
        client.sign_in(make_holder("facilitator", elsewhere))
        page = client.fetch(f"/g/{elsewhere.id}/library/{resource.id}")
        client.send(page, to="used")
        client.post(page.form("used").get("action"), data={})
        with in_scope(elsewhere):
            uses = sa.select(sa.func.count()).where(ResourceUse.resource_id == resource.id)
            assert db.session.scalar(uses) == 1

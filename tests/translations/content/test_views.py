"""A volunteer in one network, an author in another, a reader in a third."""

import uuid

import sqlalchemy as sa

from facilitators.resources import commands as library
from facilitators.resources.models import Resource
from network import clock
from network.db import db
from network.permissions import Role
from network.tenancy.models import Group, Network
from network.wording.models import Wording
from tests.factories.library import content, make_resource
from tests.factories.network import give_role, make_account, make_group, make_holder, make_network
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient
from translations.content.models import OfferAnswer, TranslationOffer
from translations.permissions import TRANSLATOR

SWAHILI = {
    "title": "Kanuni",
    "paragraph_0": "Tunasikiliza hadi mwenzetu amalize.",
    "paragraph_1": "Kila mtu anaweza kusema.",
    "made_by": "Baraka",
}


def offer(client: StrictClient, office: Network, resource: Resource, **changed: str) -> Page:
    """A volunteer of the office translates a guide into Swahili."""
    page = client.fetch(f"/n/{office.office_id}/translations/{resource.text_id}/sw")
    return client.send(page, {**SWAHILI, **changed})


def offers_in(place: Group | uuid.UUID) -> list[TranslationOffer]:
    with in_scope(place):
        return list(db.session.scalars(sa.select(TranslationOffer)))


def swahili_of(group: Group, resource: Resource) -> Wording | None:
    with in_scope(group):
        found = sa.select(Wording).where(Wording.text_id == resource.text_id, Wording.language == "sw")
        return db.session.scalar(found)


class TestOfferTranslation:
    def test_is_taken_over_by_the_author_and_found_elsewhere(self, client: StrictClient) -> None:
        office, group, elsewhere = make_network(), make_group(), make_group()
        resource = make_resource(group)
        client.sign_in(make_holder(TRANSLATOR, office, language="sw"))
        assert str(resource.text_id) in client.fetch(f"/n/{office.office_id}/translations/?into=sw").html
        assert offer(client, office, resource).status == 200
        assert swahili_of(group, resource) is None
        client.sign_in(make_holder("facilitator", group))
        (made,) = offers_in(group)
        page = client.fetch(f"/g/{group.id}/translations/offers/{made.id}")
        client.send(page, to="take")
        client.send(page, to="take")
        kept = swahili_of(group, resource)
        assert (kept.title, kept.state, kept.made_by, kept.is_open) == ("Kanuni", "draft", "Baraka", True)
        client.sign_in(make_holder("member", elsewhere, language="sw"))
        assert client.fetch(f"/g/{elsewhere.id}/library/{resource.id}").heading == "Kanuni"

    def test_is_seen_by_the_two_places_it_is_between(self, client: StrictClient) -> None:
        office, group, elsewhere = make_network(), make_group(), make_group()
        resource = make_resource(group)
        client.sign_in(make_holder(TRANSLATOR, office))
        offer(client, office, resource)
        (made,) = offers_in(office.office_id)
        assert offers_in(elsewhere) == []
        client.sign_in(make_holder("facilitator", elsewhere))
        assert client.fetch(f"/g/{elsewhere.id}/translations/offers/{made.id}").status == 404

    def test_every_paragraph_needs_words_and_what_was_typed_stays(self, client: StrictClient) -> None:
        office, resource = make_network(), make_resource(make_group())
        client.sign_in(make_holder(TRANSLATOR, office))
        answer = offer(client, office, resource, paragraph_1="")
        assert answer.status == 422
        assert answer.fields_with_errors == {"paragraph_1"}
        assert SWAHILI["paragraph_0"] in answer.html
        assert offers_in(office.office_id) == []

    def test_a_draft_of_another_group_is_not_there(self, client: StrictClient) -> None:
        office, resource = make_network(), make_resource(make_group(), is_open=False)
        client.sign_in(make_holder(TRANSLATOR, office))
        path = f"/n/{office.office_id}/translations/{resource.text_id}/sw"
        assert client.fetch(path).status == 404
        assert client.fetch(f"/n/{office.office_id}/translations/{uuid.uuid4()}/sw").status == 404

    def test_an_original_that_changed_meanwhile_is_shown_again(self, client: StrictClient) -> None:
        office, group = make_network(), make_group()
        resource = make_resource(group)
        client.sign_in(make_holder(TRANSLATOR, office))
        page = client.fetch(f"/n/{office.office_id}/translations/{resource.text_id}/sw")
        change(group, resource, "We listen until the other person has finished.\n\nNobody has to speak.")
        answer = client.send(page, SWAHILI)
        assert answer.status == 422
        assert "Nobody has to speak." in answer.text
        assert offers_in(office.office_id) == []

    def test_left_aside_it_leaves_the_text_alone(self, client: StrictClient) -> None:
        office, group = make_network(), make_group()
        resource = make_resource(group)
        client.sign_in(make_holder(TRANSLATOR, office))
        offer(client, office, resource)
        (made,) = offers_in(group)
        client.sign_in(make_holder("facilitator", group))
        client.send(client.fetch(f"/g/{group.id}/translations/offers/{made.id}"), to="decline")
        assert swahili_of(group, resource) is None
        with in_scope(office.office_id):
            assert db.session.scalar(sa.select(OfferAnswer.answer)) == "declined"


class TestApprove:
    def test_somebody_else_stands_behind_it_by_name(self, client: StrictClient) -> None:
        office, group = make_network(), make_group()
        resource = make_resource(group)
        client.sign_in(make_holder(TRANSLATOR, office))
        offer(client, office, resource)
        (made,) = offers_in(group)
        client.sign_in(make_holder(Role.TRANSLATION, office))
        page = client.fetch(f"/n/{office.office_id}/translations/offers/{made.id}")
        assert client.send(page, {"reviewed_by": ""}, to="approve").status == 422
        client.send(page, {"reviewed_by": "Zawadi", "once": str(uuid.uuid4())}, to="approve")
        client.sign_in(make_holder("chairperson", group))
        client.sign_in(make_holder("facilitator", group))
        client.send(client.fetch(f"/g/{group.id}/translations/offers/{made.id}"), to="take")
        kept = swahili_of(group, resource)
        assert (kept.state, kept.reviewed_by) == ("approved", "Zawadi")

    def test_nobody_approves_their_own(self, client: StrictClient) -> None:
        group = make_group()
        resource = make_resource(group)
        client.sign_in(make_holder("facilitator", group))
        page = client.fetch(f"/g/{group.id}/translations/{resource.text_id}/sw")
        client.send(page, SWAHILI)
        assert swahili_of(group, resource).state == "draft"
        own = client.fetch(f"/g/{group.id}/translations/{resource.text_id}/sw/approve")
        assert client.send(own, {"reviewed_by": "Me"}).status == 422
        assert swahili_of(group, resource).state == "draft"
        client.sign_in(make_holder("facilitator", group))
        other = client.fetch(f"/g/{group.id}/translations/{resource.text_id}/sw/approve")
        client.send(other, {"reviewed_by": "Wanjiru"})
        assert swahili_of(group, resource).state == "approved"

    def test_nobody_approves_what_they_did_not_see(self, client: StrictClient) -> None:
        office, group = make_network(), make_group()
        resource = make_resource(group)
        client.sign_in(make_holder(TRANSLATOR, office))
        offer(client, office, resource)
        (made,) = offers_in(group)
        client.sign_in(make_holder(Role.TRANSLATION, office))
        looked_at = client.fetch(f"/n/{office.office_id}/translations/offers/{made.id}")
        with in_scope(office.office_id):
            db.session.get_one(TranslationOffer, made.id).body = "Something nobody said.\n\nNobody."
        again = client.send(looked_at, {"reviewed_by": "Zawadi"}, to="approve")
        assert again.status == 422
        assert offers_in(group)[0].reviewed_by == ""
        client.send(again, {"reviewed_by": "Zawadi", "once": str(uuid.uuid4())}, to="approve")
        assert offers_in(group)[0].reviewed_by == "Zawadi"

    def test_nobody_approves_their_own_by_way_of_another_place(self, client: StrictClient) -> None:
        office, group = make_network(), make_group()
        resource = make_resource(group)
        both = make_holder(TRANSLATOR, office)
        give_role(both, "facilitator", group)
        client.sign_in(both)
        offer(client, office, resource)
        (made,) = offers_in(group)
        client.send(client.fetch(f"/g/{group.id}/translations/offers/{made.id}"), to="take")
        own = client.fetch(f"/g/{group.id}/translations/{resource.text_id}/sw/approve")
        assert client.send(own, {"reviewed_by": "Me"}).status == 422
        assert swahili_of(group, resource).state == "draft"


def change(group: Group, resource: Resource, body: str) -> None:
    with in_scope(group):
        here = db.session.get_one(Resource, resource.id)
        changed = content(title="Rules", body=body)
        library.change_resource(here, changed, by=make_account().id, now=clock.now())


class TestRenewTranslation:
    def test_shows_what_changed_and_asks_for_that(self, client: StrictClient) -> None:
        group = make_group()
        resource = make_resource(group)
        client.sign_in(make_holder("facilitator", group))
        path = f"/g/{group.id}/translations/{resource.text_id}/sw"
        client.send(client.fetch(path), SWAHILI)
        change(group, resource, "We listen until the other person has finished.\n\nNobody has to speak.")
        page = client.fetch(path)
        assert len(list(page.tree.iter("ins"))) == len(list(page.tree.iter("del"))) == 1
        assert SWAHILI["paragraph_0"] in page.html
        assert path in client.fetch(f"/g/{group.id}/translations/?into=sw").links
        client.send(page, {**SWAHILI, "paragraph_1": "Hakuna anayelazimika kusema."})
        assert path not in client.fetch(f"/g/{group.id}/translations/?into=sw").links
        assert swahili_of(group, resource).of_version == 2

    def test_members_do_not_translate(self, client: StrictClient) -> None:
        group = make_group()
        client.sign_in(make_holder("member", group))
        assert client.fetch(f"/g/{group.id}/translations/").status == 403

"""The office words its own journey."""

import pytest

from network.onboarding.journey import commands, queries
from network.onboarding.seeds import PHRASES, STEPS
from network.permissions import Role
from network.tenancy.models import Network
from tests.factories.network import make_holder, make_network
from tests.support.app import in_group
from tests.support.client import StrictClient


@pytest.fixture
def network() -> Network:
    return make_network()


def titles(network: Network, language: str = "en", *, with_those_off: bool = False) -> list[str]:
    with in_group(network.office_id):
        found = queries.steps(with_those_off=with_those_off)
        return [{w.language: w.title for w in step.text.wordings}.get(language, "") for step in found]


def begin(network: Network, client: StrictClient, **more: str) -> StrictClient:
    client.sign_in(make_holder(Role.ONBOARDING, network, **more))
    client.send(client.fetch(f"/n/{network.office_id}/journey/"), to="usual-steps")
    return client


def path_of(network: Network, number: int) -> str:
    with in_group(network.office_id):
        return f"/n/{network.office_id}/journey/steps/{queries.steps(with_those_off=True)[number].id}"


class TestUsualSteps:
    def test_are_laid_out_in_three_languages(self, client: StrictClient, network: Network) -> None:
        begin(network, client)
        assert len(titles(network)) == len(STEPS) == 11
        assert all(titles(network, "sw")) and all(titles(network, "fr"))  # noqa: PT018

    def test_every_seed_has_every_language(self) -> None:
        assert {tuple(sorted(words.drafts)) for words in (*STEPS.values(), *PHRASES)} == {("fr", "sw")}


class TestWordStep:
    def test_a_step_can_be_renamed(self, client: StrictClient, network: Network) -> None:
        page = begin(network, client).fetch(path_of(network, 0))
        client.send(page, {"title": "Hello", "guide": "We say hello."}, to="steps")
        assert titles(network)[0] == "Hello"

    def test_in_another_language_it_is_a_draft_translation(
        self, client: StrictClient, network: Network
    ) -> None:
        page = begin(network, client, language="sw").fetch(path_of(network, 0))
        client.send(page, {"title": "Habari", "guide": "Tunasalimiana."}, to="steps")
        assert titles(network, "sw")[0] == "Habari"
        assert titles(network)[0] == STEPS["application"].title

    def test_a_step_can_be_added(self, client: StrictClient, network: Network) -> None:
        page = begin(network, client).fetch(f"/n/{network.office_id}/journey/new-step")
        client.send(page, {"title": "A visit from a neighbour"}, to="new-step")
        assert titles(network)[-1] == "A visit from a neighbour"

    def test_without_a_name_it_is_told_so(self, client: StrictClient, network: Network) -> None:
        page = begin(network, client).fetch(f"/n/{network.office_id}/journey/new-step")
        refused = client.send(page, {"title": "", "guide": "Something"}, to="new-step")
        assert (refused.status, refused.fields_with_errors) == (422, {"title"})
        assert "Something" in refused.html

    def test_a_step_can_be_left_out_and_taken_back_in(self, client: StrictClient, network: Network) -> None:
        begin(network, client)
        path, before = path_of(network, 2), titles(network)
        client.send(client.fetch(path), to="switch")
        assert titles(network) == before[:2] + before[3:]
        client.send(client.fetch(path), to="switch")
        assert titles(network) == before

    def test_a_step_can_move_up(self, client: StrictClient, network: Network) -> None:
        begin(network, client)
        before = titles(network)
        client.send(client.fetch(path_of(network, 1)), to="earlier")
        assert titles(network) == [before[1], before[0], *before[2:]]

    def test_finance_may_not(self, client: StrictClient, network: Network) -> None:
        client.sign_in(make_holder(Role.FINANCE, network))
        assert client.get(f"/n/{network.office_id}/journey/").status_code == 403

    def test_another_networks_step_does_not_exist(self, client: StrictClient, network: Network) -> None:
        other = make_network()
        with in_group(other.office_id):
            step = commands.add_step(
                title="Theirs",
                guide="",
                language="en",
                by=make_holder(Role.ONBOARDING, other).id,
                now=other.office.created_at,
            )
        client.sign_in(make_holder(Role.ONBOARDING, network))
        assert client.get(f"/n/{network.office_id}/journey/steps/{step.id}").status_code == 404

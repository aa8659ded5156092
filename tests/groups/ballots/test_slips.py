"""Slips on paper: several a page, each code once, in the group's language, gone when the box is closed."""

from datetime import timedelta

from groups.ballots import commands, queries
from network import clock
from network.tenancy.models import Group
from tests.factories.ballots import Held, a_shut_box
from tests.factories.network import make_group, make_holder
from tests.support.app import in_group
from tests.support.client import StrictClient
from tests.support.pdf import page_texts


def a_box_with_slips(group: Group, slips: int) -> Held:
    with in_group(group):
        held = a_shut_box(voters=14)
        commands.open_box(
            held.election, with_phones=True, slips=slips, closes_at=held.closes_at, by=None, now=clock.now()
        )
    return held


def test_every_code_is_there_once_and_several_fit_on_a_page(client: StrictClient) -> None:
    group = make_group(language="sw")
    held = a_box_with_slips(group, 14)
    with in_group(group):
        codes = [slip.code or "" for slip in queries.slips_of(held.election.id)]
    client.sign_in(make_holder("secretary", group))
    at = f"/g/{group.id}/elections/{held.election.id}/box"
    assert f"{at}/slips.pdf" in client.fetch(f"{at}/slips").links
    answer = client.get(f"{at}/slips.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = page_texts(answer.data)
    words = "\n".join(pages)
    assert [words.count(code) for code in codes] == [1] * 14
    assert len(pages) <= 2
    assert "/code" in words
    assert "Slips" not in words, "it speaks the group's language"
    assert group.name not in words, "a slip left behind tells nobody which group it was"


def test_only_whoever_runs_the_election_has_them_and_only_while_it_is_open(client: StrictClient) -> None:
    group = make_group()
    held = a_box_with_slips(group, 3)
    at = f"/g/{group.id}/elections/{held.election.id}/box/slips.pdf"
    assert client.sign_in(make_holder("member", group)).get(at).status_code == 403
    chair = make_holder("chairperson", group)
    assert client.sign_in(chair).get(at).status_code == 200
    with in_group(group):
        commands.close_box(held.election, by=None, now=held.closes_at + timedelta(minutes=1))
    assert client.get(at).status_code == 404

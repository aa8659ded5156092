"""Help is one step away for everybody, also when nothing else answers."""

import pytest

from network.web.help_contacts import CONTACTS, contacts_of, country_for, country_of_zone
from tests.factories.network import make_group, make_holder
from tests.support.client import StrictClient
from tests.support.statements import statements


def numbers(page: object) -> set[str]:
    return {link.removeprefix("tel:") for link in page.links if link.startswith("tel:")}


@pytest.mark.parametrize("country", [*CONTACTS, ""])
def test_every_country_has_a_number_to_press(client: StrictClient, country: str) -> None:
    page = client.fetch("/en/help-now", query_string={"country": country})
    assert numbers(page) == {contact.dial for contact in contacts_of(country)}


def test_a_language_of_one_country_leads_to_its_numbers(client: StrictClient) -> None:
    assert "1199" in numbers(client.fetch("/sw/help-now"))
    assert "3114" in numbers(client.fetch("/fr/help-now"))


def test_an_unknown_country_is_anywhere() -> None:
    assert country_for("'; --", "sw") == ""
    assert country_of_zone("Africa/Nairobi") == "KE"
    assert country_of_zone("Europe/London") == "GB"
    assert country_of_zone("Nowhere/None") is None


def test_asks_no_database_even_for_somebody_who_is_signed_in(client: StrictClient) -> None:
    group = make_group()
    client.sign_in(make_holder("member", group))
    with statements() as seen:
        page = client.fetch("/en/help-now?country=KE")
    assert page.status == 200
    assert seen == []


def test_a_groups_pages_lead_to_the_numbers_of_its_country(client: StrictClient) -> None:
    group = make_group()
    client.sign_in(make_holder("member", group))
    assert "/en/help-now?country=KE" in client.fetch(f"/g/{group.id}/").links

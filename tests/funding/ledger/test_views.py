"""Taking away the words beside an entry."""

from funding.ledger import queries
from funding.verification import queries as checks
from tests.factories.funding import Officers, make_officers, post_income
from tests.support.app import in_scope
from tests.support.client import StrictClient


def make_people() -> Officers:
    return make_officers()


class TestEraseWords:
    def test_takes_them_away_for_good_and_the_book_still_holds(self, client: StrictClient) -> None:
        people = make_people()
        entry = post_income(people, 500, memo="Bus fare for somebody by name")
        client.sign_in(people.chair)
        at = f"/g/{people.group.id}/money/entries/{entry.id}"
        assert "by name" in client.fetch(at).text
        shown = client.send(client.fetch(f"{at}/erase-words"))
        assert shown.path == at
        assert "by name" not in shown.text
        with in_scope(people.group):
            assert queries.get_entry(entry.id).size == 500
            assert checks.faults() == []

    def test_is_for_the_treasurer_and_the_chairperson(self, client: StrictClient) -> None:
        people = make_people()
        entry = post_income(people, 500, memo="words")
        for who in (people.secretary, people.member):
            client.sign_in(who)
            assert client.get(f"/g/{people.group.id}/money/entries/{entry.id}/erase-words").status_code == 403

"""What stays in the history of a phone that several people use."""

from tests.factories.groups import a_member, a_term
from tests.factories.network import make_account, make_group
from tests.support.app import in_group
from tests.support.client import StrictClient
from tests.support.strict import text_of


def test_no_title_holds_a_nickname(client: StrictClient) -> None:
    group, account = make_group(), make_account()
    with in_group(group):
        a_term(a_member("Wanja", account_id=account.id))
        member = a_member("Rain-on-the-roof")
        term = a_term(member, "facilitator")
    client.sign_in(account)
    places = [f"members/{member.id}/{rest}" for rest in ("", "edit", "invite", "leave")]
    for place in (*places, f"offices/{term.id}/end"):
        page = client.fetch(f"/g/{group.id}/{place}")
        assert "Rain-on-the-roof" in page.heading
        assert "Rain-on-the-roof" not in text_of(next(page.tree.iter("title")))

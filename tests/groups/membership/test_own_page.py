"""One's own page in the group: a nickname is enough, everything else is a yes of its own, taken back with one tap."""

from dataclasses import replace

import pytest

from groups.consents.forms import CATALOGUE
from groups.consents.models import SAID_ELSEWHERE, Ended, Method, Purpose
from groups.consents.queries import history_of, standing_of
from groups.membership import queries
from groups.membership.models import Member
from network import clock
from network.accounts.models import Account
from network.accounts.queries import roles_held
from network.db import db
from network.tenancy.models import Group
from network.web.languages import offered
from tests.factories.groups import a_member, a_term, tells
from tests.factories.network import make_account, make_group
from tests.support.app import in_group
from tests.support.client import Page, StrictClient
from tests.support.own_page import shown_beside, take_back, tell

TOLD = {
    "contact": "kip@example.org", "language": "sw", "lived_experience": "lived", "age_band": "youth", "sex": "f",
    "disability_registered": "not",
}  # fmt: skip


@pytest.fixture
def group(app: object) -> Group:
    return make_group()


@pytest.fixture
def kip(group: Group) -> Account:
    account = make_account()
    with in_group(group):
        a_member("Kip", account_id=account.id)
    return account


def address(group: Group, rest: str = "") -> str:
    return f"/g/{group.id}/members/{rest}"


class TestTelling:
    @pytest.mark.parametrize(("purpose", "value"), list(TOLD.items()))
    def test_is_kept_with_a_yes_of_its_own_and_gone_when_taken_back(
        self, client: StrictClient, group: Group, kip: Account, purpose: str, value: str
    ) -> None:
        page = tell(client, client.sign_in(kip).fetch(address(group, "me")), purpose, value)
        assert page.status == 200
        with in_group(group):
            member = queries.find_own_member(kip.id)
            assert member
            standing = standing_of(member.id)
            assert list(standing) == [purpose]
            assert standing[Purpose(purpose)].method == Method.SELF
            assert standing[Purpose(purpose)].words
            assert queries.told_by(member.id)[purpose] == value
        take_back(client, page, purpose)
        with in_group(group):
            assert (queries.told_by(member.id)[purpose], standing_of(member.id)) == (None, {})
            assert [one.ended for one in db.session.scalars(history_of(member.id))] == [Ended.SELF]

    def test_why_who_and_until_when_stand_beside_each(
        self, client: StrictClient, group: Group, kip: Account
    ) -> None:
        page = client.sign_in(kip).fetch(address(group, "me"))
        cards = page.tree.findall(".//section[@class='card']")
        assert len(cards) == len(CATALOGUE) - len(SAID_ELSEWHERE)
        with client.application.test_request_context():
            kept = [
                [str(part) for part in (item.why, item.who, item.until)]
                for purpose, item in CATALOGUE.items()
                if purpose not in SAID_ELSEWHERE
            ]
        if client.application.config["DEFAULT_LANGUAGE"] == "en":
            said = ["".join(card.itertext()) for card in cards]
            assert all(part in text for text, parts in zip(said, kept, strict=False) for part in parts)
        hints = [[e for e in card.iter("p") if e.get("class") == "hint"] for card in cards]
        assert all(len(found) == 1 and len("".join(found[0].itertext())) > 60 for found in hints)

    def test_taking_back_takes_no_more_taps_than_telling(
        self, client: StrictClient, group: Group, kip: Account
    ) -> None:
        """Telling is a choice and a button; taking back is a button, on the same page."""
        page = tell(client, client.sign_in(kip).fetch(address(group, "me")), "sex", "f")
        back = [form for form in page.forms() if (form.get("action") or "").endswith("take-back")]
        of_sex = [form for form in back if any(i.get("value") == "sex" for i in form.iter("input"))]
        assert len(of_sex) == 1
        assert not [i for i in of_sex[0].iter("input") if i.get("type") != "hidden"]
        assert not list(of_sex[0].iter("select"))

    @pytest.mark.parametrize(
        ("purpose", "value"), [("sex", ""), ("sex", "x"), ("contact", ""), ("age_band", "17")]
    )
    def test_an_answer_that_is_none_keeps_nothing(
        self, client: StrictClient, group: Group, kip: Account, purpose: str, value: str
    ) -> None:
        page = client.sign_in(kip).fetch(address(group, "me"))
        refused = tell(client, page, purpose, value)
        assert (refused.status, refused.fields_with_errors) == (422, {purpose})
        with in_group(group):
            member = queries.find_own_member(kip.id)
            assert member
            assert standing_of(member.id) == {}

    @pytest.mark.parametrize("purpose", ["guardian", "reach", "nickname", ""])
    def test_nothing_else_is_told_here(
        self, client: StrictClient, group: Group, kip: Account, purpose: str
    ) -> None:
        page = client.sign_in(kip).fetch(address(group, "me"))
        assert client.send(page, {"purpose": purpose}, to="me/tell").status == 404

    def test_being_left_out_of_the_return_is_one_tap_and_back(
        self, client: StrictClient, group: Group, kip: Account
    ) -> None:
        page = tell(client, client.sign_in(kip).fetch(address(group, "me")), "named_on_return")
        out = take_back(client, page, "named_on_return")
        with in_group(group):
            member = queries.find_own_member(kip.id)
            assert member
            assert (member.left_out_of_return, standing_of(member.id)) == (True, {})
        tell(client, out, "named_on_return")
        with in_group(group):
            member = queries.find_own_member(kip.id)
            assert member
            assert (member.left_out_of_return, list(standing_of(member.id))) == (False, ["named_on_return"])

    def test_other_words_ask_again_and_lose_nothing(
        self, client: StrictClient, group: Group, kip: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = tell(client, client.sign_in(kip).fetch(address(group, "me")), "sex", "f")
        assert "note" not in notes(page)
        monkeypatch.setitem(CATALOGUE, Purpose.SEX, replace(CATALOGUE[Purpose.SEX], version=99))
        asked = client.fetch(address(group, "me"))
        assert "note" in notes(asked)
        with in_group(group):
            member = queries.find_own_member(kip.id)
            assert member
            assert queries.told_by(member.id)["sex"] == "f"
        assert "note" not in notes(tell(client, asked, "sex", "f"))
        assert len(client.fetch(address(group, "me/consents")).tree.findall(".//section[@class='card']")) == 2


class TestTheWordsThatWereShown:
    """A yes rests on the words its page showed; under others the question is shown again and nothing is kept."""

    @pytest.mark.parametrize("purpose", ["sex", "named_on_return"])
    def test_where_they_changed_meanwhile_the_question_is_shown_again(
        self, client: StrictClient, group: Group, kip: Account, monkeypatch: pytest.MonkeyPatch, purpose: str
    ) -> None:
        page = client.sign_in(kip).fetch(address(group, "me"))
        item = CATALOGUE[Purpose(purpose)]
        monkeypatch.setitem(CATALOGUE, Purpose(purpose), replace(item, who="Everybody in the street."))
        value = "f" if purpose == "sex" else None
        again = tell(client, page, purpose, value)
        assert again.status == 422
        assert "Everybody in the street." in again.text
        with in_group(group):
            member = queries.find_own_member(kip.id)
            assert member
            assert (standing_of(member.id), queries.told_by(member.id)["sex"]) == ({}, None)
        assert tell(client, again, purpose, value).status == 200
        with in_group(group):
            words = standing_of(member.id)[Purpose(purpose)].words
            assert words
            assert "Everybody in the street." in words.words

    def test_where_the_language_changed_meanwhile_too(
        self, client: StrictClient, group: Group, kip: Account
    ) -> None:
        pages = {}
        client.sign_in(kip)
        for code in ("en", "sw"):
            client.get(f"/language/{code}")
            pages[code] = client.fetch(address(group, "me"))
        again = tell(client, pages["en"], "sex", "f")
        assert (again.status, again.tree.get("lang")) == (422, "sw")
        assert shown_beside(again, "sex") == shown_beside(pages["sw"], "sex")
        assert tell(client, pages["sw"], "sex", "f").status == 200

    def test_an_empty_answer_does_not_take_the_words_away(
        self, client: StrictClient, group: Group, kip: Account
    ) -> None:
        page = client.sign_in(kip).fetch(address(group, "me"))
        refused = tell(client, page, "sex", "")
        assert hint_of_sex(page) == hint_of_sex(refused) != ""

    def test_they_are_kept_letter_for_letter(self, client: StrictClient, group: Group, kip: Account) -> None:
        page = client.sign_in(kip).fetch(address(group, "me"))
        tell(client, page, "sex", "f")
        with in_group(group):
            member = queries.find_own_member(kip.id)
            assert member
            words = standing_of(member.id)[Purpose.SEX].words
        assert words
        asks, beside = words.words.split("\n")
        assert beside == hint_of_sex(page)
        assert asks in page.text

    def test_read_aloud_they_are_asked_once_more(
        self, client: StrictClient, group: Group, kip: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with in_group(group):
            chair, other = queries.find_own_member(kip.id), a_member("Rain")
            assert chair
            a_term(chair)
        client.sign_in(kip)
        pages = [client.fetch(address(group, at)) for at in (f"{other.id}/aloud", "answers")]
        monkeypatch.setitem(
            CATALOGUE,
            Purpose.LIVED_EXPERIENCE,
            replace(CATALOGUE[Purpose.LIVED_EXPERIENCE], why="For another reason."),
        )
        for page, field in zip(pages, ("lived_experience", f"about_{other.id.hex}"), strict=True):
            again = client.send(page, {field: "lived"})
            assert again.status == 422
            with in_group(group):
                assert standing_of(other.id) == {}
        assert "For another reason." in again.text
        assert client.send(again).status == 200


def hint_of_sex(page: Page) -> str:
    return "".join(t for e in page.tree.iter("p") if e.get("id") == "sex-hint" for t in e.itertext())


class TestALanguageThatIsNotOffered:
    def test_stays_until_somebody_chooses_another(
        self, client: StrictClient, group: Group, kip: Account
    ) -> None:
        with in_group(group):
            member = queries.find_own_member(kip.id)
            assert member
            tells(member, Purpose.LANGUAGE, "ar")
        page = client.sign_in(kip).fetch(address(group, "me"))
        chosen = [
            o.get("value")
            for select in page.tree.iter("select")
            if select.get("name") == "language"
            for o in select.iter("option")
            if o.get("selected") is not None
        ]
        assert chosen == ["ar"]
        assert tell(client, page, "language", "ar").status == 200


def notes(page: Page) -> set[str]:
    return {str(e.get("class")) for section in page.tree.iter("section") for e in section.iter("p")}


class TestReadAloud:
    def test_is_noted_with_who_read_it_and_shows_nothing_of_before(
        self, client: StrictClient, group: Group, kip: Account
    ) -> None:
        with in_group(group):
            chair = queries.find_own_member(kip.id)
            assert chair
            a_term(chair)
            told, silent = a_member("Told"), a_member("Silent")
            for purpose, value in TOLD.items():
                tells(told, Purpose(purpose), value)
        client.sign_in(kip)
        pages = [client.fetch(address(group, f"{one.id}/aloud")) for one in (told, silent)]
        assert len({_bare(page.html) for page in pages}) == 1
        client.send(pages[1], {"sex": "m", "guardian": "paper", "named_on_return": "taken"})
        client.send(pages[0], {"sex": "taken"})
        with in_group(group):
            standing = standing_of(silent.id)
            assert {str(purpose): one.method for purpose, one in standing.items()} == {
                "sex": Method.ALOUD,
                "guardian": Method.PAPER,
            }
            assert (standing[Purpose.GUARDIAN].words, bool(standing[Purpose.SEX].words)) == (None, True)
            assert standing[Purpose.SEX].read_by_id == chair.id
            assert db.session.get_one(Member, silent.id).left_out_of_return
            assert queries.told_by(told.id)["sex"] is None
            assert queries.told_by(told.id)["age_band"] == "youth"

    def test_is_for_the_chair_and_the_secretary(
        self, client: StrictClient, group: Group, kip: Account
    ) -> None:
        with in_group(group):
            member = a_member("Rain")
        assert client.sign_in(kip).fetch(address(group, f"{member.id}/aloud")).status == 403


def _bare(html: str) -> str:
    import re

    plain = re.sub(r'value="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}', "", html)
    return re.sub(r"Told|Silent", "", plain)


class TestLeavingFromOnesOwnPage:
    def test_is_one_button_without_a_reason_and_ends_offices(
        self, client: StrictClient, group: Group, kip: Account
    ) -> None:
        with in_group(group):
            member = queries.find_own_member(kip.id)
            assert member
            a_term(member, "treasurer")
            tells(member, Purpose.AGE_BAND, "adult")
        page = client.sign_in(kip).fetch(address(group, "me"))
        form = page.form("me/leave")
        assert not [i for i in form.iter("input") if i.get("type") != "hidden"]
        client.send(page, to="me/leave")
        again = client.send(page, to="me/leave")
        assert again.status in {200, 404}
        with in_group(group):
            assert queries.find_own_member(kip.id) is None
            assert roles_held(kip.id, group.id, now=clock.now()) == set()
            assert queries.told_by(member.id)["age_band"] is None


class TestANicknameIsEnough:
    def test_in_each_language(self, client: StrictClient, group: Group, kip: Account) -> None:
        with in_group(group):
            chair = queries.find_own_member(kip.id)
            assert chair
            a_term(chair)
        for number, language in enumerate(offered()):
            client.sign_in(kip).get(f"/language/{language.code}")
            page = client.fetch(address(group, "add"))
            assert page.tree.get("lang") == language.code
            done = client.send(page, {"names": f"Rain {number}"})
            assert done.status == 200
            with in_group(group):
                member = db.session.query(Member).filter_by(nickname=f"Rain {number}").one()
                assert set(queries.told_by(member.id).values()) == {None}

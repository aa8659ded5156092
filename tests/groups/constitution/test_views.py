from dataclasses import replace

import pytest

from groups.constitution.forms import HOW_COUNTED, say_offices
from groups.officers import queries
from groups.officers.forms import office_name
from groups.officers.rules import CountingRule, rule_for
from network import clock
from network.tenancy.settings import COUNTRY_PROFILE
from tests.factories.decisions import a_proposal, adopt, put
from tests.factories.groups import an_election, some_members
from tests.factories.network import make_account, make_group, make_holder, make_network
from tests.support.app import in_group
from tests.support.client import StrictClient

NEEDED = {"reason": "Fewer of us can come", "quorum_percent": 40}


class TestProposing:
    def test_any_member_proposes_and_it_waits_for_the_members(self, client: StrictClient) -> None:
        group = make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))
        member = make_holder("member", group)
        page = client.sign_in(member).fetch(f"/g/{group.id}/constitution/propose")
        assert client.send(page, {**NEEDED, "reason": ""}).status == 422
        shown = client.send(page, {**NEEDED, "new_name": "Welfare lead", "office6_seats": 5})
        assert shown.status == 200
        with in_group(group):
            proposed = queries.proposals()[0]
            codes = [office["code"] for office in proposed.offices]
            assert (proposed.quorum_percent, codes[-1], proposed.offices[5]["seats"]) == (
                40,
                "own:Welfare lead",
                5,
            )
            assert queries.articles_in_force().quorum_percent == 50
        assert client.fetch(f"/g/{group.id}/constitution/versions/{proposed.id}/put").status == 403

    def test_the_groups_own_words_begin_in_the_groups_language(self, client: StrictClient) -> None:
        group = make_group(language="sw")
        client.sign_in(make_holder("member", group))
        words = next(client.fetch(f"/g/{group.id}/constitution/propose").tree.iter("textarea"))
        assert words is not None
        area = next(
            e
            for e in client.fetch(f"/g/{group.id}/constitution/propose").tree.iter("textarea")
            if e.get("name") == "words"
        )
        assert "Mwenyekiti" in (area.text or "")

    def test_an_office_can_be_given_up_but_not_one_a_group_needs(self, client: StrictClient) -> None:
        group = make_group()
        page = client.sign_in(make_holder("member", group)).fetch(f"/g/{group.id}/constitution/propose")
        names = {e.get("name") for e in page.form().iter("input")}
        assert {"office4_goes", "office5_goes"} <= names
        assert not {"office1_goes", "office2_goes", "office3_goes"} & names
        client.send(page, {**NEEDED, "office5_goes": "y"})
        with in_group(group):
            assert len(queries.proposals()[0].offices) == 4

    def test_the_secretary_puts_it_to_the_members(self, client: StrictClient) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            proposed = a_proposal(by)
        client.sign_in(make_holder("secretary", group))
        page = client.fetch(f"/g/{group.id}/constitution/versions/{proposed.id}/put")
        shown = client.send(
            page, {"held_on": clock.today(group.time_zone).isoformat(), "is_short_notice_agreed": "y"}
        )
        assert "/decisions/" in shown.path
        assert f"/g/{group.id}/constitution/versions/{proposed.id}" in shown.links


class TestReading:
    def test_every_version_with_what_changed(self, client: StrictClient) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            adopted = adopt(by, some_members(10), quorum_percent=41)
        client.sign_in(make_holder("member", group))
        assert "41" in client.fetch(f"/g/{group.id}/constitution/").text
        assert (
            len([x for x in client.fetch(f"/g/{group.id}/constitution/versions").links if "/versions/" in x])
            == 2
        )
        page = client.fetch(f"/g/{group.id}/constitution/versions/{adopted.id}")
        assert "We listen." in page.text
        assert "50" in page.text

    def test_before_anybody_adopted_anything_the_template_is_shown(self, client: StrictClient) -> None:
        group = make_group()
        client.sign_in(make_holder("member", group))
        assert client.fetch(f"/g/{group.id}/constitution/").status == 200
        assert client.fetch(f"/g/{group.id}/constitution/versions").status == 200


class TestTakingAway:
    def test_is_for_whoever_proposed_it_and_not_while_members_have_it(self, client: StrictClient) -> None:
        group = make_group()
        mine, other = make_holder("member", group), make_holder("member", group)
        with in_group(group):
            proposed = a_proposal(mine.id)
        path = f"/g/{group.id}/constitution/versions/{proposed.id}/drop"
        assert client.sign_in(other).fetch(path).status == 403
        with in_group(group):
            motion = put(queries.get_constitution(proposed.id), mine.id)
            assert motion
        client.sign_in(mine)
        assert client.send(client.fetch(path)).status == 422


class TestWhatEachOfficeSays:
    @pytest.mark.parametrize("rule", [None, *CountingRule])
    def test_the_page_says_the_rule_that_elections_are_counted_by(
        self, client: StrictClient, rule: CountingRule | None
    ) -> None:
        group, by = make_group(make_network(settings={COUNTRY_PROFILE: "kenya"})), make_account().id
        with in_group(group):
            before = queries.articles_in_force().offices
            changed = [replace(one, rule=rule) if one.code == "committee" else one for one in before]
            adopt(by, some_members(10), offices=tuple(changed), voting_after_days=30)
            contest = an_election(offices=["committee"]).contests[0]
            assert (contest.rule, contest.seats, contest.months) == (rule_for(rule, seats=3), 3, 12)
        page = client.sign_in(make_holder("member", group)).fetch(f"/g/{group.id}/constitution/")
        office = page.text.split(str(office_name("committee")), 1)[1].split(str(office_name("facilitator")))[
            0
        ]
        assert str(HOW_COUNTED[contest.rule]) in office
        assert "30" in office, "who may vote stands with the office"

    def test_offices_that_are_not_elected_say_who_gives_them(self, client: StrictClient) -> None:
        group = make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))
        with in_group(group):
            of_name = dict(say_offices(queries.articles_in_force()))
            said = {
                code: set(of_name[str(office_name(code))])
                for code in ("committee", "facilitator", "disputes")
            }
            counted = {str(one) for one in HOW_COUNTED.values()}
        assert len({frozenset(words) for words in said.values()}) == len(said)
        assert counted & said["committee"]
        assert not counted & (said["facilitator"] | said["disputes"])

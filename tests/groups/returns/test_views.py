"""A return from its first draft to its stamped copy, as the officers see it."""

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document
from PIL import Image
from pypdf import PdfReader
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from groups.membership.models import CompositionWord, LivedExperience, Member
from groups.membership.queries import find_reading
from groups.returns import commands, queries, rules
from groups.returns.models import PeopleCount, Return, ReturnMention
from network import clock
from network.authorities.guide import PROFILES
from network.db import db
from network.permissions import Role as StaffRole
from network.tenancy.models import Group
from network.tenancy.settings import COMPOSITION_MINIMUM, COUNTRY_PROFILE
from tests.factories.groups import a_member, a_term, some_members, tells_for_return
from tests.factories.meetings import a_meeting
from tests.factories.network import make_group, make_holder, make_network
from tests.factories.returns import a_certificate, a_handed_in_return, a_pdf, a_photo, a_return
from tests.support import pdf
from tests.support.app import in_group
from tests.support.client import Page, StrictClient


@pytest.fixture
def kenyan(app: object) -> Group:
    return make_group(make_network(settings={COUNTRY_PROFILE: "kenya", COMPOSITION_MINIMUM: 70}))


def address(group: Group, rest: str = "") -> str:
    return f"/g/{group.id}/returns{rest}"


def begun(client: StrictClient, group: Group, **values: Any) -> Page:
    client.sign_in(make_holder("secretary", group))
    return client.send(client.fetch(address(group, "/begin")), values)


def the_return(group: Group) -> Return:
    with in_group(group):
        return db.session.scalars(queries.returns()).one()


class TestBeginning:
    @pytest.mark.parametrize("country", list(PROFILES))
    def test_a_group_with_nothing_written_down_gets_a_draft_that_prints(
        self, client: StrictClient, country: str
    ) -> None:
        group = make_group(make_network(settings={COUNTRY_PROFILE: country}))
        named = {} if PROFILES[country].authorities else {"called": "Somebody who asked"}
        shown = begun(client, group, **named)
        assert shown.status == 200
        one = the_return(group)
        printed = client.get(address(group, f"/{one.id}/return.pdf")).data
        assert pdf.tags_of(printed) >= {"H1", "H2", "Table"}
        bar, heading = PdfReader(io.BytesIO(printed)).metadata["/Title"], pdf.text_of(printed)
        assert bar in heading.replace("\n", " ")
        assert not any(str(authority.name) in bar for authority in PROFILES[country].authorities)
        missing = [link for link in shown.links if link.startswith(f"/g/{group.id}/")]
        for part in ("/registration", f"/returns/{one.id}/answers", "/offices/", "/members/", "/meetings/", "/assets", "/money/"):  # fmt: skip
            assert any(part.rstrip("/") in link for link in missing), part

    def test_whoever_begins_the_same_again_gets_the_draft_that_is_there(
        self, client: StrictClient, kenyan: Group
    ) -> None:
        first = begun(client, kenyan)
        assert begun(client, kenyan, covers_from="2020-01-01", covers_until="2020-12-31").path == first.path
        the_return(kenyan)
        months = {"kind": "quarterly", "covers_from": "2026-07-01", "covers_until": "2026-09-30"}
        assert begun(client, kenyan, **months).path != first.path

    def test_of_two_at_the_same_moment_the_second_gets_the_firsts_draft(
        self, client: StrictClient, kenyan: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = begun(client, kenyan)
        looked: list[int] = []
        find = queries.find_draft

        def before_the_other_was_kept(*which: str) -> Return | None:
            looked.append(1)
            return find(*which) if len(looked) > 1 else None

        monkeypatch.setattr(queries, "find_draft", before_the_other_was_kept)
        assert begun(client, kenyan).path == first.path
        assert len(looked) == 2
        the_return(kenyan)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"authority": "other"}, "called"),
            ({"authority": "council", "kind": "quarterly"}, "kind"),
            ({"kind": "quarterly"}, "covers_until"),
            ({"covers_until": "1999-01-01"}, "covers_until"),
            ({"covers_from": "1999-01-01"}, "covers_until"),
            ({"covers_from": ""}, "covers_from"),
            ({"covers_from": "12 May"}, "covers_from"),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_field(
        self, client: StrictClient, kenyan: Group, values: dict[str, str], field: str
    ) -> None:
        answer = begun(client, kenyan, **values)
        assert answer.status == 422
        assert answer.fields_with_errors == {field}

    def test_the_certificates_year_is_suggested(self, client: StrictClient, kenyan: Group) -> None:
        today = clock.today(kenyan.time_zone)
        until = today + timedelta(days=30)
        with in_group(kenyan):
            a_certificate(issued_on=today - timedelta(days=300), holds_until=until)
        begun(client, kenyan)
        one = the_return(kenyan)
        assert one.covers_until == until
        assert 364 <= (one.covers_until - one.covers_from).days <= 365


class TestCountingEverybody:
    def test_is_done_once_a_month_so_that_no_answer_can_be_told_from_two_counts(self, kenyan: Group) -> None:
        with in_group(kenyan):
            for member in some_members(5, lived=LivedExperience.LIVED):
                tells_for_return(member, sex="f", age_band="youth", registered="yes")
            first = a_return("council")
            counted = queries.facts_of(kenyan, first)[0]["people"]
            tells_for_return(a_member("New", lived=LivedExperience.CAREGIVER), sex="i")
            commands.drop_draft(first, by=None, now=clock.now())
            again = queries.facts_of(kenyan, a_return("council"))[0]["people"]
        assert counted == again
        assert counted["matrix"]["members"] == {"f": 5, "m": 0, "i": 0, "not_said": 0}
        assert counted["ratio"] == [5, 5]

    def test_word_and_share_are_of_the_same_people_so_that_one_less_the_other_is_nobody(
        self, kenyan: Group
    ) -> None:
        """Were somebody left out of the share alone, 7 of 10 with the word for 7 of 11 would say what that one answered."""
        with in_group(kenyan):
            some_members(7, lived=LivedExperience.LIVED)
            for name in ("Kito", "Lela", "Moi"):
                a_member(name, lived=LivedExperience.CAREGIVER)
            tells_for_return(a_member("Quiet", lived=LivedExperience.CAREGIVER), sex="f", left_out=True)
            one = a_return("council")
            facts, names = queries.facts_of(kenyan, one)
            word = find_reading(clock.today(kenyan.time_zone).replace(day=1))
        assert facts["people"]["ratio"] == [7, 11]
        assert word is not None
        assert word.word == CompositionWord.BELOW
        assert facts["people"]["matrix"]["members"] == {"f": 0, "m": 0, "i": 0, "not_said": 11}
        assert "Quiet" not in names.values()

    def test_a_draft_of_an_earlier_month_is_counted_anew_when_somebody_says_so_and_once(
        self, client: StrictClient, kenyan: Group
    ) -> None:
        last_month = clock.now() - timedelta(days=40)
        with in_group(kenyan):
            quiet = tells_for_return(a_member("Quiet"), sex="f", registered="yes")
            one = commands.begin_return(
                kenyan, "ministry", kind="yearly", covers_from=date(2026, 1, 1), covers_until=date(2026, 12, 31), by=None, now=last_month
            )  # fmt: skip
            tells_for_return(quiet, left_out=True)
            assert queries.facts_of(kenyan, one)[0]["people"]["matrix"]["registered"]["f"] == 1
        client.sign_in(make_holder("secretary", kenyan))
        assert any(link.endswith("/count") for link in client.fetch(address(kenyan, f"/{one.id}/")).links)
        way = address(kenyan, f"/{one.id}/count")
        assert client.send(client.fetch(way)).status == 200
        with in_group(kenyan):
            people = queries.facts_of(kenyan, queries.get_return(one.id))[0]["people"]["matrix"]
            assert db.session.scalar(db.select(db.func.count()).select_from(PeopleCount)) == 1
        assert people["members"] == {"f": 0, "m": 0, "i": 0, "not_said": 1}
        assert people["registered"] == {"f": 0, "m": 0, "i": 0, "not_said": 0}
        again = client.fetch(address(kenyan, f"/{one.id}/"))
        assert not any(link.endswith("/count") for link in again.links)
        assert client.send(client.fetch(way)).status == 422

    def test_counts_the_word_for_the_network_too(self, kenyan: Group) -> None:
        with in_group(kenyan):
            some_members(5, lived=LivedExperience.LIVED)
            a_return("council")
            found = find_reading(clock.today(kenyan.time_zone).replace(day=1))
        assert found is not None

    def test_the_exact_share_stands_in_the_return_that_asks_for_it(
        self, client: StrictClient, kenyan: Group
    ) -> None:
        with in_group(kenyan):
            some_members(7, lived=LivedExperience.LIVED)
            a_member("Caring", lived=LivedExperience.CAREGIVER)
            one = a_return("council")
        client.sign_in(make_holder("chairperson", kenyan))
        text = pdf.text_of(client.get(address(kenyan, f"/{one.id}/return.pdf?language=en")).data)
        assert "7" in text
        assert "8" in text


class TestWhoStandsInIt:
    def filled(self, group: Group) -> Return:
        with in_group(group):
            chair, quiet = a_member("Namedchair"), a_member("Quietwriter")
            tells_for_return(chair, sex="f", age_band="older")
            tells_for_return(quiet, sex="m", age_band="youth", registered="yes", left_out=True)
            a_term(chair, "chairperson")
            a_term(quiet, "secretary")
            a_member("Listedmember")
            a_meeting(people=14, place="Hallofpeople")
            return a_return()

    def test_whoever_asked_to_be_left_out_is_counted_and_not_named(
        self, client: StrictClient, kenyan: Group
    ) -> None:
        one = self.filled(kenyan)
        client.sign_in(make_holder("treasurer", kenyan))
        printed = pdf.text_of(client.get(address(kenyan, f"/{one.id}/return.pdf")).data)
        changed = client.get(address(kenyan, f"/{one.id}/return.docx")).data
        whole = "".join(node.text or "" for node in Document(io.BytesIO(changed)).element.body.iter())
        for text in (printed, whole, client.fetch(address(kenyan, f"/{one.id}/")).text):
            assert "Quietwriter" not in text
        for text in (printed, whole):
            assert "Namedchair" in text
            assert "Listedmember" in text
            assert "Hallofpeople" in text
        with in_group(kenyan):
            facts, names = queries.facts_of(kenyan, db.session.get_one(Return, one.id))
        assert facts["left_out"] == 1
        assert facts["officers"][1]["member"] == "left_out"
        assert facts["people"]["matrix"]["members"] == {"f": 1, "m": 0, "i": 0, "not_said": 2}
        assert facts["people"]["matrix"]["youth"] == {"f": 0, "m": 0, "i": 0, "not_said": 0}
        assert len(names) == 2

    def test_what_was_handed_in_stays_whatever_changes_and_a_name_can_be_forgotten(
        self, client: StrictClient, kenyan: Group
    ) -> None:
        one = self.filled(kenyan)
        client.sign_in(make_holder("secretary", kenyan))
        on = clock.today(kenyan.time_zone).isoformat()
        client.send(client.fetch(address(kenyan, f"/{one.id}/report")), {"words": "Our own words"})
        assert client.send(client.fetch(address(kenyan, f"/{one.id}/hand-in")), {"on": on}).status == 200
        before = client.get(address(kenyan, f"/{one.id}/return.pdf")).data
        assert "Our own words" in pdf.text_of(before)
        with in_group(kenyan):
            chair = db.session.scalars(db.select(Member).where(Member.nickname == "Namedchair")).one()
            chair.nickname = "Renamed"
            a_meeting(clock.now() - timedelta(hours=3), people=3)
            a_member("Camelater")
            commands.answer_forms({"county": "Elsewhere"}, by=None, now=clock.now())
        assert client.get(address(kenyan, f"/{one.id}/return.pdf")).data == before
        with in_group(kenyan):
            mentioned = set(db.session.scalars(db.select(ReturnMention.member_id)))
            assert len(mentioned) == 2
            assert chair.id in mentioned
            assert commands.forget_in_returns(chair.id) == 1
            assert set(db.session.scalars(db.select(ReturnMention.member_id))) == mentioned - {chair.id}
            assert commands.forget_in_returns(chair.id) == 0
        after = pdf.text_of(client.get(address(kenyan, f"/{one.id}/return.pdf")).data)
        assert "Namedchair" not in after
        assert "Listedmember" in after
        for rest in ("/report", "/hand-in", "/drop"):
            answer = client.send(client.fetch(address(kenyan, f"/{one.id}{rest}")), {"on": on})
            assert answer.status == 422, rest


class TestReadingOver:
    def way(self, client: StrictClient, group: Group, one: Return) -> str:
        page = client.fetch(address(group, f"/{one.id}/"))
        return next((link for link in page.links if "/look-over" in link), "")

    def test_somebody_else_does_it_and_new_words_ask_again(self, client: StrictClient, kenyan: Group) -> None:
        secretary, treasurer = make_holder("secretary", kenyan), make_holder("treasurer", kenyan)
        with in_group(kenyan):
            one = a_return(by=secretary.id)
        way = self.way(client.sign_in(treasurer), kenyan, one)
        assert self.way(client.sign_in(secretary), kenyan, one) == ""
        assert client.send(client.fetch(way)).status == 422
        client.sign_in(treasurer)
        assert client.send(client.fetch(way)).status == 200
        assert the_return(kenyan).looked_over_by_id == treasurer.id
        assert client.get(address(kenyan, f"/{one.id}/report")).status_code == 403
        client.sign_in(secretary)
        client.send(client.fetch(address(kenyan, f"/{one.id}/report")), {"words": "Other words"})
        assert the_return(kenyan).looked_over_by_id is None

    def test_what_changed_after_somebody_read_it_was_not_read(
        self, client: StrictClient, kenyan: Group
    ) -> None:
        treasurer = make_holder("treasurer", kenyan)
        with in_group(kenyan):
            one = a_return()
        client.sign_in(treasurer)
        way = self.way(client, kenyan, one)
        with in_group(kenyan):
            a_meeting(people=3)
        assert client.send(client.fetch(way)).status == 422
        assert client.send(client.fetch(way.partition("?")[0])).status == 422
        client.send(client.fetch(self.way(client, kenyan, one)))
        assert self.way(client, kenyan, one) == ""
        with in_group(kenyan):
            a_meeting(clock.now() - timedelta(hours=9), people=4)
        assert self.way(client, kenyan, one)
        with in_group(kenyan):
            again, group = queries.get_return(one.id), db.session.get_one(Group, kenyan.id)
            commands.hand_in(
                group, again, words="x", on=clock.today(group.time_zone), by=None, now=clock.now()
            )
            assert again.looked_over_by_id is None

    def test_nobodys_words_are_lost_under_anothers(self, client: StrictClient, kenyan: Group) -> None:
        with in_group(kenyan):
            one = a_return()
        client.sign_in(make_holder("chairperson", kenyan))
        opened = client.fetch(address(kenyan, f"/{one.id}/report"))
        with in_group(kenyan):
            commands.write_report(queries.get_return(one.id), "Written meanwhile", by=None, now=clock.now())
        assert client.send(opened, {"words": "Mine"}).status == 422
        assert the_return(kenyan).words == "Written meanwhile"
        again = client.fetch(address(kenyan, f"/{one.id}/report"))
        assert client.send(again, {"words": "Both"}).status == 200
        assert the_return(kenyan).words == "Both"

    def test_members_and_the_networks_staff_read_none_of_it(self, client: StrictClient) -> None:
        network = make_network(settings={COUNTRY_PROFILE: "kenya"})
        group = make_group(network)
        with in_group(group):
            one = a_handed_in_return()
            kept = commands.keep_copy(one, a_photo(), by=None, now=clock.now())
        rests = ("", "/begin", "/answers", f"/{one.id}/", f"/{one.id}/return.pdf", f"/{one.id}/return.docx", f"/copies/{kept.id}/stamped-copy")  # fmt: skip
        for role in ("member", "facilitator", "disputes", "committee"):
            client.sign_in(make_holder(role, group))
            assert {client.get(address(group, rest)).status_code for rest in rests} == {403}
        client.sign_in(make_holder(StaffRole.FINANCE, network))
        assert {client.get(address(group, rest)).status_code for rest in rests} == {404}


class TestStampedCopy:
    def bring(self, client: StrictClient, group: Group, one: Return, content: bytes) -> Any:
        page = client.fetch(address(group, f"/{one.id}/copy"))
        values = {
            "file": FileStorage(io.BytesIO(content), "IMG_Nairobi_secretary.jpg"),
            "csrf_token": page.form().find(".//input[@name='csrf_token']").get("value"),
            "once": page.form().find(".//input[@name='once']").get("value"),
        }
        boundary, body = encode_multipart(values)
        content_type = f"multipart/form-data; boundary={boundary}"
        return client.post(page.path, input_stream=io.BytesIO(body), content_length=len(body), content_type=content_type)  # fmt: skip

    @pytest.mark.parametrize(("content", "kind"), [(a_photo(), "jpg"), (a_pdf(), "pdf")], ids=["photo", "pdf"])  # fmt: skip
    def test_is_kept_clean_sealed_and_under_a_neutral_name(
        self, client: StrictClient, kenyan: Group, content: bytes, kind: str
    ) -> None:
        with in_group(kenyan):
            one = a_handed_in_return()
        client.sign_in(make_holder("chairperson", kenyan))
        assert self.bring(client, kenyan, one, content).status_code == 303
        with in_group(kenyan):
            (kept,) = queries.copies_of(one)
            stored = db.session.scalar(db.text("select content from return_copies where id = :i"), {"i": kept.id})  # fmt: skip
        assert b"SECRET" not in stored
        assert b"/9j/" not in stored
        answer = client.get(address(kenyan, f"/copies/{kept.id}/stamped-copy"))
        assert answer.headers["Content-Disposition"].endswith(f'filename="stamped-copy.{kind}"')
        assert answer.headers["Cache-Control"] == "no-store"
        assert b"SECRET" not in answer.data
        assert client.send(client.fetch(address(kenyan, f"/copies/{kept.id}/take-away"))).status == 200
        with in_group(kenyan):
            assert queries.copies_of(one) == []

    def test_what_is_none_is_said_beside_the_field(self, client: StrictClient, kenyan: Group) -> None:
        with in_group(kenyan):
            one, draft = a_handed_in_return(), a_return("council")
        client.sign_in(make_holder("chairperson", kenyan))
        answer = Page(self.bring(client, kenyan, one, b"GIF89a"), "")
        assert (answer.status, answer.fields_with_errors) == (422, {"file"})
        assert self.bring(client, kenyan, draft, a_photo()).status_code == 422

    def test_takes_a_photo_as_large_as_phones_make_them(self, client: StrictClient, kenyan: Group) -> None:
        with in_group(kenyan):
            one = a_handed_in_return()
        client.sign_in(make_holder("chairperson", kenyan))
        out = io.BytesIO()
        Image.effect_noise((2600, 1900), 90).convert("RGB").save(out, "JPEG", quality=97)
        assert 3_000_000 < len(out.getvalue()) < 8_000_000
        assert self.bring(client, kenyan, one, out.getvalue()).status_code == 303
        for rest, most in ((f"/{one.id}/copy", 9), ("/answers", 2)):
            too_much = {"CONTENT_LENGTH": str(most * 1024 * 1024 + 1)}
            sent = client.post(address(kenyan, rest), content_type="multipart/form-data; boundary=x", environ_overrides=too_much)  # fmt: skip
            assert sent.status_code == 413, rest


class TestWhatFormsAsk:
    def test_is_kept_sealed_and_printed(self, client: StrictClient, kenyan: Group) -> None:
        client.sign_in(make_holder("treasurer", kenyan))
        told = {"county": "Nyandarua", "account_number": "00112233", "group_type": "disability"}
        back = client.send(client.fetch(address(kenyan, "/answers")), told)
        assert (back.status, back.path) == (200, address(kenyan, ""))
        with in_group(kenyan):
            stored = db.session.scalar(db.text("select answers from form_answers"))
            one = a_return()
        assert b"Nyandarua" not in stored
        assert b"00112233" not in stored
        text = pdf.text_of(client.get(address(kenyan, f"/{one.id}/return.pdf")).data)
        assert "Nyandarua" in text
        assert "00112233" in text
        client.send(client.fetch(address(kenyan, "/answers")), {"county": ""})
        with in_group(kenyan):
            found = queries.find_answers()
            assert found is not None
            assert set(found.read) == {"account_number", "group_type"}
            assert json.loads(found.answers) == found.read

    def test_whoever_came_from_a_draft_is_back_in_it(self, client: StrictClient, kenyan: Group) -> None:
        draft = begun(client, kenyan)
        asked = client.fetch(address(kenyan, f"/{the_return(kenyan).id}/answers"))
        assert asked.path in draft.links
        assert draft.path in asked.links
        assert client.send(asked, {"county": "Nyandarua"}).path == draft.path


class TestQuarters:
    def wanted(self, group: Group, *, on: date) -> int:
        start, end = rules.quarter_before(on)
        with in_group(group):
            waiting = queries.authorities_waiting_for(group, start, end, today=on)
        return len(waiting) if rules.is_time_for_quarter(on) else 0

    def test_the_last_one_is_thought_of_in_the_first_month_of_the_next(self, kenyan: Group) -> None:
        january, february = date(2027, 1, 20), date(2027, 2, 20)
        assert self.wanted(kenyan, on=january) == 0, "without a certificate nobody waits"
        with in_group(kenyan):
            a_certificate("ministry", issued_on=clock.today(kenyan.time_zone) - timedelta(days=30))
            a_certificate("council", issued_on=clock.today(kenyan.time_zone) - timedelta(days=30))
        assert self.wanted(kenyan, on=january) == 1
        assert self.wanted(kenyan, on=february) == 0
        with in_group(kenyan):
            commands.begin_return(
                kenyan, "ministry", kind="quarterly", covers_from=date(2026, 10, 1), covers_until=date(2026, 12, 31), by=None,
                now=clock.now(),
            )  # fmt: skip
        assert self.wanted(kenyan, on=january) == 0

    def test_a_report_names_nobody_and_has_no_table_of_people(
        self, client: StrictClient, kenyan: Group
    ) -> None:
        with in_group(kenyan):
            a_term(a_member("Namedchair"), "chairperson")
            one = a_return(kind="quarterly", days=80)
            facts, names = queries.facts_of(kenyan, one)
        assert (names, facts["officers"], facts["listed"], facts["people"], facts["assets"]) == (
            {},
            [],
            [],
            {},
            [],
        )
        assert "account_number" not in facts["form"]["questions"]
        text = pdf.text_of(client.sign_in(make_holder("secretary", kenyan)).get(address(kenyan, f"/{one.id}/return.pdf")).data)  # fmt: skip
        assert "Namedchair" not in text
        assert "1" in text


def test_the_treasurer_meets_no_link_that_refuses_them(client: StrictClient, kenyan: Group) -> None:
    with in_group(kenyan):
        draft, kept = a_return(), a_handed_in_return("council")
        commands.keep_copy(kept, a_photo(), by=None, now=clock.now())
    for role in ("treasurer", "secretary"):
        client.sign_in(make_holder(role, kenyan))
        for rest in ("", f"/{draft.id}/", f"/{kept.id}/"):
            links = client.fetch(address(kenyan, rest)).links
            inside = [link for link in links if link.startswith(f"/g/{kenyan.id}/")]
            assert not [link for link in inside if client.get(link).status_code >= 400], (role, rest)

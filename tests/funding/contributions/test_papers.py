"""The sheet on paper: 25 names a page, room to write, nothing about anybody who gave nothing."""

import pytest

from funding.contributions import papers
from network.web.unit_of_work import Pamoja
from tests.factories.funding import Officers, make_members, make_officers, save_sheet, take_back
from tests.factories.meetings import a_meeting
from tests.support import pdf
from tests.support.app import in_scope
from tests.support.client import StrictClient


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


class TestBlankSheet:
    @pytest.mark.parametrize("language", ["en", "sw", "fr", "ar"])
    @pytest.mark.parametrize(("names", "pages"), [(1, 1), (24, 1), (25, 1), (26, 2), (50, 2), (64, 3)])
    def test_has_25_names_a_page_in_every_language(
        self, people: Officers, names: int, pages: int, language: str
    ) -> None:
        with in_scope(people.group):
            agreed = papers.AgreedAmount(
                amount=10000, currency="KES", decided_on=people.group.created_at.date()
            )
            made = papers.blank_sheet(
                [f"Nickname {n:02d}" for n in range(names)],
                meeting=a_meeting(),
                agreed=agreed,
                currency="KES",
                language=language,
            )
        texts = pdf.page_texts(made)
        assert len(texts) == pages
        assert [text.count("Nickname") for text in texts] == [
            min(25, names - 25 * number) for number in range(pages)
        ]

    def test_does_not_say_whose_it_is(self, client: StrictClient, people: Officers) -> None:
        make_members(people, "Achieng")
        client.sign_in(people.treasurer)
        response = client.get(f"/g/{people.group.id}/money/sheet.pdf")
        text = pdf.text_of(response.get_data())
        assert "Achieng" in text
        assert people.group.name not in text
        assert people.group.name.encode() not in response.get_data()
        assert response.headers["Content-Disposition"] == 'inline; filename="sheet.pdf"'
        assert response.headers["Cache-Control"] == "no-store"

    def test_carries_the_day_of_its_meeting(self, client: StrictClient, people: Officers) -> None:
        with in_scope(people.group):
            meeting = a_meeting()
        client.sign_in(people.treasurer)
        path = f"/g/{people.group.id}/money/sheet.pdf"
        blank, dated = (
            pdf.text_of(client.get(path + more).get_data()) for more in ("", f"?meeting={meeting.id}")
        )
        assert "____" in blank
        assert "____" not in dated
        assert str(meeting.day.day) in dated

    @pytest.mark.parametrize("odd", ["x", "00000000-0000-4000-8000-000000000000", ""])
    def test_a_meeting_that_is_not_there_is_none(
        self, client: StrictClient, people: Officers, odd: str
    ) -> None:
        client.sign_in(people.treasurer)
        assert client.get(f"/g/{people.group.id}/money/sheet.pdf?meeting={odd}").status_code == 200


class TestSavedSheet:
    def test_shows_who_gave_and_nobody_else(self, client: StrictClient, people: Officers) -> None:
        members = make_members(people, "Achieng", "Baraka", "Zuri")
        sheet = save_sheet(people, {members["Achieng"]: 20050, members["Zuri"]: 10000})
        client.sign_in(people.treasurer)
        answer = client.get(f"/g/{people.group.id}/money/sheets/{sheet.id}/sheet.pdf")
        text = pdf.text_of(answer.get_data())
        assert "Achieng\n200.50" in text
        assert "Zuri\n100" in text
        assert "Baraka" not in text
        assert "300.50" in text.replace("\xa0", " ")
        assert str(sheet.received_on) in answer.headers["Content-Disposition"]

    def test_sums_every_page_and_the_whole(self, app: Pamoja, people: Officers) -> None:
        lines = [(f"Nickname {n}", {"cash": 100, "mobile_money": 50}) for n in range(30)]
        with in_scope(people.group):
            sheet = papers.ContributionSheet(received_on=people.group.created_at.date())
            made = papers.saved_sheet(sheet, lines, is_taken_back=False, currency="UGX", language="en")
        first, second = (text.replace("\xa0", " ") for text in pdf.page_texts(made))
        assert "UGX 2,500\nUGX 1,250" in first
        assert "UGX 500\nUGX 250" in second
        assert "UGX 3,000\nUGX 1,500" in second

    def test_says_when_it_was_taken_back(self, client: StrictClient, people: Officers) -> None:
        members = make_members(people, "Achieng")
        sheet = save_sheet(people, {members["Achieng"]: 100})
        client.sign_in(people.treasurer)
        path = f"/g/{people.group.id}/money/sheets/{sheet.id}/sheet.pdf"
        before = pdf.text_of(client.get(path).get_data())
        take_back(people, sheet.journal_id)
        after = pdf.text_of(client.get(path).get_data())
        assert len(after.splitlines()) > len(before.splitlines())

    def test_is_for_the_treasurer_alone(self, client: StrictClient, people: Officers) -> None:
        members = make_members(people, "Achieng")
        sheet = save_sheet(people, {members["Achieng"]: 100})
        for who in (people.chair, people.secretary, people.committee, people.member):
            client.sign_in(who)
            for path in ("sheet.pdf", f"sheets/{sheet.id}/sheet.pdf"):
                assert client.get(f"/g/{people.group.id}/money/{path}").status_code == 403

"""Giving is voluntary: no word of debt in anything about money, in any language, and no mark for somebody who gave nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from babel.messages.extract import extract_from_dir

from funding.contributions import commands
from network import clock
from tests.factories.funding import Officers, make_members, make_officers, save_sheet, today
from tests.factories.meetings import a_meeting
from tests.support.app import in_scope
from tests.support.client import StrictClient
from tests.support.said import words_of
from translations import messages

FUNDING = messages.ROOT / "funding"
BLAME = {
    "en": re.compile(
        r"\b(owe[sdn]?|owing|arrears?|debts?|debtors?|defaulters?|overdue|unpaid|delinquen\w*|outstanding|penalt\w*"
        r"|behind (?:with|on)|(?:has|have) not (?:given|paid|contributed)|did(?: not|n.t) (?:give|pay|contribute)"
        r"|failed to (?:give|pay)|(?:must|has to|have to) (?:give|contribute)|missed)\b"
    ),
    "sw": re.compile(r"\b(deni|madeni|malimbikizo|mdaiwa|wadaiwa|wanadaiwa|anadaiwa|haja(?:toa|lipa|changa)|hawaja(?:toa|lipa|changa)|faini)\b"),
    "fr": re.compile(r"\b(dettes?|arriérés?|impayée?s?|redevables?|débit(?:eur|rice)s?|n.a pas (?:donné|payé|contribué)|amendes?|pénalités?)\b"),
}  # fmt: skip


def blame_in(words: str, language: str = "en") -> list[str]:
    return [found[0] for found in BLAME[language].finditer(words.casefold())]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Zuri owes KES 200", "en"),
        ("3 members in arrears", "en"),
        ("Has not given this month", "en"),
        ("Ana deni la mwezi huu", "sw"),
        ("Hajatoa", "sw"),
        ("Trois cotisations impayées", "fr"),
    ],
)
def test_the_search_would_find_it(words: str, language: str) -> None:
    assert blame_in(words, language)


def sentences() -> Iterator[str]:
    """Every sentence that is marked in the code and templates about money."""
    for _, _, found, _, _ in extract_from_dir(
        FUNDING, messages.METHODS, messages.OPTIONS, messages.KEYWORDS, []
    ):
        yield from [found] if isinstance(found, str) else found


def test_no_sentence_about_money_says_so_in_english() -> None:
    found = list(sentences())
    assert len(found) > 200
    assert [(sentence, blame) for sentence in found if (blame := blame_in(sentence))] == []


@pytest.mark.parametrize("language", ["sw", "fr"])
def test_nor_in_translation(language: str) -> None:
    ours = set(sentences())
    catalogue = messages.read(messages.path_of(language), language)
    said = [
        string
        for message in catalogue
        if message.id and (message.id if isinstance(message.id, str) else message.id[0]) in ours
        for string in ([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert len(said) > 200
    assert [(string, blame) for string in said if (blame := blame_in(string, language))] == []


@pytest.mark.parametrize(
    "template", sorted(FUNDING.glob("templates/**/*.*")), ids=lambda path: Path(path).name
)
def test_no_template_says_so_in_a_name_or_a_class(template: Path) -> None:
    assert blame_in(re.sub(r"[-_]", " ", template.read_text(encoding="utf-8"))) == []


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@pytest.fixture
def group_where_some_gave(people: Officers) -> Officers:
    """Achieng and Baraka gave at the meeting, Zuri did not; the members had suggested an amount."""
    members = make_members(people, "Achieng", "Baraka", "Zuri")
    with in_scope(people.group, people.treasurer):
        commands.agree_amount(
            amount=10000, from_on=today(), decided_on=today(), by=people.treasurer.id, now=clock.now()
        )
        meeting = a_meeting()
    save_sheet(people, {members["Achieng"]: 10000, members["Baraka"]: 50}, meeting_id=meeting.id)
    return people


PAGES = (
    "", "/sheet", "/sheet.pdf", "/sheets", "/mine", "/mine/card.pdf", "/agreed-amount", "/report", "/receipts", "/hardship", "/reserve",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "sw", "fr"])
def test_no_page_and_no_paper_says_so(
    client: StrictClient, group_where_some_gave: Officers, language: str
) -> None:
    people = group_where_some_gave
    for who in (people.treasurer, people.member):
        client.sign_in(who)
        client.get(f"/language/{language}")
        paths = [f"/g/{people.group.id}/money{page}" for page in PAGES]
        sheets = client.fetch(f"/g/{people.group.id}/money/sheets")
        saved = [link for link in sheets.links if "/sheets/" in link]
        paths += [*saved, *(f"{link}/sheet.pdf" for link in saved)]
        for path in paths:
            answer = client.get(path)
            if answer.status_code == 200:
                assert blame_in(words_of(answer), language) == [], path
                if "/sheets/" in path:
                    assert "Zuri" not in words_of(answer), "whoever gave nothing is on no list"


def test_on_the_sheet_every_line_looks_alike(client: StrictClient, group_where_some_gave: Officers) -> None:
    """After some have given, nothing on the next sheet tells them from those who have not."""
    client.sign_in(group_where_some_gave.treasurer)
    page = client.fetch(f"/g/{group_where_some_gave.group.id}/money/sheet")
    lines = [row for row in page.tree.iter("tr") if row.find(".//input") is not None]
    assert len(lines) == 3
    assert len({looks_of(line) for line in lines}) == 1


def looks_of(line: Element) -> tuple[tuple[str, str], ...]:
    """What decides how a line looks: its elements, classes and states, without whose it is."""
    told = ("class", "style", "aria-invalid", "placeholder", "title", "value", "hidden")
    return tuple((str(part.tag), str([part.get(name) for name in told])) for part in line.iter())

"""Documents that can still be changed: the same parts as on paper, in the right direction, and nothing about who made them."""

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from network.documents.editable import BLANK, docx
from network.web.unit_of_work import Pamoja

SECTIONS: list[dict[str, Any]] = [
    {"title": "The group", "blocks": [{"kind": "facts", "pairs": [["Name", "Ours"], ["Number", ""]]}]},
    {
        "title": "Officers",
        "blocks": [
            {"kind": "table", "head": ["No.", "Name"], "rows": [["1", "መሪም"], ["2", "مريم\0"]], "numbers": False, "by_hand": True},
            {"kind": "ticks", "title": "Type", "options": [["Women", True], ["Men", False]]},
            {"kind": "words", "text": "=cmd|' /C calc'!A0"},
            {"kind": "stamp", "text": "Stamp"},
        ],
    },
]  # fmt: skip


@pytest.fixture(autouse=True)
def _context(app: Pamoja) -> Any:
    with app.test_request_context():
        yield


def made(language: str = "en") -> bytes:
    return docx(
        title="A return: ministry of health",
        bar="A return",
        place="Our group",
        lead="A year",
        sections=SECTIONS,
        footer="Draft",
        language=language,
    )


def words_of(content: bytes) -> str:
    return "\n".join(node.text or "" for node in Document(io.BytesIO(content)).element.body.iter(qn("w:t")))


def test_holds_every_part_and_lines_where_nothing_is_known() -> None:
    words = words_of(made())
    for one in ("Our group", "A return", "A year", "Ours", BLANK, "መሪም", "\u2612 Women", "\u2610 Men", "=cmd|", "Stamp"):  # fmt: skip
        assert one in words, one
    assert "\0" not in words
    styles = [one.style.name for one in Document(io.BytesIO(made())).paragraphs]
    assert [name for name in styles if name.startswith("Heading")] == ["Heading 1", "Heading 2", "Heading 2"]


def test_says_nothing_of_who_made_it_and_when() -> None:
    properties = Document(io.BytesIO(made())).core_properties
    assert properties.title == "A return"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created.year == 2000
    with zipfile.ZipFile(io.BytesIO(made())) as parts:
        assert not [name for name in parts.namelist() if "vba" in name.lower() or "thumbnail" in name]


def test_a_tables_head_is_repeated_on_every_page() -> None:
    heads = Document(io.BytesIO(made())).element.body.findall(".//" + qn("w:tblHeader"))
    assert len(heads) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_is_written_from_where_its_language_begins(language: str) -> None:
    body = Document(io.BytesIO(made(language))).element.body
    paragraphs = list(body.iter(qn("w:p")))
    turned = [one for one in paragraphs if one.find(".//" + qn("w:bidi")) is not None]
    assert len(turned) == (len(paragraphs) if language == "ar" else 0)
    assert bool(body.findall(".//" + qn("w:bidiVisual"))) is (language == "ar")

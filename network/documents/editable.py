"""A document that can still be changed after it was taken away, in the form most word processors open (DOCX).

It is made of the same parts as a paper: headings, pairs, tables, words, boxes to tick, a field for a stamp.
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from network.documents.sheets import NO_XML
from network.web.languages import language_of

FONTS = {"ascii": "Noto Sans", "hAnsi": "Noto Sans", "cs": "Noto Sans Arabic"}
MARGIN = 1.8
STAMP_HEIGHT = 3.5
ON, OFF = "\u2612", "\u2610"
BLANK = "_" * 30
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""The library would write down when its own template was made; ours says nothing."""


def docx(
    *,
    title: str,
    bar: str,
    place: str,
    lead: str,
    sections: Sequence[dict[str, Any]],
    footer: str,
    language: str,
) -> bytes:
    """The document: whose it is, its title, its parts; `bar` is what the bar of an editor's window says."""
    made = Document()
    _frame(made, bar, footer)
    _quiet(made.add_paragraph(), place)
    made.add_heading(_plain(title), level=1)
    made.add_paragraph(_plain(lead))
    for section in sections:
        if section.get("attached"):
            made.add_page_break()
        made.add_heading(_plain(section["title"]), level=2)
        for block in section["blocks"]:
            BLOCKS[block["kind"]](made, block)
    speaks = language_of(language)
    _speak(made, speaks.babel.replace("_", "-"), is_rtl=speaks.direction == "rtl")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _plain(words: Any) -> str:
    return NO_XML.sub("\ufffd", str(words))


def _frame(made: Any, bar: str, footer: str) -> None:
    properties = made.core_properties
    properties.title, properties.author, properties.comments, properties.last_modified_by = bar, "", "", ""
    properties.created = properties.modified = NO_DAY
    package = made.part.package
    for key in [key for key, one in package.rels.items() if one.reltype.endswith("/thumbnail")]:
        del package.rels[key]  # a small picture of the library's own template
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
    _quiet(page.footer.paragraphs[0], footer)
    style = made.styles["Normal"]
    style.font.size = Pt(10.5)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name, font in FONTS.items():
        fonts.set(qn(f"w:{name}"), font)


def _quiet(paragraph: Any, words: str) -> None:
    paragraph.add_run(_plain(words)).font.size = Pt(8.5)


def _facts(made: Any, block: dict[str, Any]) -> None:
    table = made.add_table(rows=0, cols=2)
    for what, how in block["pairs"]:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _plain(what), _plain(how) or BLANK


def _table(made: Any, block: dict[str, Any]) -> None:
    table = made.add_table(rows=1, cols=len(block["head"]), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, block["head"], strict=True):
        cell.paragraphs[0].add_run(_plain(words)).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 - the library has no other way to a row's properties
    for row in block["rows"]:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = _plain(words)
    made.add_paragraph()


def _ticks(made: Any, block: dict[str, Any]) -> None:
    made.add_paragraph(_plain(block["title"]))
    for words, is_on in block["options"]:
        made.add_paragraph(f"{ON if is_on else OFF} {_plain(words)}")


def _words(made: Any, block: dict[str, Any]) -> None:
    made.add_paragraph(_plain(block["text"]))


def _stamp(made: Any, block: dict[str, Any]) -> None:
    table = made.add_table(rows=1, cols=1, style="Table Grid")
    table.rows[0].height = Cm(STAMP_HEIGHT)
    table.rows[0].cells[0].text = _plain(block["text"])


def _speak(made: Any, code: str, *, is_rtl: bool) -> None:
    """Say which language it is in, and turn every paragraph and table where that is written from the right."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), code)
    language.set(qn("w:bidi"), code)
    made.styles["Normal"].element.get_or_add_rPr().append(language)
    if not is_rtl:
        return
    body = made.element.body
    for paragraph in body.iter(qn("w:p")):
        paragraph.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in body.iter(qn("w:r")):
        run.get_or_add_rPr().append(OxmlElement("w:rtl"))
    for table in body.iter(qn("w:tblPr")):
        table.insert(int(table.find(qn("w:tblStyle")) is not None), OxmlElement("w:bidiVisual"))


BLOCKS = {"facts": _facts, "table": _table, "ticks": _ticks, "words": _words, "stamp": _stamp}

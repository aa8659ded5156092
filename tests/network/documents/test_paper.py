"""Paper: tagged, the same bytes each time, in the language asked for, and made whatever letters people use."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typst
from flask_babel import gettext, lazy_gettext

from network.documents import paper
from network.documents.letters import UNREADABLE, writable
from network.web.unit_of_work import Pamoja
from tests.support import pdf

PROBE = Path(__file__).parent / "probe.typ"
VALUES: dict[str, Any] = {
    "lead": "One line.",
    "facts": [["Day", "5 December"]],
    "heading": "By month",
    "head": ["What", "In", "Out"],
    "rows": [["Hall", "1", "2"], ["Together", "1", "2"]],
    "code": "2026-01-01 – 2026-12-31",
}


@pytest.fixture(autouse=True)
def _the_probe(app: Pamoja, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(paper, "_path_of", lambda template: PROBE)
    with app.test_request_context():
        yield


def probe(**more: Any) -> bytes:
    frame = {"title": "A title", "language": "en", **{k: v for k, v in more.items() if k in FRAME}}
    return paper.document("probe.typ", **frame, **VALUES | {k: v for k, v in more.items() if k not in FRAME})


FRAME = {"title", "language", "place", "footer"}


def test_is_tagged_titled_and_numbered() -> None:
    made = probe(place="Our group", footer="Seal 1234", rows=[[str(n), "1", "2"] for n in range(90)])
    assert {"H1", "H2", "Table", "TH", "TD"} <= pdf.tags_of(made)
    assert b"/MarkInfo<</Marked true" in made
    assert b"pdfuaid" in pdf._stream(
        next(body for body in pdf.objects(made).values() if b"/Metadata" in body and b"stream" in body)
    )
    pages = pdf.page_texts(made)
    assert len(pages) == 3
    assert "Our group" in pages[0]
    assert "Our group" not in pages[1]
    assert all("Seal 1234" in page and f"{n} of 3" in page for n, page in enumerate(pages, 1))


def test_a_tables_head_is_repeated_on_every_page() -> None:
    pages = pdf.page_texts(probe(rows=[[str(n), "1", "2"] for n in range(90)]))
    assert all("What\nIn\nOut" in page for page in pages)


def test_the_same_values_give_the_same_bytes_also_elsewhere() -> None:
    made = [probe(), probe()]
    worker = threading.Thread(target=lambda: made.append(in_a_context(probe)))
    worker.start()
    worker.join()
    assert len(made) == 3
    assert len(set(made)) == 1


def in_a_context(what: Any) -> Any:
    from tests.support.app import the_app

    with the_app().test_request_context():
        return what()


def test_its_language_is_its_own_not_the_readers(app: Pamoja) -> None:
    with app.test_request_context("/fr/"), paper.in_language("sw"):
        # A sentence that waits is said in the language of the document, whenever it is said.
        made = probe(language="sw", lead=lazy_gettext("Welfare fund"))
        spoken = gettext("Welfare fund")
    assert spoken in pdf.text_of(made)
    assert b"/Lang(sw)" in made
    with app.test_request_context("/fr/"):
        assert spoken in pdf.text_of(probe(language="sw", lead=lazy_gettext("Welfare fund")))


def test_arabic_is_written_from_the_right(app: Pamoja) -> None:
    made = probe(language="ar", title="مساهمات الأعضاء", lead="هذا سطر واحد")
    assert b"/Lang(ar)" in made
    assert "2026-01-01 – 2026-12-31" in pdf.text_of(made)


@pytest.mark.parametrize(
    "name", ["Wanjirũ", "መሪም", "देवी", "😀 Zuri", "مريم", "日本", "a\0b", "\u2066x\u2069", "e\u0323\u0301"]
)
def test_a_name_in_any_letters_is_never_a_reason_to_fail(name: str) -> None:
    assert pdf.text_of(probe(rows=[[name, "1", "2"]]))


def test_letters_no_font_has_are_shown_as_such() -> None:
    assert writable("日本") == UNREADABLE * 2
    assert writable("መሪም ﷽ مريم") == "መሪም ﷽ مريم"
    assert writable({"a": ["Wanjirũ", 3, None]}) == {"a": ["Wanjirũ", 3, None]}
    assert writable("thin\u2009space\u200d") in {"thin\u2009space\u200d", "thin space\u200d", "thin space"}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", ["አበበች ገብረ", "መሪም", "مريم", "Wanjirũ"])
def test_a_name_is_printed_in_its_own_letters_and_read_back_in_order(name: str, language: str) -> None:
    made = probe(language=language, lead=name)
    assert name.split() == [word for word in pdf.as_read(pdf.text_of(made)).split() if word in name.split()]
    assert "Noto" in str(pdf.objects(made)) or "Amiri" in str(pdf.objects(made))


def test_values_are_never_taken_for_commands() -> None:
    made = pdf.text_of(probe(lead='#panic("x") $x$ *b* #sys.inputs', rows=[["= h", "@a", "<b>"]]))
    assert '#panic("x") $x$ *b* #sys.inputs' in made
    assert "= h" in made


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x"])
def test_what_is_not_in_words_yet_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        probe(lead=value)


def test_what_would_not_be_accessible_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bad = paper.ROOT / "tests" / "network" / "documents" / "inaccessible.typ"
    monkeypatch.setattr(paper, "_path_of", lambda template: bad)
    with pytest.raises(typst.TypstError, match="UA-1"):
        probe()


def test_a_template_reads_nothing_above_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    nosy = paper.ROOT / "tests" / "network" / "documents" / "nosy.typ"
    monkeypatch.setattr(paper, "_path_of", lambda template: nosy)
    with pytest.raises(typst.TypstError):
        probe()

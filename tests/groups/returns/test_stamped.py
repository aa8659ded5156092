"""Stamped copies: what they are by their bytes, and nothing in them but what is seen."""

import io
from contextlib import suppress

import pytest
from PIL import Image
from pypdf import PdfReader

from groups.returns.formats import stamped
from groups.returns.formats.stamped import Fault, NotReadable
from tests.factories.returns import GPS, a_pdf, a_photo, a_scanned_pdf


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_drawn_anew_upright_and_says_nothing_of_place_or_camera(kind: str) -> None:
    brought = a_photo(kind=kind)
    found, kept = stamped.cleaned(brought)
    assert found == "jpg"
    assert b"SECRETCAMERA" in brought
    assert b"SECRETCAMERA" not in kept
    with Image.open(io.BytesIO(kept)) as photo:
        assert photo.format == "JPEG"
        assert photo.size == (60, 40), "turned as it was held"
        assert not photo.getexif()
        assert not photo.getexif().get_ifd(GPS)


def test_a_large_photo_becomes_small_enough_to_read() -> None:
    _kind, kept = stamped.cleaned(a_photo(size=(5000, 3000)))
    with Image.open(io.BytesIO(kept)) as photo:
        assert max(photo.size) == stamped.LONGEST_SIDE


def test_a_pdf_keeps_its_pages_alone() -> None:
    brought = a_pdf(pages=2)
    assert b"SECRETSCRIPT" in brought
    kind, kept = stamped.cleaned(brought)
    assert kind == "pdf"
    assert b"SECRET" not in kept
    again = PdfReader(io.BytesIO(kept))
    assert len(again.pages) == 2
    assert not (again.metadata or {}).get("/Author")
    assert "/Names" not in again.root_object
    assert "/OpenAction" not in again.root_object


def test_a_photo_inside_a_pdf_says_no_more_than_one_outside() -> None:
    brought = a_scanned_pdf()
    assert b"SECRETCAMERA" in brought
    _kind, kept = stamped.cleaned(brought)
    assert b"SECRET" not in kept
    (picture,) = PdfReader(io.BytesIO(kept)).pages[0].images
    assert picture.image is not None
    assert picture.image.size == (200, 300)
    assert not picture.image.getexif()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.NOT_KNOWN),
        (b"MZ\x90\x00 a program", Fault.NOT_KNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", Fault.NOT_KNOWN),
        (a_photo()[:200], Fault.BROKEN),
        (b"%PDF-1.7 nothing more", Fault.BROKEN),
        (a_pdf(password="x"), Fault.LOCKED),
        (a_pdf(pages=21), Fault.TOO_MANY_PAGES),
        (b"\xff\xd8" + bytes(stamped.LARGEST), Fault.TOO_LARGE),
    ],
    ids=["empty", "program", "svg", "cut off", "no pdf", "locked", "long", "large"],
)  # fmt: skip
def test_anything_else_is_refused(content: bytes, fault: Fault) -> None:
    with pytest.raises(NotReadable) as refused:
        stamped.cleaned(content)
    assert refused.value.fault == fault


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stamped, "MOST_PIXELS", 100)
    with pytest.raises(NotReadable) as refused:
        stamped.cleaned(a_photo())
    assert refused.value.fault == Fault.TOO_LARGE


@pytest.mark.parametrize("packed", [["/FlateDecode", "/DCTDecode"], ["/JPXDecode"]])
def test_a_photo_packed_another_way_inside_a_pdf_is_refused(packed: list[str]) -> None:
    with pytest.raises(NotReadable) as refused:
        stamped.cleaned(a_scanned_pdf(packed))
    assert refused.value.fault == Fault.NOT_KNOWN


def test_a_photo_with_damaged_notes_is_kept_or_refused_and_never_an_error() -> None:
    whole = a_photo()
    at = whole.index(b"Exif")
    for offset in range(at, at + 60):
        damaged = whole[:offset] + b"\xff\xff" + whole[offset + 2 :]
        with suppress(NotReadable):
            assert stamped.cleaned(damaged)[0] == "jpg"

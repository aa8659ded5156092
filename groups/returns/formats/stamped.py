"""A stamped copy as it is kept: a photo drawn anew, or a PDF of its pages alone. What a camera or a program adds stays behind.

What a file is, its first bytes say; its name and what the browser calls it are not asked.
"""

import io
import warnings
from enum import StrEnum

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

LARGEST = 8 * 1024 * 1024
MOST_PIXELS = 60_000_000
"""Of a JPEG, which is read at a fraction of its size. Other kinds are read whole, and may have a third of it."""
LONGEST_SIDE = 2000
MOST_PAGES = 20
PHOTOS = ("JPEG", "PNG", "WEBP")
QUALITY = 80
ACTIVE = ("/AA", "/Annots", "/Metadata", "/PieceInfo", "/B", "/Thumb")
"""What a page may carry besides what is seen on it."""
NOTES = ("/Metadata", "/PieceInfo", "/LastModified", "/JS", "/EmbeddedFiles")
START_OF_SCAN = 0xDA
NOTES_OF_CAMERA = {*range(0xE1, 0xEE), 0xEF, 0xFE}
"""Parts for applications of a JPEG but the two that say how its colours are meant, and comments."""


class Fault(StrEnum):
    """Why a file is not kept."""

    TOO_LARGE = "too_large"
    NOT_KNOWN = "not_known"
    BROKEN = "broken"
    LOCKED = "locked"
    TOO_MANY_PAGES = "too_many_pages"


class NotReadable(Exception):
    """The file is no photo and no PDF that can be kept; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def cleaned(content: bytes) -> tuple[str, bytes]:
    """The kind of file it is kept as (`jpg` or `pdf`), and its bytes. Raises `NotReadable`."""
    if len(content) > LARGEST:
        raise NotReadable(Fault.TOO_LARGE)
    if content.startswith(b"%PDF-"):
        return "pdf", _pages_alone(content)
    return "jpg", _drawn_anew(content)


def _drawn_anew(content: bytes) -> bytes:
    """The picture alone, the right way up: no place, no time, no name of a camera, no second picture inside."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=PHOTOS) as photo:
                _require_small(photo)
                photo.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(photo).convert("RGB")
    except Image.UnidentifiedImageError:
        raise NotReadable(Fault.NOT_KNOWN) from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise NotReadable(Fault.TOO_LARGE) from None
    except NotReadable:
        raise
    except Exception:  # noqa: BLE001 - a damaged photo fails in every way there is, too
        raise NotReadable(Fault.BROKEN) from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _require_small(photo: Image.Image) -> None:
    most = MOST_PIXELS if photo.format == "JPEG" else MOST_PIXELS // 3
    if photo.width * photo.height > most:
        raise NotReadable(Fault.TOO_LARGE)


def _pages_alone(content: bytes) -> bytes:
    """What is seen on each page; no writer, no dates, nothing that runs, no file inside."""
    try:
        return _written_anew(PdfReader(io.BytesIO(content)))
    except NotReadable:
        raise
    except Exception:  # noqa: BLE001 - a broken PDF fails in every way there is, and is one answer to whoever brought it
        raise NotReadable(Fault.BROKEN) from None


def _written_anew(reader: PdfReader) -> bytes:
    if reader.is_encrypted:
        raise NotReadable(Fault.LOCKED)
    if not 0 < len(reader.pages) <= MOST_PAGES:
        raise NotReadable(Fault.TOO_MANY_PAGES if len(reader.pages) else Fault.BROKEN)
    writer = PdfWriter()
    for page in reader.pages:
        for name in ACTIVE:
            page.pop(NameObject(name), None)
        writer.add_page(page)
    writer.metadata = None
    for one in writer._objects:  # noqa: SLF001 - the library hands out pages, not what hangs on them
        if isinstance(one, DictionaryObject):
            _strip(one)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _strip(one: DictionaryObject) -> None:
    """Notes that programs leave on what is in a page, and what a camera wrote into a photo inside."""
    for name in NOTES:
        one.pop(NameObject(name), None)
    packed = one.get("/Filter")
    packed = list(packed) if isinstance(packed, list) else [packed]
    if "/JPXDecode" in packed or ("/DCTDecode" in packed and len(packed) > 1):
        raise NotReadable(Fault.NOT_KNOWN)  # a photo packed so that its notes cannot be taken out
    if isinstance(one, StreamObject) and packed == ["/DCTDecode"]:
        one._data = _without_camera(one._data)  # noqa: SLF001 - its bytes as they are, not drawn anew


def _without_camera(photo: bytes) -> bytes:
    """A JPEG without its notes: the parts before the picture that say who, where, when and with what."""
    kept, at = bytearray(photo[:2]), 2
    while photo[at : at + 1] == b"\xff" and photo[at + 1] != START_OF_SCAN:
        size = 2 + int.from_bytes(photo[at + 2 : at + 4])
        if photo[at + 1] not in NOTES_OF_CAMERA:
            kept += photo[at : at + size]
        at += size
    return bytes(kept) + photo[at:]

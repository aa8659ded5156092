"""Certificates and returns of the group in scope."""

import io
from collections.abc import Sequence
from datetime import date, timedelta

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from groups.registration.commands import Certificate, enter_certificate
from groups.registration.models import Registration
from groups.returns import commands
from groups.returns.models import Return
from network import clock
from network.authorities.guide import Kind
from network.tenancy import scope
from network.tenancy.queries import get_group

GPS = 0x8825


def a_certificate(
    authority: str = "ministry", *, issued_on: date | None = None, **more: object
) -> Registration:
    """A certificate given a hundred days ago unless another day is wished for."""
    group, now = get_group(scope.group_id()), clock.now()
    issued = issued_on or clock.today(group.time_zone, at=now) - timedelta(days=100)
    return enter_certificate(group, Certificate(authority, issued, **more), by=None, now=now)  # type: ignore[arg-type]


def a_return(
    authority: str = "ministry",
    *,
    kind: str = Kind.YEARLY,
    called: str = "",
    by: object = None,
    days: int = 365,
) -> Return:
    """A draft about the year until today."""
    group, now = get_group(scope.group_id()), clock.now()
    today = clock.today(group.time_zone, at=now)
    return commands.begin_return(
        group, authority, kind=kind, called=called, covers_from=today - timedelta(days=days), covers_until=today,
        by=by, now=now,  # type: ignore[arg-type]
    )  # fmt: skip


def a_handed_in_return(authority: str = "ministry", *, words: str = "We met.") -> Return:
    """A return that was handed in today."""
    group, now = get_group(scope.group_id()), clock.now()
    one = a_return(authority)
    commands.hand_in(group, one, words=words, on=clock.today(group.time_zone, at=now), by=None, now=now)
    return one


def a_photo(*, size: tuple[int, int] = (40, 60), kind: str = "JPEG") -> bytes:
    """A photo that says where it was taken, with what, and which way up it is."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRETCAMERA", 6
    exif.get_ifd(GPS)[1] = "S"
    Image.new("RGB", size, "blue").save(out, kind, exif=exif)
    return out.getvalue()


def a_scanned_pdf(packed: Sequence[str] = ("/DCTDecode",)) -> bytes:
    """A PDF of a photo, as an app makes it that keeps everything the camera wrote."""
    photo = a_photo(size=(200, 300))
    picture = StreamObject()
    picture.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"), NameObject("/Width"): NumberObject(200),
        NameObject("/Height"): NumberObject(300), NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
        NameObject("/BitsPerComponent"): NumberObject(8), NameObject("/Filter"): ArrayObject([NameObject(one) for one in packed]),
        NameObject("/PieceInfo"): TextStringObject("SECRETAPP"),
    })  # fmt: skip
    picture._data = photo
    writer = PdfWriter()
    page = writer.add_blank_page(width=200, height=300)
    inside = DictionaryObject({NameObject("/Im0"): writer._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): inside})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def a_pdf(*, pages: int = 1, password: str = "") -> bytes:
    """A PDF with a writer's name and something that runs when it is opened."""
    writer = PdfWriter()
    for _number in range(pages):
        page = writer.add_blank_page(width=200, height=200)
        page[NameObject("/AA")] = TextStringObject("SECRETPAGE")
    writer.add_metadata({"/Author": "SECRETWRITER"})
    runs = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("SECRETSCRIPT")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(runs)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()

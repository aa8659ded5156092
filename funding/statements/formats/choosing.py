"""Which format a file is in, and reading it in that one."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from funding.statements.formats import airtel, camt, letters, mapped, mpesa, mpesa_org, ofx, swift
from funding.statements.formats.statement import NotReadable, Statement, Told

Columns = Mapping[str, list[str]]
"""For any CSV: what its columns hold, by their names or numbers."""
NAMES = MappingProxyType(
    {
        "mpesa": "M-Pesa customer CSV",
        "mpesa-org": "M-Pesa organisation CSV (till, paybill)",
        "airtel": "Airtel Money CSV",
        "camt053": "ISO 20022 statement",
        "camt054": "ISO 20022 notification",
        "mt940": "SWIFT statement",
        "mt942": "SWIFT interim report",
        "ofx": "OFX 1.x and 2.x",
        "csv": "any CSV by its columns",
    }
)

WEB_PAGE = re.compile(
    r"[\s\u00ef\u00bb\u00bf\u00ff\u00fe]*(?:<(?:\?xml|!--)[^>]*>\s*)*<(?:!doctype html|html)\b", re.IGNORECASE
)


class NotKnown(NotReadable):
    """Perhaps a CSV whose columns somebody can name."""


def read(
    content: bytes,
    *,
    format_name: str | None = None,
    columns: Columns | None = None,
    currency: str | None = None,
) -> list[Statement]:
    """Every statement in the file. Without a format it is found out. Raises `NotReadable`."""
    letters.check(content)
    columns = columns or {}
    if format_name is None:
        return _sniffed(content, columns, currency)
    statements = READERS[format_name](content, columns, currency)
    other = next((s.format for s in statements if s.format != format_name), None)
    if other:
        raise NotReadable(
            "This is %(other)s (%(code)s), not %(name)s (%(named)s).",
            other=Told(NAMES[other]),
            code=other,
            name=Told(NAMES[format_name]),
            named=format_name,
        )
    return statements


def _sniffed(content: bytes, columns: Columns, currency: str | None) -> list[Statement]:
    if columns:
        return _csv(content, columns, currency)
    if WEB_PAGE.match(content[:1000].replace(b"\x00", b"").decode("latin-1")):
        raise NotReadable(
            "This is a web page, not a statement. Download the statement as CSV and choose that."
        )
    if camt.is_ours(content):
        return camt.read(content)
    if ofx.is_ours(content[:4000].replace(b"\x00", b"").decode("latin-1")):
        return _ofx(content, columns, currency)
    text = letters.read(content)
    if text.lstrip().startswith("<"):
        return camt.read(content)
    if swift.is_ours(text):
        return swift.read(text)
    return _table(text, currency)


def named(text: str) -> str | None:
    """The format somebody means by a name of it: “camt.053”, “M-Pesa customer”, “OFX2”."""
    bare = re.sub(r"[^a-z0-9]", "", text.lower())
    known = {re.sub(r"[^a-z0-9]", "", name): name for name in NAMES} | ALSO_CALLED
    return known.get(bare)


def _table(text: str, currency: str | None) -> list[Statement]:
    organisation = mpesa_org.sheet(text)
    if organisation:
        return [mpesa_org.read(organisation, currency)]
    customer = mpesa.sheet(text)
    if customer:
        return [mpesa.read(customer, currency)]
    mobile = airtel.sheet(text)
    if mobile and airtel.is_ours(mobile):
        return [airtel.read(mobile, currency)]
    some = mapped.sheet(text, {})
    if some:
        return [mapped.read(some, currency)]
    raise NotKnown("We do not know this file. If it is CSV, say which of its columns hold what.")


def _csv(content: bytes, columns: Columns, currency: str | None) -> list[Statement]:
    found = mapped.sheet(letters.read(content), columns)
    if not found:
        raise NotReadable("No line of this file is a header with these columns.")
    return [mapped.read(found, currency)]


def _mpesa(content: bytes, columns: Columns, currency: str | None) -> list[Statement]:  # noqa: ARG001 - as all readers
    found = mpesa.sheet(letters.read(content))
    if not found:
        raise NotReadable("No line of this file is the header of an M-Pesa customer statement.")
    return [mpesa.read(found, currency)]


def _mpesa_org(content: bytes, columns: Columns, currency: str | None) -> list[Statement]:  # noqa: ARG001
    found = mpesa_org.sheet(letters.read(content))
    if not found:
        raise NotReadable("No line of this file is the header of an M-Pesa organisation statement.")
    return [mpesa_org.read(found, currency)]


def _airtel(content: bytes, columns: Columns, currency: str | None) -> list[Statement]:  # noqa: ARG001
    found = airtel.sheet(letters.read(content))
    if not found:
        raise NotReadable("No line of this file is the header of an Airtel Money statement.")
    return [airtel.read(found, currency)]


def _camt(content: bytes, columns: Columns, currency: str | None) -> list[Statement]:  # noqa: ARG001
    return camt.read(content)


def _swift(content: bytes, columns: Columns, currency: str | None) -> list[Statement]:  # noqa: ARG001
    return swift.read(letters.read(content))


def _ofx(content: bytes, columns: Columns, currency: str | None) -> list[Statement]:  # noqa: ARG001
    return ofx.read(ofx.decoded(content), currency)


ALSO_CALLED = {
    **dict.fromkeys(("mpesacustomer", "mpesacsv", "mpesapersonal"), "mpesa"),
    **dict.fromkeys(
        ("mpesaorganisation", "mpesaorganization", "mpesapaybill", "mpesatill", "mpesabusiness"), "mpesa-org"
    ),
    **dict.fromkeys(("mpesaorgportal", "mpesaorgcsv"), "mpesa-org"),
    **dict.fromkeys(("airtelmoney", "airtelcsv"), "airtel"),
    **dict.fromkeys(("swift940", "sta"), "mt940"),
    **dict.fromkeys(("ofx1", "ofx2", "ofxsgml", "ofxxml", "qfx", "ofx1x", "ofx2x"), "ofx"),
    **dict.fromkeys(("generic", "genericcsv", "mapped", "anycsv", "mappedcsv"), "csv"),
}
READERS: dict[str, Callable[[bytes, Columns, str | None], list[Statement]]] = {
    "mpesa": _mpesa,
    "mpesa-org": _mpesa_org,
    "airtel": _airtel,
    "camt053": _camt,
    "camt054": _camt,
    "mt940": _swift,
    "mt942": _swift,
    "ofx": _ofx,
    "csv": _csv,
}

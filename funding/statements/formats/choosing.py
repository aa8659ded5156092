"""Which format a file is in, and reading it in that one."""

from collections.abc import Callable
from types import MappingProxyType

from funding.statements.formats import airtel, camt, letters, mapped, mpesa, mpesa_org, ofx, swift
from funding.statements.formats.statement import NotReadable, Statement

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


def read(
    content: bytes,
    *,
    format_name: str | None = None,
    columns: tuple[str, ...] = (),
    currency: str | None = None,
) -> list[Statement]:
    """Every statement in the file. Without a format it is found out. Raises `NotReadable`."""
    letters.check(content)
    if format_name is None:
        return _sniffed(content, columns, currency)
    statements = READERS[format_name](content, columns, currency)
    other = next((s.format for s in statements if s.format != format_name), None)
    if other:
        raise NotReadable(f"This is {NAMES[other]} ({other}), not {NAMES[format_name]} ({format_name}).")
    return statements


def _sniffed(content: bytes, columns: tuple[str, ...], currency: str | None) -> list[Statement]:
    if columns:
        return _csv(content, columns, currency)
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
    raise NotReadable(
        "We do not know this file. If it is CSV, say which columns hold what: --format csv --map date=NAME,amount=NAME."
    )


def _csv(content: bytes, columns: tuple[str, ...], currency: str | None) -> list[Statement]:
    found = mapped.sheet(letters.read(content), mapped.mapping(columns))
    if not found:
        raise NotReadable("No line of this file is a header with these columns.")
    return [mapped.read(found, currency)]


def _mpesa(content: bytes, columns: tuple[str, ...], currency: str | None) -> list[Statement]:  # noqa: ARG001 - as all readers
    found = mpesa.sheet(letters.read(content))
    if not found:
        raise NotReadable("No line of this file is the header of an M-Pesa customer statement.")
    return [mpesa.read(found, currency)]


def _mpesa_org(content: bytes, columns: tuple[str, ...], currency: str | None) -> list[Statement]:  # noqa: ARG001
    found = mpesa_org.sheet(letters.read(content))
    if not found:
        raise NotReadable("No line of this file is the header of an M-Pesa organisation statement.")
    return [mpesa_org.read(found, currency)]


def _airtel(content: bytes, columns: tuple[str, ...], currency: str | None) -> list[Statement]:  # noqa: ARG001
    found = airtel.sheet(letters.read(content))
    if not found:
        raise NotReadable("No line of this file is the header of an Airtel Money statement.")
    return [airtel.read(found, currency)]


def _camt(content: bytes, columns: tuple[str, ...], currency: str | None) -> list[Statement]:  # noqa: ARG001
    return camt.read(content)


def _swift(content: bytes, columns: tuple[str, ...], currency: str | None) -> list[Statement]:  # noqa: ARG001
    return swift.read(letters.read(content))


def _ofx(content: bytes, columns: tuple[str, ...], currency: str | None) -> list[Statement]:  # noqa: ARG001
    return ofx.read(ofx.decoded(content))


READERS: dict[str, Callable[[bytes, tuple[str, ...], str | None], list[Statement]]] = {
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

"""camt.053 (statements) and camt.054 (notifications) of ISO 20022, every version: elements go by name, not by namespace.

A batch becomes one line for each payment in it when their amounts make up the entry's, and stays one line otherwise. Credit
and debit say which way the money went, also for a reversal: the reversal mark only explains it.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from funding.statements.formats import amounts, dates
from funding.statements.formats.letters import tidy
from funding.statements.formats.statement import Line, NotReadable, Statement, Status, oldest_first

MESSAGES = {
    "BkToCstmrStmt": ("camt053", "Stmt"),
    "BkToCstmrDbtCdtNtfctn": ("camt054", "Ntfctn"),
}
STATUSES = {
    "": Status.BOOKED,
    "BOOK": Status.BOOKED,
    "PDNG": Status.PENDING,
    "FUTR": Status.PENDING,
    "INFO": Status.PENDING,
}
NAMES = ("camt053", "camt054")
NOT_PROVIDED = {"NOTPROVIDED", "NOT PROVIDED", "NONREF"}
REFERENCES = ("AcctSvcrRef", "EndToEndId", "TxId", "InstrId", "MsgId", "PmtInfId")


def is_ours(content: bytes) -> bool:
    """Whether this is XML of either message, before it is read."""
    beginning = content[:4000].replace(b"\x00", b"")
    return b"<" in beginning[:200] and any(
        name.encode() in content.replace(b"\x00", b"") for name in MESSAGES
    )


def read(content: bytes) -> list[Statement]:
    """Every statement in the file. Raises `NotReadable`."""
    root = tree(content)
    message = next((e for e in root.iter() if e.tag in MESSAGES), None)
    if message is None:
        raise NotReadable("This XML file holds no bank statement (camt.053) and no notification (camt.054).")
    name, part = MESSAGES[message.tag]
    statements = [
        _statement(name, element, number) for number, element in enumerate(_all(message, part), start=1)
    ]
    if not statements:
        raise NotReadable("There is no statement in this file.")
    return statements


def tree(content: bytes) -> ET.Element:
    """The elements without their namespaces. Raises `NotReadable`; entities are never followed."""
    try:
        root: ET.Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise NotReadable(
            "This file defines entities of its own, which no bank does; it is not read."
        ) from None
    except ET.ParseError as broken:
        line = getattr(broken, "position", (1, 0))[0]
        raise NotReadable(f"Line {line}: this is not whole XML; the file may be cut off.") from None
    except (ValueError, LookupError):
        raise NotReadable("The letters of this file are in no encoding that we know.") from None
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    return root


def _all(element: ET.Element, name: str) -> list[ET.Element]:
    return [child for child in element if child.tag == name]


def _text(element: ET.Element | None, *paths: str) -> str:
    """The first of these elements that says something."""
    for path in paths:
        found = element.find(path) if element is not None else None
        if found is not None and found.text and found.text.strip():
            return tidy(found.text)
    return ""


def _statement(name: str, element: ET.Element, number: int) -> Statement:
    account = _text(element, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")
    currency = _currency(element)
    warnings: list[str] = []
    lines: list[Line] = []
    entries = _all(element, "Ntry")
    for count, entry in enumerate(entries, start=1):
        lines += _lines(entry, currency, f"statement {number}, entry {count}", warnings)
    told = _text(element, "TxsSummry/TtlNtries/NbOfNtries")
    if told.isdecimal() and int(told[:9]) != len(entries):
        warnings.append(f"Statement {number} says it has {told[:9]} entries; {len(entries)} are there.")
    opening, closing = None, None
    if name == "camt053":
        opening = _balance(element, currency, ("OPBD", "PRCD"), latest=False)
        closing = _balance(element, currency, ("CLBD",), latest=True)
    return Statement(name, account or None, currency, opening, closing, oldest_first(lines), tuple(warnings))


def _currency(element: ET.Element) -> str:
    for where in ("Acct/Ccy", "Bal/Amt[@Ccy]", "Ntry/Amt[@Ccy]"):
        found = element.find(where)
        if found is not None:
            code = (found.get("Ccy") or found.text or "").strip()
            if len(code) == 3 and code.isascii() and code.isalpha():  # noqa: PLR2004 - as ISO 4217 has it
                return code.upper()
    raise NotReadable("The statement names no currency.")


def _amount(element: ET.Element, currency: str, place: str) -> int:
    """The element's amount with its direction."""
    found = element.find("Amt")
    if found is None or not (found.text or "").strip():
        raise NotReadable(f"There is no amount: {place}.")
    if (found.get("Ccy") or currency).upper() != currency:
        other = tidy(found.get("Ccy") or "")
        raise NotReadable(f"An amount is in {other} on an account in {currency}: {place}.")
    side = _text(element, "CdtDbtInd")
    if side not in {"CRDT", "DBIT"}:
        raise NotReadable(f"Nothing says whether money came in or went out: {place}.")
    return (1 if side == "CRDT" else -1) * _minor(found.text or "", currency, place)


def _minor(text: str, currency: str, place: str) -> int:
    try:
        return amounts.minor(text, currency)
    except NotReadable as refused:
        raise NotReadable(f"{refused} ({place})") from None


def _balance(element: ET.Element, currency: str, codes: tuple[str, ...], *, latest: bool) -> int | None:
    """The balance of the first of these kinds; of several, the one of the first or of the last day."""
    for code in codes:
        found = [b for b in _all(element, "Bal") if _text(b, "Tp/CdOrPrtry/Cd", "Tp/Cd") == code]
        if found:
            found.sort(key=lambda b: _text(b, "Dt/Dt", "Dt/DtTm"))
            return _amount(found[-1 if latest else 0], currency, f"balance {code}")
    return None


def _lines(entry: ET.Element, currency: str, place: str, warnings: list[str]) -> Iterator[Line]:
    amount = _amount(entry, currency, place)
    code = _text(entry, "Sts/Cd", "Sts")
    if code not in STATUSES:
        warnings.append(f"{place.capitalize()}: we do not know the status “{code}”; it is kept as pending.")
    status = STATUSES.get(code, Status.PENDING)
    day = _day(entry, place)
    payments = [payment for details in _all(entry, "NtryDtls") for payment in _all(details, "TxDtls")]
    parts = _parts(payments, amount, currency)
    if len(payments) > 1 and not parts:
        warnings.append(
            f"{place.capitalize()}: the {len(payments)} payments of this batch do not add up to it; it is kept as one line."
        )
    whole: list[tuple[ET.Element | None, int]] = [(payments[0] if len(payments) == 1 else None, amount)]
    for payment, part in parts or whole:
        yield Line(day, part, _reference(payment, entry), _words(payment, entry), status, None, place)


def _day(entry: ET.Element, place: str) -> date:
    text = _text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    try:
        return dates.read(text[:10]).date()
    except NotReadable:
        raise NotReadable(f"There is no date: {place}.") from None


def _parts(payments: list[ET.Element], amount: int, currency: str) -> list[tuple[ET.Element | None, int]]:
    """The payments of a batch with their amounts; none when they do not make up the entry."""
    if len(payments) < 2:  # noqa: PLR2004 - one payment is the entry itself
        return []
    sign = 1 if amount >= 0 else -1
    parts: list[tuple[ET.Element | None, int]] = []
    for payment in payments:
        found = next(
            (a for path in ("Amt", "AmtDtls/TxAmt/Amt") if (a := payment.find(path)) is not None), None
        )
        if found is None or (found.get("Ccy") or currency).upper() != currency:
            return []
        side = {"CRDT": 1, "DBIT": -1}.get(_text(payment, "CdtDbtInd"), sign)
        try:
            parts.append((payment, side * amounts.minor(found.text or "", currency)))
        except NotReadable:
            return []
    return parts if sum(part for _, part in parts) == amount else []


def _reference(payment: ET.Element | None, entry: ET.Element) -> str:
    """What tells the line from others: the bank's own reference, else the payer's."""
    told = [_text(payment, f"Refs/{name}") for name in REFERENCES]
    if payment is None or len(entry.findall("NtryDtls/TxDtls")) == 1:
        told = [_text(entry, "AcctSvcrRef"), *told, _text(entry, "NtryRef")]
    else:
        told += [_text(entry, "AcctSvcrRef", "NtryRef")]
    return next((text for text in told if text and text.upper() not in NOT_PROVIDED), "")


def _words(payment: ET.Element | None, entry: ET.Element) -> str:
    """Who, for what, and what the bank wrote beside it."""
    came_in = _text(payment, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    party = "Dbtr" if came_in == "CRDT" else "Cdtr"
    told = [_text(payment, f"RltdPties/{party}/Nm", f"RltdPties/{party}/Pty/Nm")]
    if payment is not None:
        told += [tidy(e.text or "") for e in payment.findall("RmtInf/Ustrd")]
        told += [_text(payment, "RmtInf/Strd/CdtrRefInf/Ref"), _text(payment, "AddtlTxInf")]
    told += [_text(entry, "AddtlNtryInf")]
    return "; ".join(dict.fromkeys(text for text in told if text))

"""camt.053 (statements) and camt.054 (notifications) of ISO 20022, every version: elements go by name, not by namespace.

A batch becomes one line for each payment in it when their amounts make up the entry's, and stays one line otherwise. Credit
and debit say which way the money went, also for a reversal: the reversal mark only explains it.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from funding.statements.formats import amounts, dates
from funding.statements.formats.letters import tidy
from funding.statements.formats.statement import (
    Line,
    NotReadable,
    Statement,
    Status,
    Told,
    at_line,
    oldest_first,
)

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
NAMED = ("/Nm", "/Pty/Nm", "/Agt/FinInstnId/Nm")
NOT_PROVIDED = {"NOTPROVIDED", "NOT PROVIDED", "NONREF"}
REFERENCES = ("AcctSvcrRef", "EndToEndId", "TxId", "InstrId", "MsgId", "PmtInfId")
AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
"""Where the amount of one payment of a batch stands; it counts only where all of them make up the entry."""
DAYS = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
DAYS_OF_PAYMENT = tuple(
    f"NtryDtls/TxDtls/RltdDts/{day}" for day in ("IntrBkSttlmDt", "TxDtTm", "AccptncDtTm")
)
ANOTHER_BEGINS = re.compile(rb"(?=<\?xml\s)")


def is_ours(content: bytes) -> bool:
    """Whether this is XML of either message, before it is read."""
    bare = content.replace(b"\x00", b"")
    return b"<" in bare[:200] and any(name.encode() in bare for name in MESSAGES)


def read(content: bytes) -> list[Statement]:
    """Every statement in the file. Raises `NotReadable`."""
    messages = [
        message for part in _documents(content) for message in tree(part).iter() if _name(message) in MESSAGES
    ]
    if not messages and b"BkToCstmrAcctRpt" in content.replace(b"\x00", b""):
        raise NotReadable(
            "This is a report of the day so far (camt.052). Choose the statement (camt.053) where it is downloaded."
        )
    if not messages:
        raise NotReadable("This XML file holds no bank statement (camt.053) and no notification (camt.054).")
    found = [
        (name, element, _text(m, "GrpHdr/CreDtTm"))
        for m in messages
        for name, part in (MESSAGES[_name(m)],)
        for element in _all(m, part)
    ]
    if not found:
        raise NotReadable("There is no statement in this file.")
    return [
        _statement(name, element, number, sent_on, currency)
        for number, (name, element, sent_on) in enumerate(found, start=1)
        for currency in _currencies(name, element)
    ]


def _currencies(name: str, element: ET.Element) -> list[str]:
    """A notification may list entries of several currencies; as it has no balances, each is told by itself."""
    first = _currency(element)
    if name != "camt054":
        return [first]
    there = [_code(entry.find("Amt")) or first for entry in _all(element, "Ntry")]
    return list(dict.fromkeys(there)) or [first]


def _documents(content: bytes) -> list[bytes]:
    """The file, or each of several that were put one behind the other."""
    parts = [part for part in ANOTHER_BEGINS.split(content) if part.strip()]
    return parts if len(parts) > 1 else [content.lstrip(b" \t\r\n")]


def _name(element: ET.Element) -> str:
    return re.sub(r"V[0-9]{2}$", "", str(element.tag))


def tree(content: bytes) -> ET.Element:
    """The elements without their namespaces. Raises `NotReadable`; entities are never followed."""
    try:
        root: ET.Element = fromstring(_in_its_encoding(content), forbid_dtd=True)
    except DefusedXmlException:
        raise NotReadable(
            "This file defines entities of its own, which no bank does; it is not read."
        ) from None
    except ET.ParseError as broken:
        line = getattr(broken, "position", (1, 0))[0]
        refused = NotReadable("This is not whole XML; the file may be cut off.")
        raise refused.at(at_line(line)) from None
    except (ValueError, LookupError):
        raise NotReadable("The letters of this file are in no encoding that we know.") from None
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    return root


def _in_its_encoding(content: bytes) -> bytes:
    """What says it is UTF-8 and is not, is Windows-1252 from somebody's own program."""
    beginning = content[:200].lower()
    if b"encoding" in beginning and b"utf-8" not in beginning:
        return content
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        if b"\x00" not in content[:4]:
            return content.decode("cp1252", errors="replace").encode()
    return content


def _all(element: ET.Element, name: str) -> list[ET.Element]:
    return [child for child in element if child.tag == name]


def _text(element: ET.Element | None, *paths: str) -> str:
    """The first of these elements that says something."""
    for path in paths:
        found = element.find(path) if element is not None else None
        if found is not None and found.text and found.text.strip():
            return tidy(found.text)
    return ""


def _statement(name: str, element: ET.Element, number: int, sent_on: str, currency: str) -> Statement:
    account = _text(element, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")
    warnings: list[Told] = []
    lines: list[Line] = []
    entries = _all(element, "Ntry")
    made_on = _text(element, "CreDtTm") or sent_on
    for count, entry in enumerate(entries, start=1):
        if name == "camt054" and (_code(entry.find("Amt")) or currency) != currency:
            continue
        place = Told("Statement %(statement)s, entry %(entry)s", statement=number, entry=count)
        lines += _lines(entry, currency, place, warnings, made_on)
    told = _text(element, "TxsSummry/TtlNtries/NbOfNtries")
    if told.isdecimal() and int(told[:9]) != len(entries):
        warnings.append(
            Told(
                "Statement %(statement)s says it has %(told)s entries; %(there)s are there.",
                statement=number,
                told=told[:9],
                there=len(entries),
            )
        )
    balances = _Balances(element, currency) if name == "camt053" else None
    return Statement(
        name,
        account or None,
        currency,
        balances.opening if balances else None,
        balances.closing if balances else None,
        oldest_first(lines),
        tuple(warnings),
        balances.closed_on if balances else None,
    )


def _currency(element: ET.Element) -> str:
    for where in ("Acct/Ccy", "Bal/Amt[@Ccy]", "Ntry/Amt[@Ccy]"):
        code = _code(element.find(where))
        if code:
            return code
    raise NotReadable("The statement names no currency.")


def _code(element: ET.Element | None) -> str:
    """The currency that an element names, as its words or beside its amount; nothing else that stands there."""
    code = ((element.get("Ccy") or element.text or "") if element is not None else "").strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""  # noqa: PLR2004 - as ISO 4217 has it


def _amount(element: ET.Element, currency: str, place: Told) -> int:
    """The element's amount with its direction."""
    found = element.find("Amt")
    if found is None or not (found.text or "").strip():
        raise NotReadable("There is no amount.").at(place)
    if (found.get("Ccy") or currency).upper() != currency:
        other = tidy(found.get("Ccy") or "")
        refused = NotReadable(
            "An amount is in %(other)s on an account in %(currency)s.", other=other, currency=currency
        )
        raise refused.at(place)
    side = _text(element, "CdtDbtInd")
    if side not in {"CRDT", "DBIT"}:
        raise NotReadable("Nothing says whether money came in or went out.").at(place)
    try:
        return (1 if side == "CRDT" else -1) * amounts.minor(found.text or "", currency)
    except NotReadable as refused:
        raise refused.at(place) from None


class _Balances:
    """The balances around a statement; an interim one stands in where a page begins or ends within the day."""

    def __init__(self, element: ET.Element, currency: str) -> None:
        self.currency = currency
        self.there = [b for b in _all(element, "Bal") if self._is_in(b, currency)]
        first = self._of("OPBD") or self._of("PRCD") or self._of("ITBD")
        last = self._of("CLBD") or [b for b in self._of("ITBD") if b not in first[:1]]
        self.opening = self._amount(first[0]) if first else None
        self.closing = self._amount(last[-1]) if last else None
        self.closed_on = _found_day(last[-1], "Dt/Dt", "Dt/DtTm") if last else None

    @staticmethod
    def _is_in(balance: ET.Element, currency: str) -> bool:
        amount = balance.find("Amt")
        return amount is None or (amount.get("Ccy") or currency).upper() == currency

    def _of(self, code: str) -> list[ET.Element]:
        found = [b for b in self.there if _text(b, "Tp/CdOrPrtry/Cd", "Tp/Cd") == code]
        return sorted(found, key=lambda b: _text(b, "Dt/Dt", "Dt/DtTm"))

    def _amount(self, balance: ET.Element) -> int:
        code = _text(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd")
        return _amount(balance, self.currency, Told("Balance %(code)s", code=code))


def _lines(
    entry: ET.Element, currency: str, place: Told, warnings: list[Told], made_on: str
) -> Iterator[Line]:
    amount = _amount(entry, currency, place)
    status = _status(entry, place, warnings)
    own_day = _found_day(entry, *DAYS, *DAYS_OF_PAYMENT)
    day = own_day or _borrowed_day(made_on, place, warnings if status == Status.BOOKED else [])
    payments = [*entry.findall("NtryDtls/TxDtls"), *_all(entry, "TxDtls")]
    parts = _parts(payments, amount, currency)
    if len(payments) > 1 and not parts:
        warnings.append(
            Told(
                "%(place)s: the %(count)s payments of this batch do not add up to it; it is kept as one line.",
                place=place,
                count=len(payments),
            )
        )
    whole: list[tuple[ET.Element | None, int]] = [(payments[0] if len(payments) == 1 else None, amount)]
    for payment, part in parts or whole:
        reference, words = _reference(payment, entry), _words(payment, entry)
        yield Line(day, part, reference, words, status, None, place, is_day_borrowed=own_day is None)


def _status(entry: ET.Element, place: Told, warnings: list[Told]) -> Status:
    code = _text(entry, "Sts/Cd", "Sts/Prtry", "Sts")
    if code not in STATUSES:
        warnings.append(
            Told(
                "%(place)s: we do not know the status “%(status)s”; it is kept as pending.",
                place=place,
                status=code[:40],
            )
        )
    return STATUSES.get(code, Status.PENDING)


def _borrowed_day(made_on: str, place: Told, warnings: list[Told]) -> date:
    """For an entry without a day of its own: that on which the bank wrote the file. Raises `NotReadable`."""
    day = _read_day(made_on)
    if day is None:
        raise NotReadable("There is no date.").at(place)
    warnings.append(
        Told("%(place)s: there is no date; the day the bank wrote the file is taken.", place=place)
    )
    return day


def _found_day(element: ET.Element, *paths: str) -> date | None:
    return _read_day(_text(element, *paths))


def _read_day(text: str) -> date | None:
    try:
        return dates.read(text[:10]).date()
    except NotReadable:
        return None


def _parts(payments: list[ET.Element], amount: int, currency: str) -> list[tuple[ET.Element | None, int]]:
    """The payments of a batch with their amounts; none when they do not make up the entry."""
    if len(payments) < 2:  # noqa: PLR2004 - one payment is the entry itself
        return []
    sign = 1 if amount >= 0 else -1
    parts: list[tuple[ET.Element | None, int]] = []
    for payment in payments:
        found = next((a for path in AMOUNTS if (a := payment.find(path)) is not None), None)
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
    if payment is None or len([*entry.findall("NtryDtls/TxDtls"), *_all(entry, "TxDtls")]) == 1:
        told = [_text(entry, "AcctSvcrRef"), *told, _text(entry, "NtryRef")]
    else:
        told += [_text(entry, "AcctSvcrRef", "NtryRef")]
    return next((text for text in told if text and text.upper() not in NOT_PROVIDED), "")


def _words(payment: ET.Element | None, entry: ET.Element) -> str:
    """Who, for what, and what the bank wrote beside it."""
    came_in = (_text(payment, "CdtDbtInd") or _text(entry, "CdtDbtInd")) == "CRDT"
    goes_back = _text(entry, "RvslInd") in {"true", "1"}
    party = "Dbtr" if came_in != goes_back else "Cdtr"  # what goes back names who had been paid, or had paid
    told = [_text(payment, *(f"RltdPties/{who}{party}{name}" for who in ("", "Ultmt") for name in NAMED))]
    if payment is not None:
        told += [tidy(e.text or "") for e in payment.findall("RmtInf/Ustrd")]
        told += [_text(payment, "RmtInf/Strd/CdtrRefInf/Ref"), _text(payment, "AddtlTxInf")]
    told += [_text(entry, "AddtlNtryInf"), "Reversal" if goes_back else ""]
    return "; ".join(dict.fromkeys(text for text in told if text))

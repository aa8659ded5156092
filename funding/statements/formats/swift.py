"""MT940 (statements) and MT942 (interim reports) of SWIFT, read by mt-940 after the messages were laid out cleanly.

A statement that goes on over several messages (`:60M:`, `:62M:`) is put together again. What an interim report lists is not
yet booked. The day is the entry date where there is one, else the value date.
"""

import io
import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import mt940
from mt940.tags import Statement as StatementLine
from mt940.tags import StatementNumber

from funding.statements.formats import amounts, dates
from funding.statements.formats.amounts import shown
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

NAMES = ("mt940", "mt942")
FIELD = re.compile(r"\s{0,3}:([0-9]{2}[A-Z]?|NS):", re.IGNORECASE)
SECONDS = re.compile(r"[0-5][0-9](?:[^0-9]|$)")
BALANCES = {"60", "62", "64", "65"}
KNOWN = {"13", "20", "21", "25", "28", "34", "60", "61", "62", "64", "65", "86", "90", "NS"}
ASIDE = {"NONREF", "NOTPROVIDED", "EREF", "PREF", "MARF", "KREF", "RREF", "NOREF", "NO REF"}
"""What banks write where there is no reference, or where it stands among the words."""
BALANCE = re.compile(r"[DC][0-9]{6}[A-Z]{3}0*[0-9]{1,15}(?:,[0-9]{0,3})?")
BARE_BALANCE = re.compile(r"([DC][0-9]{6})([0-9]{1,15},[0-9]{0,2})")
"""Without its currency, as some programs write the closing one."""
NOUGHTS = re.compile(r"(?<=[A-Z]{3})0+(?=[0-9])")
END = "-"
AMONG_WORDS = re.compile(r"/([EP]REF)/([^/]+)")
MOVEMENT = re.compile(
    r"[0-9]{6}(?:[0-9]{4}|\s{4})?(?:R?[DC]|E[DC])[A-Z]?\s?0*[0-9]{1,15}(?:,[0-9]{0,3})?(?=[A-Z]|\s*$)",
    re.IGNORECASE,
)
BROKEN = re.compile(r"([0-9]{6}(?:[0-9]{4}|\s{4})?R?[DC][A-Z]?)\n(?=[0-9])", re.IGNORECASE)
"""A movement whose line ends before its amount."""
PARTED = re.compile(r"(?<=[0-9,]) (?=[A-Z][A-Z0-9]{3})")
"""A space between the amount and the kind of movement, as Commerzbank and Deutsche Bank write it."""
POINT = re.compile(r"([0-9])\.([0-9]{1,3})(?![0-9.,])")
FLOOR = re.compile(r"[A-Z]{3}[DC ]?0*[0-9]{1,15}(?:,[0-9]{0,3})?")
TEXTS = (
    *("applicant_name", "recipient_name", "purpose", "additional_purpose", "posting_text"),
    *("transaction_details", "extra_details", "non_swift_text"),
)

logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)  # it would write people's payments into the log


class _Field(NamedTuple):
    tag: str
    value: str
    line: int


class _Movement(StatementLine):
    """A statement line that also knows expected movements (EC, ED) and never swallows the line before it."""

    pattern = StatementLine.pattern.replace("R?[DC]", "[RE]?[DC]")

    def __call__(self, transactions: Any, value: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = super().__call__(transactions, {**value, "id": value.get("id") or "NMSC"})
        if str(value["status"]).upper() == "ED":
            told["amount"].amount = -told["amount"].amount
        return told


class _Number(StatementNumber):
    """The number of the statement, which banks write in more ways than the standard has."""

    pattern = r"(?P<statement_number>[^/\n]*)(?:/(?P<sequence_number>[^\n]*))?"


_Movement.__name__, _Number.__name__ = "Statement", "StatementNumber"  # the library goes by these names


def is_ours(text: str) -> bool:
    """Whether this has a SWIFT statement's fields."""
    return (
        re.search(r"(?:^[ \t]{0,3}|\{4:\s*):(?:20|25|28C?|60[FM]|61|62[FM]):", text, re.MULTILINE) is not None
    )


def read(text: str) -> list[Statement]:
    """Every statement in the file. Raises `NotReadable`."""
    messages = list(_messages(text))
    if not messages:
        raise NotReadable("There is no SWIFT statement in this file: no line begins with “:20:” or “:25:”.")
    statements: list[tuple[str, Statement]] = []
    for fields in messages:
        chapter, statement = _message(fields)
        if statements and _goes_on(statements[-1], chapter, statement, fields):
            statements[-1] = (chapter, _joined(statements[-1][1], statement))
        else:
            statements.append((chapter, statement))
    return [statement for _, statement in statements]


def _messages(text: str) -> Iterator[list[_Field]]:
    """The fields of each message, without the envelopes around it; one that is whole closes with an end."""
    fields: list[_Field] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = re.sub(r"^(?:\{[1235]:(?:[^{}]|\{[^{}]*\})*\})*\{4:", "", raw).rstrip()
        is_end = line.startswith("-}") or line.strip() == END
        tag, value = (END, "") if is_end else _tag(line, fields)
        begins = tag == "20" or (tag == "25" and _is_over(fields))
        if begins and fields:
            yield [*fields, _Field(END, "", number)]
            fields = []
        if tag and (fields or begins):  # what stands before the first message belongs to none
            fields.append(_Field(tag, value, number))
        elif fields and line.strip() and not line.startswith("{"):
            _go_on(fields, line)
    if fields:
        yield fields


def _is_over(fields: list[_Field]) -> bool:
    """Whether the next account belongs to another message, though some banks leave out the reference before it."""
    return not fields or any(field.tag.startswith("62") for field in fields)


def _go_on(fields: list[_Field], line: str) -> None:
    while fields[-1].tag == END:  # a stroke among the words
        fields.pop()
    last = fields[-1]
    join = "" if FIELD.match(line) else "\n"  # what looks like a field is a time that was broken
    fields[-1] = last._replace(value=f"{last.value}{join}{line}")


def _tag(line: str, before: list[_Field]) -> tuple[str, str]:
    """The field that begins on this line; none where words were broken in the middle of a time such as 16:20:37."""
    found = FIELD.match(line)
    tag, value = (found[1].upper(), line[found.end() :]) if found else ("", "")
    goes_on = bool(before) and before[-1].tag == "86" and SECONDS.match(value)
    return (tag, value) if tag[:2] in KNOWN and not goes_on else ("", "")


def _message(fields: list[_Field]) -> tuple[str, Statement]:
    is_whole = fields[-1].tag == END
    fields = _with_currency([field for field in fields if field.tag != END])
    fields = [_checked(field) for field in _belonging(fields)]
    tags = {field.tag for field in fields}
    is_interim = not any(tag.startswith(("60", "62")) for tag in tags)
    if is_interim and not tags & {"34F", "90C", "90D"}:
        refused = NotReadable("This message has no balance, so it is no statement.")
        raise refused.at(at_line(fields[0].line))
    is_closed = is_interim or any(tag.startswith("62") for tag in tags)
    if not is_closed and not is_whole:
        refused = NotReadable("The statement has no closing balance; the file may be cut off.")
        raise refused.at(at_line(fields[-1].line))
    parsed = _parsed(fields)
    currency = str(parsed.currency or _currency_of_totals(fields)).upper()
    places = [at_line(field.line) for field in fields if field.tag == "61"]
    if len(parsed.transactions) != len(places):
        refused = NotReadable("The lines of this statement cannot be told apart.")
        raise refused.at(at_line(fields[0].line))
    status = Status.PENDING if is_interim else Status.BOOKED
    lines = [_line(t.data, currency, status, p) for t, p in zip(parsed.transactions, places, strict=True)]
    account = _account(tidy(str(parsed.data.get("account_identification") or "")), currency)
    told = Statement(
        "mt942" if is_interim else "mt940",
        account or None,
        currency,
        _balance(parsed.data, "opening", currency),
        _balance(parsed.data, "closing", currency),
        tuple(lines) if "62M" in tags or "60M" in tags else oldest_first(lines),
        (
            *_sums_that_differ(parsed.data, lines, currency, fields[0].line),
            *(() if is_closed else (NOT_CLOSED,)),
        ),
        _closed_on(fields) if is_closed and not is_interim else None,
    )
    return str(parsed.data.get("statement_number") or ""), told


def _account(text: str, currency: str) -> str:
    """Without the strokes that some banks write before the number, and the currency behind it."""
    text = text.lstrip("/")
    bare = text.removesuffix(currency).rstrip()
    return bare if bare[-1:].isdigit() else text


def _currency_of_totals(fields: list[_Field]) -> str:
    """An interim report without a floor names its currency in its totals only."""
    found = (re.match(r"[0-9]{1,5}([A-Z]{3})", field.value) for field in fields if field.tag[:2] == "90")
    code = next((match[1] for match in found if match), "")
    if not code:
        raise NotReadable("The statement names no currency.")
    return code


NOT_CLOSED = Told("The statement says nothing of a closing balance.")


def _with_currency(fields: list[_Field]) -> list[_Field]:
    """Balances that leave out their currency are in that of the others."""
    codes = (re.match(r"[DC][0-9]{6}([A-Z]{3})", field.value) for field in fields if field.tag[0] == "6")
    code = next((match[1] for match in codes if match), "")
    return [
        field._replace(value=BARE_BALANCE.sub(rf"\g<1>{code}\2", field.value, count=1))
        if code and field.tag[:2] in BALANCES and BARE_BALANCE.fullmatch(field.value.strip())
        else field
        for field in fields
    ]


def _closed_on(fields: list[_Field]) -> date | None:
    closing = [field.value for field in fields if field.tag.startswith("62")]
    try:
        return dates.read(f"20{closing[-1][1:7]}").date()
    except NotReadable:
        return None


def _belonging(fields: list[_Field]) -> Iterator[_Field]:
    """Without what the bank says about the statement as a whole: it would be taken for words about the last line."""
    seen = ""
    for field in fields:
        if field.tag == "86" and not seen.startswith("61"):
            continue
        if field.tag[:2] in BALANCES or field.tag == "61":
            seen = field.tag
        yield field


def _checked(field: _Field) -> _Field:
    """The field with a comma before its decimals. Raises when it is not what its tag promises."""
    shapes = {"60": BALANCE, "62": BALANCE, "61": MOVEMENT, "34": FLOOR}
    shape = shapes.get(field.tag[:2])
    if shape is None:
        return field
    first, newline, rest = BROKEN.sub(r"\1", field.value, count=1).partition("\n")
    first = PARTED.sub("", first, count=1) if field.tag == "61" and not MOVEMENT.match(first) else first
    first = POINT.sub(r"\1,\2", first, count=1) if "," not in first.partition("//")[0][:40] else first
    matches = shape.match(first) if field.tag == "61" else shape.fullmatch(first.strip())
    if not matches:
        refused = NotReadable(
            "“%(text)s” is not what stands in a field %(tag)s.", text=tidy(first)[:60], tag=field.tag
        )
        raise refused.at(at_line(field.line))
    first = NOUGHTS.sub("", first, count=1) if field.tag[:2] in BALANCES else first
    return field._replace(value=f"{first}{newline}{rest}")


def _parsed(fields: list[_Field]) -> Any:
    clean = "\n".join(f":{field.tag}:{field.value}" for field in fields)
    try:
        return mt940.parse(
            io.StringIO(clean),
            tags={61: _Movement(), 28: _Number()},
            options=mt940.Options.all(),
        )
    except Exception:  # noqa: BLE001 - the library raises what it meets; the file is what is wrong
        raise NotReadable("The statement that begins here is not whole.").at(
            at_line(fields[0].line)
        ) from None


def _line(told: dict[str, Any], currency: str, status: Status, place: Told) -> Line:
    day = told.get("entry_date") or told["date"]
    words = [tidy(str(told.get(name) or "")) for name in TEXTS]
    is_expected = str(told.get("status")).upper().startswith("E")
    return Line(
        date(day.year, day.month, day.day),
        _minor(told["amount"].amount, currency, place),
        _reference(told, " ".join(words)),
        "; ".join(dict.fromkeys(word for word in words if word)),
        Status.PENDING if is_expected else status,
        None,
        place,
    )


def _reference(told: dict[str, Any], words: str) -> str:
    """The owner's; where that only says under which name it stands among the words, the one there; else the bank's."""
    owner, bank = (tidy(str(told.get(f"{whose}_reference") or "")) for whose in ("customer", "bank"))
    among = {name: found.strip() for name, found in AMONG_WORDS.findall(words)}
    told_there = among.get(owner.upper(), "")
    end_to_end = tidy(str(told.get("end_to_end_reference") or ""))
    found = (owner, told_there, bank, end_to_end, *among.values())
    return next((one for one in found if one and one.upper() not in ASIDE), "")


def _minor(value: Decimal, currency: str, place: Told) -> int:
    try:
        return amounts.minor(f"{value:f}", currency)
    except NotReadable as refused:
        raise refused.at(place) from None


def _balance(told: dict[str, Any], which: str, currency: str) -> int | None:
    for kind in ("final_", "intermediate_", ""):
        balance = told.get(f"{kind}{which}_balance")
        if balance is not None:
            if balance.amount.currency.upper() != currency:
                raise NotReadable("The balances of a statement are in different currencies.")
            return _minor(balance.amount.amount, currency, Told("Balance"))
    return None


TOTALS = {
    "sum_credit_entries": (
        1,
        Told(
            "The message gives a total of money in that differs from its lines’ by %(amount)s %(currency)s."
        ),
    ),
    "sum_debit_entries": (
        -1,
        Told(
            "The message gives a total of money out that differs from its lines’ by %(amount)s %(currency)s."
        ),
    ),
}


def _sums_that_differ(told: dict[str, Any], lines: list[Line], currency: str, line: int) -> tuple[Told, ...]:
    """What an interim report says about itself and its lines do not."""
    differing = []
    for name, (sign, sentence) in TOTALS.items():
        if name in told:
            stated = abs(_minor(told[name].amount, currency, at_line(line)))
            found = sum(abs(each.amount) for each in lines if each.amount * sign > 0)
            if stated != found:
                words = Told(sentence.words, amount=shown(abs(stated - found), currency), currency=currency)
                differing.append(Told("%(place)s: %(sentence)s", place=at_line(line), sentence=words))
    return tuple(differing)


def _goes_on(before: tuple[str, Statement], chapter: str, after: Statement, fields: list[_Field]) -> bool:
    """Whether the message is the next page of the statement before it."""
    chapter_before, statement = before
    return (
        any(field.tag == "60M" for field in fields)
        and chapter_before == chapter
        and (statement.account, statement.currency) == (after.account, after.currency)
        and statement.closing == after.opening
    )


def _joined(before: Statement, after: Statement) -> Statement:
    lines = before.lines
    if lines:  # what the page before ended with is checked like a running balance
        lines = (*lines[:-1], _with_balance(lines[-1], before.closing))
    return Statement(
        before.format,
        before.account,
        before.currency,
        before.opening,
        after.closing,
        (*lines, *after.lines),
        (*before.warnings, *after.warnings),
        after.closed_on,
    )


def _with_balance(line: Line, balance: int | None) -> Line:
    return Line(line.date, line.amount, line.reference, line.text, line.status, balance, line.place)

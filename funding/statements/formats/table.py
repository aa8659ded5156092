"""From the rows of a CSV statement to its lines: amounts, days, order in time, balances before and after."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from funding.statements.formats import amounts, dates, order
from funding.statements.formats.letters import tidy
from funding.statements.formats.order import Entry
from funding.statements.formats.sheet import Row, Sheet, currency_named, plain
from funding.statements.formats.statement import Line, NotReadable, Statement, Status, Told, at_line

STATUSES = {
    "": Status.BOOKED,
    **dict.fromkeys(
        ("completed", "complete", "success", "successful", "booked", "posted", "settled", "ok", "paid"),
        Status.BOOKED,
    ),
    **dict.fromkeys(("gebucht", "umsatz gebucht"), Status.BOOKED),
    **dict.fromkeys(("transaction success", "ts", "book", "cleared"), Status.BOOKED),
    **dict.fromkeys(
        ("failed", "fail", "failure", "declined", "cancelled", "canceled", "expired", "rejected"),
        Status.FAILED,
    ),
    **dict.fromkeys(
        ("transaction failed", "tf", "unsuccessful", "aborted", "timed out", "reverted", "reversed"),
        Status.FAILED,
    ),
    **dict.fromkeys(("rollbacked", "rolled back", "transaction expired", "te"), Status.FAILED),
    **dict.fromkeys(
        ("pending", "initiated", "processing", "in progress", "authorized", "authorised"), Status.PENDING
    ),
    **dict.fromkeys(("transaction in progress", "tip", "transaction ambiguous", "ta"), Status.PENDING),
    **dict.fromkeys(("vorgemerkt", "umsatz vorgemerkt"), Status.PENDING),
}
INWARD = {"cr", "c", "credit", "crdt", "in", "received", "paid in", "money in", "deposit", "incoming"} | {
    *("haben", "h", "bij", "k", "kredit", "crédit", "crédito", "credito", "mr")
}
OUTWARD = {
    "dr",
    "d",
    "debit",
    "dbit",
    "out",
    "sent",
    "paid out",
    "money out",
    "withdrawal",
    "withdrawn",
    "outgoing",
    *("soll", "s", "af", "debet", "débit", "débito", "debito", "mp", "scp"),
}
"""MR, MP and SCP are Airtel's: a merchant's receipt, payment and service charge."""
ASSUMED = "KES"
NO_CURRENCY = Told("The file names no currency; Kenya shillings (KES) are assumed.")
TOTALS = re.compile(r"\b(?:sub ?)?totals?\b|\bsummary\b|\bcount\b", re.IGNORECASE)
BALANCE_WORD = r"(?:balance|solde|saldo|kontostand)"
OPENING = re.compile(
    r"\b(?:opening|brought (?:forward|fwd|down)|b/f(?:wd)?|b/d|alter kontostand|anfangssaldo)\b"
    rf"|\b(?:beginning|starting|previous) {BALANCE_WORD}\b"
    rf"|\b{BALANCE_WORD}\b.{{0,12}}\b(?:start|beginning|début|inicial|iniziale)\b",
    re.IGNORECASE,
)
CLOSING = re.compile(
    rf"\bending {BALANCE_WORD}\b"
    r"|\b(?:closing|carried (?:forward|fwd|down)|c/f(?:wd)?|c/d|endsaldo)\b|\b(?:neuer |letzter |^)kontostand\b"
    rf"|\b{BALANCE_WORD}\b.{{0,12}}\b(?:end|fin|final|finale)\b",
    re.IGNORECASE,
)
BALANCE = re.compile(rf"\b{BALANCE_WORD}\b", re.IGNORECASE)
OVER_CELLS = re.compile(r"[^0-9]*[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?[^0-9]*")
TIME_ONLY = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[AaPp][Mm])?")
MONEY = ("in", "out", "amount")


@dataclass(frozen=True)
class Table:
    """A sheet with what is known about how it writes money and days."""

    format: str
    sheet: Sheet
    currency: str
    mark: str
    is_month_first: bool
    text: tuple[str, ...] = ("text",)
    """The columns whose words make the line's text."""
    is_latest_first: bool = False
    """How such files usually run, for when neither times nor balances tell."""
    uppercase: bool = False
    """Whether references are capitals by nature, however an app wrote them."""


class _Read(NamedTuple):
    entries: list[Entry]
    opening: int | None
    closing: int | None
    warnings: list[Told]


def table(format_name: str, sheet: Sheet, currency: str | None, **known: object) -> Table:
    """A sheet of this format, with the way it writes money and days found out from all rows together."""
    sheet = _with_side_told_apart(sheet)
    currency = currency_of(sheet) or currency or ASSUMED
    columns = [sheet.columns[name] for name in (*MONEY, "fee", "balance") if name in sheet.columns]
    mark = amounts.decimal_mark((row.cell(column) for row in sheet.rows for column in columns), currency)
    days = [row.cell(sheet.columns.get(name)) for row in sheet.rows for name in ("date", "began")]
    month_first = dates.is_month_first(day for day in days if day[:1].isdigit())
    return Table(format_name, sheet, currency, mark, month_first, **known)  # type: ignore[arg-type]


def _with_side_told_apart(sheet: Sheet) -> Sheet:
    """A column called “type” says which way the money went in some files, and what it was for in others."""
    column = sheet.columns.get("side", sheet.columns.get("kind"))
    if column is None or "direction" in sheet.columns:
        return sheet
    said = {plain(row.cell(column)) for row in sheet.rows if row.cell(column)}
    if not said or not said <= INWARD | OUTWARD:
        return sheet
    return replace(sheet, columns={**sheet.columns, "direction": column})


def currency_of(sheet: Sheet) -> str | None:
    """The currency of the rows, else of the header or what stands above it. Raises `NotReadable` for a mixture.

    What stands beside an amount counts as well: money of two currencies cannot be added up.
    """
    column = sheet.columns.get("currency")
    told = {currency_named(row.cell(column).upper()) for row in sheet.rows if row.cell(column)} - {None}
    there = sorted(code for code in (told or {sheet.currency}) | _beside_amounts(sheet) if code)
    if len(there) > 1:
        raise NotReadable(
            "This file mixes %(one)s and %(other)s. Save a statement for each account.",
            one=there[0],
            other=there[1],
        )
    return there[0] if there else None


def _beside_amounts(sheet: Sheet) -> set[str | None]:
    """The currencies written in cells that hold an amount and nothing else."""
    names = (*MONEY, "fee", "balance")
    money = [sheet.columns[name] for name in names if name in sheet.columns]
    cells = {row.cell(column).upper() for row in sheet.rows for column in money}
    return {currency_named(cell) for cell in cells if _is_an_amount(cell)}


def _is_an_amount(cell: str) -> bool:
    words = [word for word in re.findall(r"[A-Z]+", cell) if word.lower() not in INWARD | OUTWARD]
    return len(words) <= 1 and any(sign.isdigit() for sign in cell)


def statement(told: Table, account: str | None, warnings: tuple[Told, ...] = ()) -> Statement:
    """The whole statement. Raises `NotReadable`, naming the line."""
    read = _read(told)
    entries = order.in_time(order.with_charges_that_count(read.entries), is_latest_first=told.is_latest_first)
    opening, closing = order.around(entries)
    if read.opening is not None:
        opening = read.opening
    if read.closing is not None:
        closing = read.closing
    lines = tuple(
        Line(e.when.date(), e.amount, e.reference, e.text, e.status, e.balance, e.place) for e in entries
    )
    return Statement(
        told.format, account, told.currency, opening, closing, lines, (*warnings, *read.warnings)
    )


def beside(sheet: Sheet, names: tuple[str, ...]) -> str | None:
    """What stands beside (or after a colon behind) one of these words above the header."""
    for row in sheet.above:
        cells = [cell for cell in row.cells if cell]
        for number, cell in enumerate(cells):
            label, colon, value = cell.partition(":")
            if plain(label) in names:
                beside_it = cells[number + 1] if number + 1 < len(cells) else ""
                found = tidy(value if colon and value.strip() else beside_it)
                if found:
                    return found
    return None


def _read(told: Table) -> _Read:
    read = _Read([], _stated(told, OPENING), _stated(told, CLOSING), [])
    last = told.sheet.rows[-1].number if told.sheet.rows else 0
    for place, row in enumerate(told.sheet.rows):
        if len(row.cells) > len(told.sheet.header.cells) and any(row.cells[len(told.sheet.header.cells) :]):
            raise NotReadable(
                "Line %(line)s has more columns than the header: perhaps an amount with a comma lacks its quotation marks.",
                line=row.number,
            )
        words = " ".join(row.cells)
        if _is_a_balance(told, row, words):
            read = _with_balance(told, row, read)
        elif _is_beside_the_point(told, row):
            _go_on(told, row, read.entries)
        else:
            _is_whole(told, row, last=last)
            read.entries.extend(_entries(told, place, read.warnings))
    return read


def _go_on(told: Table, row: Row, entries: list[Entry]) -> None:
    """Words alone under the words of a row go on with them: what takes tables out of PDFs breaks long ones.

    In the first column stands what a file says below its lines.
    """
    there = [place for place, cell in enumerate(row.cells) if cell]
    if (
        entries
        and there == [told.sheet.columns.get("text")] != [0]
        and not TOTALS.search(row.cells[there[0]])
    ):
        entries[-1] = entries[-1]._replace(text=tidy(f"{entries[-1].text} {row.cells[there[0]]}"))


def _money(told: Table, row: Row) -> dict[str, str]:
    return {name: row.cell(told.sheet.columns.get(name)) for name in MONEY if name in told.sheet.columns}


def _stated(told: Table, which: re.Pattern[str]) -> int | None:
    for row in told.sheet.above:
        out = _written_out(row, which)
        if out:
            return _amount(told, row, out)
        cells = [part.strip() for cell in row.cells for part in cell.split(":", 1) if part.strip()]
        for label, value in pairwise(cells):
            if which.search(label) and BALANCE.search(label) and any(c.isdigit() for c in value):
                return _amount(told, row, value)
    return None


def _written_out(row: Row, which: re.Pattern[str]) -> str:
    """The amount behind a label and a colon; the marks between its thousands may have torn it into cells."""
    for number, cell in enumerate(row.cells):
        label, _, value = cell.partition(":")
        if value.strip() and which.search(label) and BALANCE.search(label):
            whole = ",".join([value, *row.cells[number + 1 :]]).strip(", ")
            shown = whole if OVER_CELLS.fullmatch(whole) else value
            return shown if any(sign.isdigit() for sign in shown) else ""
    return ""


def _is_a_balance(told: Table, row: Row, words: str) -> bool:
    """Whether the row only says what the account held before or after: it moves nothing, or it has no day."""
    if not OPENING.search(words) and not CLOSING.search(words):
        return False
    return not any(_money(told, row).values()) or not any(c.isdigit() for c in _day(told, row))


def _with_balance(told: Table, row: Row, read: _Read) -> _Read:
    out = _written_out(row, OPENING) or _written_out(row, CLOSING)
    said = [out, row.cell(told.sheet.columns.get("balance")), *_money(told, row).values()]
    said += [cell for cell in reversed(row.cells) if any(c.isdigit() for c in cell)]
    shown = next((cell for cell in said if cell), "")
    if not any(c.isdigit() for c in shown):
        return read
    if OPENING.search(" ".join(row.cells)):
        return read._replace(opening=_amount(told, row, shown))
    return read._replace(closing=_amount(told, row, shown))


def _is_beside_the_point(told: Table, row: Row) -> bool:
    """A total or a note below the lines: nothing of it is money that moved."""
    cells = [cell for cell in row.cells if cell]
    day = _day(told, row)
    if day and (len(cells) == 1 or any(sign.isdigit() for sign in day)):
        return len(cells) == 1 and not cells[0][:1].isdigit()
    if any(TOTALS.search(cell) for cell in cells):
        return True
    is_a_cut_reference = len(cells) == 1 and " " not in cells[0] and any(c.isdigit() for c in cells[0])
    return not day and not any(_money(told, row).values()) and not is_a_cut_reference


def _is_whole(told: Table, row: Row, *, last: int) -> None:
    columns = told.sheet.columns
    if not _day(told, row):
        raise NotReadable("Line %(line)s has no date.", line=row.number)
    reaches = max(columns[name] for name in (*MONEY, "balance") if name in columns)
    if row.number == last and len(row.cells) <= reaches and len(row.cells) < len(told.sheet.header.cells):
        raise NotReadable("Line %(line)s stops in the middle; the file is cut off there.", line=row.number)


def _entries(told: Table, place: int, warnings: list[Told]) -> list[Entry]:
    columns, row = told.sheet.columns, told.sheet.rows[place]
    status = _status(row.cell(columns.get("status")), row, warnings)
    money = _money(told, row)
    shown = row.cell(columns.get("balance"))
    if not any(money.values()) and status != Status.FAILED:
        if not _stands_still(told, place, shown):
            raise NotReadable("Line %(line)s has no amount.", line=row.number)
        warnings.append(Told("Line %(line)s has no amount; it is kept as nought.", line=row.number))
    amount = _signed(told, row, money, warnings)
    balance = _amount(told, row, shown) if shown else None
    reference = tidy(row.cell(columns.get("reference")))
    whole = Entry(
        row.number,
        _when(told, row),
        amount,
        reference.upper() if told.uppercase else reference,
        _text(told, row),
        status,
        balance,
    )
    fee = _amount(told, row, row.cell(columns.get("fee")) or "0")
    if not fee or status == Status.FAILED:
        return [whole]
    charge = whole._replace(amount=-abs(fee), text=tidy(f"Fee: {whole.text}"))
    return [whole._replace(balance=None, charge=charge)]


def _stands_still(told: Table, place: int, shown: str) -> bool:
    """Whether the balance says that nothing moved: the line above or below has the same one."""
    if not shown:
        return False
    rows, column = told.sheet.rows, told.sheet.columns.get("balance")
    row = rows[place]
    beside = [*rows[max(0, place - 1) : place], *rows[place + 1 : place + 2]]
    balances = [one.cell(column) for one in beside if one.cell(column)]
    return any(_amount(told, row, one) == _amount(told, row, shown) for one in balances)


def _status(word: str, row: Row, warnings: list[Told]) -> Status:
    status = STATUSES.get(plain(word))
    if status is None:
        warnings.append(
            Told(
                "%(place)s: we do not know the status “%(status)s”; it is kept as pending.",
                place=at_line(row.number),
                status=tidy(word)[:40],
            )
        )
        return Status.PENDING
    return status


def _signed(told: Table, row: Row, money: dict[str, str], warnings: list[Told]) -> int:
    if money.get("amount"):
        amount = _amount(told, row, money["amount"])
        side = plain(row.cell(told.sheet.columns.get("direction")))
        if not side:
            return amount
        if side not in INWARD | OUTWARD:
            refused = NotReadable(
                "“%(text)s” does not say whether money came in or went out.", text=tidy(side)[:40]
            )
            raise refused.at(at_line(row.number))
        return abs(amount) if side in INWARD else -abs(amount)
    received = _amount(told, row, money.get("in") or "0")
    spent = abs(_amount(told, row, money.get("out") or "0"))
    if received and spent:
        warnings.append(
            Told(
                "%(place)s: money came in and went out on one line; the difference is kept.",
                place=at_line(row.number),
            )
        )
    return received - spent


def _amount(told: Table, row: Row, text: str) -> int:
    try:
        return amounts.minor(text, told.currency, told.mark)
    except NotReadable as refused:
        raise refused.at(at_line(row.number)) from None


def _day(told: Table, row: Row) -> str:
    """When it was booked; where that is still empty, when it began. A time alone is of the day on which it began."""
    booked, began = row.cell(told.sheet.columns["date"]), row.cell(told.sheet.columns.get("began"))
    if began and TIME_ONLY.fullmatch(booked):
        return f"{began.split()[0]} {booked}"
    return booked or began


def _when(told: Table, row: Row) -> datetime:
    day, time = _day(told, row), row.cell(told.sheet.columns.get("time"))
    try:
        return dates.read(f"{day} {time}".strip(), month_first=told.is_month_first)
    except NotReadable as refused:
        raise refused.at(at_line(row.number)) from None


def _text(told: Table, row: Row) -> str:
    parts: list[str] = []
    for name in told.text:
        part = tidy(row.cell(told.sheet.columns.get(name)))
        if part and not any(part in other for other in parts):
            parts.append(part)
    return "; ".join(parts)

"""Any CSV, by saying once which column holds what; without that, by the words banks commonly use."""

import json
from collections.abc import Mapping

from funding.statements.formats import dates, table
from funding.statements.formats.sheet import Row, Sheet, currency_named, find, plain, tables
from funding.statements.formats.statement import NotReadable, Statement

NAME = "csv"
CURRENCY = "KES"
COLUMNS = {
    "date": (
        *(
            "booking date",
            "posting date",
            "post date",
            "posted date",
            "transaction date",
            "trans date",
            "txn date",
        ),
        *("date", "entry date", "buchungstag", "date comptable", "tarehe", "value date", "completion time"),
    ),
    "time": ("time", "transaction time"),
    "reference": (
        *(
            "reference",
            "reference no",
            "reference number",
            "ref",
            "ref no",
            "transaction id",
            "transaction reference",
        ),
        *("receipt no", "receipt", "cheque no", "transaction no", "id"),
    ),
    "text": (
        "description",
        "details",
        "narration",
        "narrative",
        "particulars",
        "text",
        "memo",
        "transaction details",
    ),
    "party": ("payee", "counterparty", "beneficiary", "name", "payer"),
    "note": ("remarks", "purpose", "verwendungszweck"),
    "status": ("status", "transaction status"),
    "in": ("credit", "credit amount", "money in", "paid in", "deposit", "deposits", "in"),
    "out": (
        "debit",
        "debit amount",
        "money out",
        "paid out",
        "withdrawal",
        "withdrawals",
        "withdrawn",
        "out",
    ),
    "amount": ("amount", "transaction amount", "betrag", "montant", "kiasi", "value"),
    "direction": ("credit debit", "debit credit", "dr cr", "cr dr", "direction"),
    "fee": ("fee", "fees"),
    "balance": ("balance", "running balance", "closing balance", "book balance", "balance after"),
}
NEEDED = (("date",), ("in", "out", "amount"))
TEXTS = ("text", "party", "note")
ACCOUNTS = ("account number", "account no", "account", "iban", "mobile number", "short code", "till number")


def mapping(texts: tuple[str, ...]) -> dict[str, list[str]]:
    """The columns somebody named: `date=Day,amount=Sum`, `text=Payee+Memo`, or the same as JSON. Raises `NotReadable`."""
    named: dict[str, list[str]] = {}
    for text in texts:
        named.update(_from_json(text) if text.lstrip().startswith("{") else _from_pairs(text))
    unknown = sorted(set(named) - set(COLUMNS))
    if unknown:
        known = ", ".join(COLUMNS)
        raise NotReadable(f"“{unknown[0]}” cannot be mapped to a column; what can be is: {known}.")
    return named


def _from_pairs(text: str) -> dict[str, list[str]]:
    pairs = [pair.partition("=") for pair in text.split(",")]
    if any(not sign for _, sign, _ in pairs):
        raise NotReadable(
            "Write the columns as date=NAME,amount=NAME, with the names from the header or numbers from 1."
        )
    return {name.strip(): column.split("+") for name, _, column in pairs}


def _from_json(text: str) -> dict[str, list[str]]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise NotReadable("The mapping of columns is not JSON.") from None
    return {
        str(name): [str(part) for part in columns] if isinstance(columns, list) else [str(columns)]
        for name, columns in told.items()
    }


def sheet(text: str, named: Mapping[str, list[str]]) -> Sheet | None:
    """The table in the file, by the columns somebody named or by common names."""
    if not named:
        return find(text, COLUMNS, NEEDED)
    if "date" not in named or not set(named) & {"in", "out", "amount"}:
        raise NotReadable(
            "Say at least which column holds the date and which the amount (or the money in and out)."
        )
    flat = _flat(named)
    if all(column.strip().isdecimal() for column in flat.values()):
        return _by_number(text, {name: int(column) - 1 for name, column in flat.items()})
    return find(
        text, {name: (plain(column),) for name, column in flat.items()}, tuple((name,) for name in flat)
    )


def _flat(named: Mapping[str, list[str]]) -> dict[str, str]:
    """One column a name; the second and third of a text get names of their own."""
    return {
        name if not number else f"{name} {number}": column
        for name, columns in named.items()
        for number, column in enumerate(columns)
    }


def _by_number(text: str, columns: dict[str, int]) -> Sheet | None:
    if min(columns.values()) < 0:
        raise NotReadable("Columns are counted from 1.")
    width = max(columns.values()) + 1
    for rows in tables(text):
        for place, row in enumerate(rows):
            if len(row.cells) >= width and _is_day(row.cell(columns["date"])):
                header = Row(row.number, tuple("" for _ in row.cells))
                below = tuple(row for row in rows[place:] if not row.is_blank())
                return Sheet(tuple(rows[:place]), header, columns, below)
    return None


def _is_day(text: str) -> bool:
    for month_first in (False, True):
        try:
            dates.read(text, month_first=month_first)
        except NotReadable:
            continue
        return True
    return False


def read(found: Sheet, currency: str | None) -> Statement:
    """Read the lines under these columns. Raises `NotReadable`."""
    above = (currency_named(cell) for row in (found.header, *found.above) for cell in row.cells)
    named = currency or found.currency or next((code for code in above if code), None)
    warnings = () if named else ("The file names no currency; Kenya shillings (KES) are assumed.",)
    texts = tuple(name for name in found.columns if name.split()[0] in TEXTS)
    told = table.table(NAME, found, named or CURRENCY, text=texts)
    return table.statement(told, table.beside(found, ACCOUNTS), warnings)

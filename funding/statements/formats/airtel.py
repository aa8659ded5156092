"""Airtel Money statements, which differ by country and by how they were asked for.

Money in and out stand in two columns, or in one with a mark for the side, or signed; a fee may have a column of its own and
then becomes a line of its own with the same reference.
"""

import re

from funding.statements.formats import table
from funding.statements.formats.sheet import Sheet, find
from funding.statements.formats.statement import Statement

NAME = "airtel"
COLUMNS = {
    "reference": (
        *(
            "transaction id",
            "transation id",
            "txn id",
            "transaction number",
            "reference id",
            "reference",
            "reference no",
            "airtel money id",
        ),
        *("receipt no", "receipt number", "ref"),
    ),
    "date": (
        *(
            "transaction date and time",
            "transaction date time",
            "date and time",
            "date time",
            "transaction date",
        ),
        *("transaction time", "completion time", "date"),
    ),
    "time": ("time",),
    "text": (
        *("description", "details", "narration", "particulars", "transaction details"),
        *("service type", "service name"),
    ),
    "kind": ("transaction type", "type", "service name"),
    "party": ("other party", "sender receiver", "payer payee", "party", "name", "payer user name", "from"),
    "note": ("remarks", "comments", "note", "to"),
    "status": ("transaction status", "status"),
    "in": ("credit", "credit amount", "paid in", "money in", "amount in", "received"),
    "out": ("debit", "debit amount", "paid out", "money out", "amount out", "withdrawn", "sent"),
    "amount": ("amount", "transaction amount"),
    "direction": ("credit debit", "debit credit", "dr cr", "cr dr", "direction", "transaction flow"),
    "currency": ("currency", "currency code"),
    "fee": ("fee", "fees", "charges", "charge", "service charge", "transaction fee", "transaction charge"),
    "balance": (
        "balance",
        "running balance",
        "closing balance",
        "post transaction balance",
        "available balance",
        "post balance",
        "balance after",
    ),
}
NEEDED = (("reference",), ("date",), ("in", "out", "amount"))
REFERENCE = re.compile(r"[A-Z]{2}[0-9]{6}\.[0-9]{3,4}\.[A-Z][0-9]{4,6}", re.IGNORECASE)
MARKS = ("airtel", "transation id")
"""Its name, and its own way to write a column's."""
ACCOUNTS = (
    *("mobile number", "mobile no", "msisdn", "phone number", "account number", "account no", "account"),
    *("customer number", "customer msisdn", "wallet", "wallet number", "merchant code", "till number"),
)


def sheet(text: str) -> Sheet | None:
    """The table in the file, if its columns can be Airtel's."""
    return find(text, COLUMNS, NEEDED)


def is_ours(found: Sheet) -> bool:
    """Whether anything says that this is Airtel's: its name above or in the header, or references of its shape."""
    words = " ".join(cell for row in (*found.above, found.header) for cell in row.cells).lower()
    references = (row.cell(found.columns["reference"]) for row in found.rows)
    return any(mark in words for mark in MARKS) or any(
        REFERENCE.fullmatch(reference) for reference in references
    )


def read(found: Sheet, currency: str | None) -> Statement:
    """Read an Airtel Money statement. Raises `NotReadable`."""
    named = table.currency_of(found) or currency
    warnings = () if named else (table.NO_CURRENCY,)
    told = table.table(
        NAME,
        found,
        named,
        text=("text", "kind", "party", "note"),
        is_latest_first=True,
    )
    return table.statement(told, table.beside(found, ACCOUNTS), warnings)

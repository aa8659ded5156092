"""M-Pesa customer statements: the CSV of the app and of the PDF's table.

Lines stand above the header, the latest movement comes first, a charge is a row of its own, money out may be written with
or without a minus. A receipt is capitals by nature. The file names no currency: Kenya shillings unless something says
otherwise.
"""

import re

from funding.statements.formats import table
from funding.statements.formats.sheet import Row, Sheet, find, plain, tables
from funding.statements.formats.statement import Statement

NAME = "mpesa"
COLUMNS = {
    "reference": ("receipt no", "receipt", "receipt number"),
    "date": ("completion time", "completed time"),
    "text": ("details", "transaction details", "description"),
    "status": ("transaction status", "status"),
    "in": ("paid in", "paidin", "credit"),
    "out": ("withdrawn", "withdraw n", "withdraw", "withdrawal", "paid out", "debit"),
    "balance": ("balance",),
    "currency": ("currency",),
}
SEVEN = ("reference", "date", "text", "status", "in", "out", "balance")
"""The columns in their order, for a file that has lost its header."""
RECEIPT = re.compile(r"[A-Z][A-Z0-9]{9}", re.IGNORECASE)
NEEDED = (("reference",), ("date",), ("in", "out"))
ACCOUNTS = (
    *(
        "short code",
        "shortcode",
        "organization short code",
        "organisation short code",
        "till number",
        "till no",
    ),
    *(
        "paybill",
        "paybill number",
        "business number",
        "store number",
        "account number",
        "account no",
        "account",
    ),
    *("mobile number", "mobile no", "phone number", "msisdn", "customer number"),
)


def sheet(text: str) -> Sheet | None:
    """The table in the file, if it is one of M-Pesa's for customers."""
    return find(text, COLUMNS, NEEDED) or _without_header(text)


def _without_header(text: str) -> Sheet | None:
    """The rows of M-Pesa's seven columns, where somebody kept nothing but these."""
    columns = {name: place for place, name in enumerate(SEVEN)}
    for rows in tables(text):
        told = tuple(row for row in rows if not row.is_blank())
        if told and all(_is_a_movement(row) for row in told):
            return Sheet((), Row(0, SEVEN), columns, told)
    return None


def _is_a_movement(row: Row) -> bool:
    if len(row.cells) != len(SEVEN) or not RECEIPT.fullmatch(row.cells[0]):
        return False
    return table.STATUSES.get(plain(row.cells[3])) is not None and bool(row.cells[3])


def read(found: Sheet, currency: str | None) -> Statement:
    """Read a customer's statement. Raises `NotReadable`."""
    told = table.table(NAME, found, currency, is_latest_first=True, uppercase=True)
    return table.statement(told, table.beside(found, ACCOUNTS))

"""M-Pesa customer statements: the CSV of the app and of the PDF's table.

Lines stand above the header, the latest movement comes first, a charge is a row of its own, money out may be written with
or without a minus. A receipt is capitals by nature. The file names no currency: Kenya shillings unless something says
otherwise.
"""

from funding.statements.formats import table
from funding.statements.formats.sheet import Sheet, find
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
    return find(text, COLUMNS, NEEDED)


def read(found: Sheet, currency: str | None) -> Statement:
    """Read a customer's statement. Raises `NotReadable`."""
    told = table.table(NAME, found, currency, is_latest_first=True, uppercase=True)
    return table.statement(told, table.beside(found, ACCOUNTS))

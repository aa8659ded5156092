"""M-Pesa organisation statements (till and paybill): the customer's columns and those of the portal."""

from funding.statements.formats import mpesa, table
from funding.statements.formats.sheet import Sheet, find
from funding.statements.formats.statement import Statement

NAME = "mpesa-org"
COLUMNS = {
    **mpesa.COLUMNS,
    "began": ("initiation time",),
    "confirmed": ("balance confirmed",),
    "reason": ("reason type",),
    "party": ("other party info", "other party", "opposite party"),
    "linked": ("linked transaction id",),
    "for": ("account no", "account number"),
}
OWN = ("began", "confirmed", "reason", "party", "linked", "for")


def sheet(text: str) -> Sheet | None:
    """The table in the file, if it is one of the organisation portal's."""
    return find(text, COLUMNS, (*mpesa.NEEDED, OWN))


def read(found: Sheet, currency: str | None) -> Statement:
    """Read an organisation's statement. Raises `NotReadable`."""
    told = table.table(
        NAME,
        found,
        currency,
        text=("text", "party", "for"),
        is_latest_first=True,
        uppercase=True,
    )
    return table.statement(told, table.beside(found, mpesa.ACCOUNTS))

"""Any CSV, by saying once which column holds what; without that, by the words banks commonly use."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from funding.statements.formats import dates, table
from funding.statements.formats.letters import tidy
from funding.statements.formats.sheet import DEEPEST_HEADER, WIDEST_HEADER, Row, Sheet, find, plain, tables
from funding.statements.formats.statement import NotReadable, Statement

NAME = "csv"
LOOSELY = ("account", "bank account")
"""Columns that hold the account where one number stands in all rows and nobody's name beside it, else anything."""
COLUMNS = {
    "date": (
        *("booking date", "posting date", "post date", "posted date", "date posted", "transaction date"),
        *("transaction date and time", "transaction date time", "trans date", "tran date", "txn date"),
        *("completed date", "completion date", "completion time", "date time", "date and time", "date"),
        *(
            "entry date",
            "buchungstag",
            "buchungsdatum",
            "date comptable",
            "date operation",
            "fecha",
            "tarehe",
        ),
        *("value date", "transaction time"),
        *(
            "boekdatum",
            "datum",
            "data operazione",
            "data operacji",
            "data księgowania",
            "data lançamento",
            "data",
        ),
        *("fecha operación", "date opération", "date de valeur", "bokføringsdato", "bogføringsdato", "dato"),
        *("run date", "created utc", "created", "buchung"),
    ),
    "began": ("started date", "initiation time", "created on"),
    "time": ("time", "transaction time"),
    "reference": (
        *("reference", "reference no", "reference number", "ref", "ref no", "transaction reference"),
        *("transaction reference no", "transaction id", "txn id", "transaction number", "bank reference"),
        *("bank reference number", "bank reference no", "receipt no", "receipt", "receipt number"),
        *("transferwise id", "cheque no", "cheque number", "transaction no", "reference id", "id"),
        *(
            "kundenreferenz end to end",
            "buchungsreferenz",
            "n de transaction",
            "operation number",
            "transfer id",
        ),
        *("transaction ref", "trans ref", "tran ref", "tran id", "ref no cheque no", "chq ref no", "chq no"),
        *("customer reference", "instrument id"),
    ),
    "text": (
        *(
            "description",
            "transaction description",
            "details",
            "transaction details",
            "narration",
            "narrative",
        ),
        *(
            "transaction narrative",
            "particulars",
            "transaction particulars",
            "tran particulars",
            "transaction remarks",
            "transaction narration",
            "text",
            "memo",
            "libelle",
            "maelezo",
            "libellé",
            "label",
            "buchungstext",
            "transaktionsbeschreibung",
            "omschrijving",
            "naam omschrijving",
            "descrizione",
            "descripción",
            "concepto",
            "descrição",
            "opis operacji",
            "beskrivelse",
        ),
    ),
    "party": (
        "payee",
        "counterparty",
        "beneficiary",
        "name",
        "payer",
        "from to",
        "sender receiver",
        "to from",
        "counterparty name",
        "partner name",
        "naam tegenpartij",
        "beguenstigter zahlungspflichtiger",
        "begünstigter zahlungspflichtiger",
        "begünstigter auftraggeber",
        "auftraggeber empfänger",
        "zahlungsempfänger in",
    ),
    "note": ("remarks", "purpose", "verwendungszweck", "payment reference", "notes", "mededelingen"),
    "status": ("status", "transaction status", "state"),
    "in": (
        *("credit", "credit amount", "credits", "money in", "paid in", "amount in", "deposit", "deposits"),
        *("lodgement", "lodgements", "received", "haben", "in", "cr", "crédit"),
        *("gutschrift", "crédito", "credito", "abono", "entrate", "deposit amount", "credit amt"),
        *("deposit cr", "credit cr", "deposit amt"),
    ),
    "out": (
        *(
            "debit",
            "debit amount",
            "debits",
            "money out",
            "paid out",
            "amount out",
            "withdrawal",
            "withdrawals",
        ),
        *("withdrawn", "payments", "sent", "soll", "out", "dr", "débit"),
        *("belastung", "débito", "debito", "cargo", "uscite", "withdrawal amount", "debit amt"),
        *("withdrawal dr", "debit dr", "withdrawal amt"),
    ),
    "amount": (
        *("amount", "transaction amount", "betrag", "buchungsbetrag", "montant", "kiasi", "value", "importe"),
        *(
            "importo",
            "bedrag",
            "valor",
            "kwota",
            "kwota operacji",
            "belopp",
            "beløb",
            "beløp",
            "umsatz",
            "umsatz in",
        ),
        *("gross", "brutto"),
    ),
    "direction": (
        *(
            "credit debit",
            "debit credit",
            "dr cr",
            "cr dr",
            "d c",
            "c d",
            "direction",
            "debit credit indicator",
        ),
        *("credit debit indicator", "debit credit marker", "cr dr indicator", "af bij", "soll haben", "d k"),
    ),
    "side": ("type", "transaction type", "txn type", "tran type", "indicator"),
    "currency": (
        *("currency", "currency code", "ccy", "waehrung", "währung", "buchungswährung", "devise", "sarafu"),
        *("monn", "moneda", "waluta", "muntsoort", "munt", "valuta"),
    ),
    "fee": ("fee", "fees", "charge", "charges", "transaction fee"),
    "balance": (
        *(
            "balance",
            "running balance",
            "book balance",
            "ledger balance",
            "account balance",
            "closing balance",
        ),
        *("balance after", "balance amount", "available balance", "saldo", "solde", "salio"),
        *("kontostand", "saldo po operacji", "saldo na trn", "saldo na mutatie", "saldo disponible"),
    ),
    "account": ("account number", "account no", "auftragskonto", "rekening", "iban bban", "iban", *LOOSELY),
}
NEEDED = (("date",), ("in", "out", "amount"))
OF_EITHER_SIDE = {"iban"}
"""What some banks call the account of the other side; under any other name the column is the group's own."""
TEXTS = ("text", "party", "note")
ACCOUNTS = ("account number", "account no", "account", "iban", "mobile number", "short code", "till number")


def mapping(texts: tuple[str, ...]) -> dict[str, list[str]]:
    """The columns somebody named: `date=Day,amount=Sum`, `text=Payee+Memo`, or the same as JSON. Raises `NotReadable`."""
    named: dict[str, list[str]] = {}
    for text in texts:
        named.update(_from_json(text) if text.lstrip().startswith("{") else _from_pairs(text))
    unknown = sorted(set(named) - set(COLUMNS))
    if unknown:
        raise NotReadable(
            "“%(text)s” cannot be mapped to a column; what can be is: %(known)s.",
            text=unknown[0][:40],
            known=", ".join(COLUMNS),
        )
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
        return _by_number(text, {name: int(column[:9]) - 1 for name, column in flat.items()})
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


class Sample(NamedTuple):
    """A CSV whose columns nobody has named yet: what stands over each column, and a few rows below."""

    header: tuple[str, ...]
    """Empty words where the file has no header."""
    rows: tuple[tuple[str, ...], ...]

    def columns(self, chosen: Mapping[str, list[int]]) -> dict[str, list[str]]:
        """The choice of columns (counted from nought) as it is remembered: by their names where each has one of its own."""
        names = [plain(cell) for cell in self.header]
        wanted = [names[place] for places in chosen.values() for place in places]
        by_name = all(wanted) and all(names.count(name) == 1 for name in wanted)
        return {
            name: [self.header[place] if by_name else str(place + 1) for place in places]
            for name, places in chosen.items()
        }


SHOWN_ROWS = 3


def sample(text: str) -> Sample:
    """The columns of a CSV, for somebody to name. Raises `NotReadable`."""
    best: Sample | None = None
    for rows in tables(text):
        first = next((place for place, row in enumerate(rows[:DEEPEST_HEADER]) if _has_day(row)), None)
        if first is None:
            continue
        width = min(len(rows[first].cells), WIDEST_HEADER)
        above = [row for row in rows[:first] if sum(map(bool, row.cells)) > 1 and len(row.cells) >= width]
        header = above[-1].cells[:width] if above else ("",) * width
        below = tuple(row.cells[:width] for row in rows[first : first + SHOWN_ROWS])
        if width > 1 and (best is None or width > len(best.header)):
            best = Sample(header, below)
    if best is None:
        raise NotReadable("No line of this file begins with columns and a date, so it is no statement.")
    return best


def _has_day(row: Row) -> bool:
    return len(row.cells) > 1 and any(_is_day(cell) for cell in row.cells[:WIDEST_HEADER])


def read(found: Sheet, currency: str | None) -> Statement:
    """Read the lines under these columns. Raises `NotReadable`."""
    named = table.currency_of(found) or currency
    warnings = () if named else (table.NO_CURRENCY,)
    texts = tuple(name for name in found.columns if name.split()[0] in TEXTS)
    told = table.table(NAME, found, named, text=texts)
    account = own_account(found) or table.beside(found, ACCOUNTS)
    return table.statement(told, _without_currency(account, told.currency), warnings)


def _without_currency(account: str | None, currency: str) -> str | None:
    return account.removesuffix(currency).rstrip() if account else None


def own_account(sheet: Sheet) -> str | None:
    """The account that a column of the rows names. Raises `NotReadable` for a mixture."""
    column = sheet.columns.get("account")
    there = sorted({tidy(row.cell(column)) for row in sheet.rows if row.cell(column)})
    if column is not None and plain(sheet.header.cell(column)) in LOOSELY:
        is_in_all = "party" not in sheet.columns and all(row.cell(column) for row in sheet.rows)
        return there[0] if len(there) == 1 and is_in_all and there[0][-1:].isdigit() else None
    if len(there) > 1 and _is_of_the_other_side(sheet):
        return None
    if len(there) > 1:
        raise NotReadable("This file mixes several accounts. Save a statement for each account.")
    return there[0] if there else None


def _is_of_the_other_side(sheet: Sheet) -> bool:
    """Whether the account is that of whoever paid or was paid: it is called so, and most of them have one each."""
    account, party = sheet.columns["account"], sheet.columns.get("party")
    if plain(sheet.header.cell(account)) not in OF_EITHER_SIDE:
        return False
    pairs = {
        (tidy(row.cell(account)), plain(row.cell(party)))
        for row in sheet.rows
        if row.cell(account) and row.cell(party)
    }
    return all(_are_mostly_single([pair[side] for pair in pairs]) for side in (0, 1))


def _are_mostly_single(values: list[str]) -> bool:
    times = Counter(values).values()
    return 2 * sum(1 for count in times if count == 1) > len(times)

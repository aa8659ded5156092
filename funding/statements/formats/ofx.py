"""OFX 1.x (SGML) and 2.x (XML): bank and credit-card statements.

Read here and not by a library: ofxtools may only be used under the GPL 3, ofxparse has stood still since 2021. Both syntaxes
are the same tags; in SGML what holds a value need not be closed. Nothing is expanded but letters such as `&amp;`. A file gives
the closing balance only.
"""

import html
import re
import string
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from funding.statements.formats import amounts, dates, letters
from funding.statements.formats.letters import tidy
from funding.statements.formats.statement import Line, NotReadable, Statement, Status, Told, oldest_first
from funding.statements.formats.table import ASSUMED, NO_CURRENCY

NAME = "ofx"
STATEMENTS = {"STMTRS", "CCSTMTRS"}
MOVEMENTS = {"STMTTRN": Status.BOOKED, "STMTTRNP": Status.PENDING}
LISTS = {"BANKTRANLIST", "BALLIST"}
"""What only gathers others; some banks close one again before every movement."""
GROUPS = {
    *STATEMENTS,
    *MOVEMENTS,
    "LEDGERBAL",
    "AVAILBAL",
    "BANKACCTFROM",
    "CCACCTFROM",
    *LISTS,
}
PARTS = {"PAYEE", "BANKACCTTO", "CCACCTTO", "CURRENCY", "ORIGCURRENCY"}
TAG = re.compile(r"<(/?)([A-Za-z0-9._]+)\s*(/?)>([^<]*)")
AFTER_THE_END = re.compile(r"(?:<!--[^<>]*-->)?")
DEEPEST = 50
BALANCE_ONLY = re.compile(
    r"(?:saldo (?:anterior|inicial|final|atual|do dia)|(?:opening|previous|closing) balance)\W*",
    re.IGNORECASE,
)
CDATA, CDATA_ENDS = "<![CDATA[", "]]>"
CODECS = {"1252": "cp1252", "ISO-8859-1": "latin-1", "8859-1": "latin-1", "UTF-8": "utf-8"}


@dataclass
class _Group:
    name: str
    values: dict[str, str] = field(default_factory=dict)
    groups: list["_Group"] = field(default_factory=list)

    def value(self, *names: str) -> str:
        """The first of these values that is there."""
        return next((self.values[name] for name in names if self.values.get(name)), "")


def is_ours(text: str) -> bool:
    """Whether this is OFX of either kind."""
    return re.search(r"OFXHEADER|<OFX[\s>]", text[:4000], re.IGNORECASE) is not None


def decoded(content: bytes) -> str:
    """The letters, by what the header says of them where they are that, else by what they look like."""
    header = content[:1000]
    charset = re.search(rb"CHARSET:\s*([A-Za-z0-9-]+)", header)
    is_utf8 = re.search(rb"ENCODING:\s*UTF-?8", header) or content.startswith(b"\xef\xbb\xbf")
    codec = CODECS.get(charset[1].decode("ascii").upper()) if charset and not is_utf8 else None
    if codec:
        try:
            content.decode("utf-8")  # many declare 1252 and write UTF-8
        except UnicodeDecodeError:
            with suppress(UnicodeDecodeError):
                return content.decode(codec)
    return letters.read(content)


def read(text: str, currency: str | None = None) -> list[Statement]:
    """Every bank and credit-card statement in the file; `currency` is for those that name none. Raises `NotReadable`."""
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise NotReadable("This file defines entities of its own, which no bank does; it is not read.")
    start = re.search(r"<OFX(?:\s[^<>]*)?>", text, re.IGNORECASE)
    end = next(iter(deque(re.finditer(r"</OFX\s*>", text, re.IGNORECASE), maxlen=1)), None)
    if (
        not start
        or not end
        or not AFTER_THE_END.fullmatch(text[end.end() :].strip(f"{string.whitespace}\x1a"))
    ):
        raise NotReadable("This OFX file has no end; it is cut off, or not OFX.")
    statements = [_statement(group, currency) for group in _groups(_plain(text[start.start() : end.end()]))]
    if not statements:
        raise NotReadable("There is no bank or credit-card statement in this OFX file.")
    return statements


def _plain(text: str) -> str:
    """With what stands in CDATA sections as ordinary words."""
    before, *sections = text.split(CDATA)
    parts = [before]
    for section in sections:
        inside, ends, rest = section.partition(CDATA_ENDS)
        parts += [html.escape(inside, quote=False), rest] if ends else [section]
    return "".join(parts)


def _tags(text: str) -> Iterator[tuple[bool, str, str]]:
    for found in TAG.finditer(text):
        yield bool(found[1]), found[2].upper(), tidy(html.unescape(found[4]))
        if found[3]:
            yield True, found[2].upper(), ""


def _groups(text: str) -> list[_Group]:
    """Each statement with what is in it."""
    reader = _Reader()
    for closes, name, value in _tags(text):
        if name in PARTS:
            reader.step_into(name, closes=closes)
        elif name in GROUPS and closes:
            reader.close(name)
        elif name in GROUPS:
            reader.open(name)
        elif not closes:
            reader.keep(name, value)
    if reader.open_groups:
        raise NotReadable(
            "The parts of this OFX file are not in order: %(name)s has no end.",
            name=reader.open_groups[-1].name,
        )
    return reader.statements


class _Reader:
    def __init__(self) -> None:
        self.open_groups: list[_Group] = []
        self.part = ""
        self.statements: list[_Group] = []

    def step_into(self, name: str, *, closes: bool) -> None:
        """A small group whose values keep its name in front."""
        self.part = "" if closes else f"{name}."

    def open(self, name: str) -> None:
        if len(self.open_groups) >= DEEPEST:
            raise NotReadable(
                "The parts of this OFX file are not in order: %(name)s stands too deep.", name=name
            )
        group = _Group(name)
        if self.open_groups:
            self.open_groups[-1].groups.append(group)
        self.open_groups.append(group)
        self.part = ""

    def close(self, name: str) -> None:
        if name in LISTS and all(group.name != name for group in self.open_groups):
            return
        if not self.open_groups or not _ends(self.open_groups[-1].name, name):
            raise NotReadable(
                "The parts of this OFX file are not in order: %(name)s ends where it should not.", name=name
            )
        group = self.open_groups.pop()
        if name in STATEMENTS:
            self.statements.append(group)

    def keep(self, name: str, value: str) -> None:
        if self.open_groups:
            self.open_groups[-1].values.setdefault(self.part + name, value)


def _ends(opened: str, closed: str) -> bool:
    """Whether the one tag ends what the other began; some banks end a card's statement as an account's."""
    return opened == closed or {opened, closed} == STATEMENTS


def _within(group: _Group, *names: str) -> Iterator[_Group]:
    """The groups of these names, however deep."""
    for each in group.groups:
        if each.name in names:
            yield each
        else:
            yield from _within(each, *names)


def _statement(group: _Group, assumed: str | None) -> Statement:
    moved = [each for each in _within(group, *MOVEMENTS) if not _is_a_balance(each)]
    named = _currency(group, moved) or assumed
    currency = named or ASSUMED
    account = next((g.value("ACCTID") for g in _within(group, "BANKACCTFROM", "CCACCTFROM")), "")
    texts = [each.value("TRNAMT") for each in moved]
    balance = next(_within(group, "LEDGERBAL"), _Group("LEDGERBAL"))
    ledger = balance.value("BALAMT")
    mark = (
        amounts.decimal_mark([*texts, ledger], currency)
        if any("," in text for text in [*texts, ledger])
        else "."
    )
    lines = [_line(each, currency, mark, number) for number, each in enumerate(moved, start=1)]
    closing = _minor(ledger, currency, mark, Told("Balance")) if ledger else None
    closed_on = _day(balance.value("DTASOF")) if ledger else None
    warnings = () if named else (NO_CURRENCY,)
    return Statement(
        NAME, account or None, currency, None, closing, oldest_first(lines), warnings, closed_on=closed_on
    )


def _is_a_balance(group: _Group) -> bool:
    """Whether this only says what the account held; some banks list that among the movements, without a reference."""
    words = group.value("MEMO", "NAME")
    return not group.value("FITID") and BALANCE_ONLY.fullmatch(words) is not None


def _currency(group: _Group, moved: list[_Group]) -> str:
    """The statement's, else the one all its movements name; nothing when the bank left it empty."""
    named = [group.value("CURDEF"), *sorted({each.value("CURRENCY.CURSYM") for each in moved})]
    code = next((code.upper() for code in named if code), "")
    if code and not re.fullmatch(r"[A-Z]{3}", code):
        raise NotReadable("“%(text)s” is not a currency.", text=code[:40])
    return code


def _day(stamp: str) -> date | None:
    try:
        return dates.read(stamp[:8]).date()
    except NotReadable:
        return None


def _line(group: _Group, currency: str, mark: str, number: int) -> Line:
    place = Told("Movement %(number)s", number=number)
    other = group.value("CURRENCY.CURSYM").upper()
    if other and other != currency:
        refused = NotReadable(
            "An amount is in %(other)s on an account in %(currency)s.", other=other, currency=currency
        )
        raise refused.at(place)
    name = group.value("NAME", "PAYEE.NAME")
    words = dict.fromkeys(word for word in (name, group.value("MEMO")) if word)
    stamp = group.value("DTPOSTED", "DTTRAN", "DTUSER")
    day = _day(stamp)
    if day is None and stamp.strip("0"):
        raise NotReadable("“%(text)s” is not a date.", text=stamp[:40]).at(place)
    if day is None:
        raise NotReadable("There is no date.").at(place)
    return Line(
        day,
        _minor(group.value("TRNAMT"), currency, mark, place),
        group.value("FITID", "REFNUM", "CHECKNUM"),
        "; ".join(words),
        MOVEMENTS[group.name],
        None,
        place,
    )


def _minor(text: str, currency: str, mark: str, place: Told) -> int:
    own, _ = amounts.mark_of(text)  # some banks write movements with a comma and balances with a point
    try:
        return amounts.minor(text, currency, own or mark)
    except NotReadable as refused:
        raise refused.at(place) from None

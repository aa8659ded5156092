"""Amounts as files write them, and whole minor units."""

import re
import unicodedata
from collections.abc import Iterable

from funding.statements.formats.statement import NotReadable
from network.currencies import minor_digits

LARGEST = 2**63 - 1
SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’\u200e\u200f\u061c]+")
SAME = str.maketrans({"٫": ".", "٬": ",", "،": ",", "\u2212": "-", "\u2013": "-"})
BEFORE = re.compile(
    r"^([-+(]?)(?:[KTU]?shs?|[A-Z]{3}|(?:US|[ACR])?[$€£₦₵])\.?(?=[-+(]?[.,]?[0-9])", re.IGNORECASE
)
BEHIND = re.compile(r"(?<=[0-9)])(?:[KTU]?shs?|[A-Z]{3}|[$€£₦₵]|/[=-])(?=$|[-)]|[CD]R?$)", re.IGNORECASE)
SIDE = re.compile(r"(?<=[0-9)])(CR|DR|C|D)\.?$", re.IGNORECASE)
WHOLE = {
    ".": re.compile(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}"),
    ",": re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+"),
}
THOUSAND = 3
LONGEST = 60


def minor(text: str, currency: str, mark: str = ".") -> int:
    """An amount in minor units; `mark` stands before the decimals. Raises `NotReadable` with what is wrong."""
    bare, sign = _without_sign(text)
    whole, found, decimals = bare.partition(mark)
    digits = minor_digits(currency)
    is_number = WHOLE[mark].fullmatch(whole) or (not whole and decimals)
    if not is_number or (found and not re.fullmatch(r"[0-9]*", decimals)):
        raise NotReadable("“%(text)s” is not an amount.", text=text.strip()[:LONGEST])
    if decimals[digits:].strip("0"):
        raise NotReadable(
            "“%(text)s” has more decimals than %(currency)s has.",
            text=text.strip()[:LONGEST],
            currency=currency,
        )
    figures = re.sub(r"[.,]", "", whole) + decimals[:digits].ljust(digits, "0")
    if len(figures.lstrip("0")) > len(str(LARGEST)) - 1:
        raise NotReadable("“%(text)s” is more money than there is.", text=text.strip()[:LONGEST])
    return sign * int(figures or "0")


def _bare(text: str) -> str:
    """Without spaces and names of money; digits of every script as ours."""
    plain = SPACES.sub("", text.translate(SAME))
    if not plain.isascii():
        plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)
    return BEHIND.sub("", BEFORE.sub(r"\1", plain))


def _without_sign(text: str) -> tuple[str, int]:
    bare = _bare(text)
    sign = 1
    side = SIDE.search(bare)
    if side:
        bare = bare[: side.start()]
        sign = -1 if side[1].upper().startswith("D") else 1
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1], -sign
    if bare.endswith("-") and not bare.startswith(("-", "+")):
        return bare[:-1], -sign
    if bare[:1] in {"-", "+"}:  # Airtel writes -+ for money out
        return BEFORE.sub("", bare[1:].removeprefix("+")), -sign if bare[0] == "-" else sign
    return bare, sign


def shown(amount: int, currency: str) -> str:
    """Minor units as people write them."""
    digits = minor_digits(currency)
    whole, part = divmod(abs(amount), 10**digits)
    return f"{'-' if amount < 0 else ''}{whole:,}" + (f".{part:0{digits}d}" if digits else "")


def decimal_mark(texts: Iterable[str], currency: str) -> str:
    """Which of `.` and `,` stands before the decimals in this file, judged from all its amounts together."""
    undecided = set()
    for text in texts:
        mark, between_thousands = mark_of(text)
        if mark:
            return mark
        undecided |= between_thousands
    if undecided == {"."} and minor_digits(currency) < THOUSAND:
        return ","
    return "."


def mark_of(text: str) -> tuple[str, set[str]]:
    """The mark before the decimals of one amount; where it could as well stand between thousands, that it could."""
    bare = re.sub(r"[^0-9.,]", "", _bare(text))
    marks = re.findall(r"[.,]", bare)
    if not marks:
        return "", set()
    after = len(bare) - max(bare.rfind("."), bare.rfind(",")) - 1
    if len(set(marks)) > 1 or (len(marks) == 1 and after != THOUSAND):
        return marks[-1], set()
    if len(marks) > 1:  # the same mark twice stands between thousands
        return ("," if marks[0] == "." else "."), set()
    return "", {marks[0]}

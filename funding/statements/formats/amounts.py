"""Amounts as files write them, and whole minor units."""

import re
from collections.abc import Iterable

from funding.statements.formats.statement import NotReadable
from network.currencies import minor_digits

LARGEST = 2**63 - 1
SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]+")
MONEY_WORDS = re.compile(
    r"^(?:[A-Z]{3}|Kshs?|Tshs?|Ushs?|Rwf|[$€£₦])\.?(?=[-+(]?[0-9])|(?<=[0-9)])(?:KES|UGX|TZS|EUR|USD|€)$",
    re.IGNORECASE,
)
SIDE = re.compile(r"(?<=[0-9])(CR|DR|C|D)\.?$", re.IGNORECASE)
WHOLE = {
    ".": re.compile(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}"),
    ",": re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+"),
}
THOUSAND = 3


def minor(text: str, currency: str, mark: str = ".") -> int:
    """An amount in minor units; `mark` stands before the decimals. Raises `NotReadable` with what is wrong."""
    bare, sign = _without_sign(text)
    whole, found, decimals = bare.partition(mark)
    digits = minor_digits(currency)
    if found and not re.fullmatch(r"[0-9]*", decimals):
        raise NotReadable(f"“{text.strip()}” is not an amount.")
    if not (WHOLE[mark].fullmatch(whole) or (not whole and decimals)):
        raise NotReadable(f"“{text.strip()}” is not an amount.")
    if decimals[digits:].strip("0"):
        raise NotReadable(f"“{text.strip()}” has more decimals than {currency} has.")
    figures = re.sub(r"[.,]", "", whole) + decimals[:digits].ljust(digits, "0")
    if len(figures.lstrip("0")) > len(str(LARGEST)) - 1:
        raise NotReadable(f"“{text.strip()[:40]}” is more money than there is.")
    return sign * int(figures or "0")


def _without_sign(text: str) -> tuple[str, int]:
    bare = SPACES.sub("", text).replace("\u2212", "-")
    bare = MONEY_WORDS.sub("", bare)
    sign = 1
    side = SIDE.search(bare)
    if side:
        bare = bare[: side.start()]
        sign = -1 if side[1].upper().startswith("D") else 1
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1], -sign
    if bare.endswith("-") and not bare.startswith(("-", "+")):
        return bare[:-1], -sign
    if bare[:1] in {"-", "+"}:
        return MONEY_WORDS.sub("", bare[1:]), -sign if bare[0] == "-" else sign
    return bare, sign


def decimal_mark(texts: Iterable[str], currency: str) -> str:
    """Which of `.` and `,` stands before the decimals in this file, judged from all its amounts together."""
    undecided = set()
    for text in texts:
        bare = re.sub(r"[^0-9.,]", "", text)
        marks = re.findall(r"[.,]", bare)
        if not marks:
            continue
        after = len(bare) - max(bare.rfind("."), bare.rfind(",")) - 1
        if len(set(marks)) > 1 or (len(marks) == 1 and after != THOUSAND):
            return marks[-1]
        if len(marks) > 1:  # the same mark twice stands between thousands
            return "," if marks[0] == "." else "."
        undecided.add(marks[0])
    if undecided == {"."} and minor_digits(currency) < THOUSAND:
        return ","
    return "."

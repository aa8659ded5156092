"""Which letters our fonts can write. A document with one they cannot would not be made at all."""

import importlib.util
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS = {
    "fontpkg_noto_sans": "files",
    "fontpkg_amiri": "files",
    "justmytype_intl_africa": "fonts/ofl/notosansethiopic",
}
"""Packages of fonts, and where in them the letters lie: Latin and its neighbours, Arabic, Ethiopic."""
UNREADABLE = "\ufffd"
INVISIBLE = {"Cc", "Cf", "Mn", "Me"}
WHOLE_UNICODE, BASIC_PLANE = 12, 4
"""The two shapes of a font's table of letters that matter; every font of ours has one of them."""


def folders() -> list[Path]:
    """Where the fonts lie that come with the service; those of the machine are not asked, so paper is the same everywhere."""
    return [_folder_of(name, inside) for name, inside in FONTS.items()]


def _folder_of(package: str, inside: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(package)
    return Path(found.origin).parent / inside


def writable(value: Any) -> Any:
    """The same words, lists and tables with a sign in place of each letter no font of ours has."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else "".join(map(_writable, value))
    if isinstance(value, dict):
        return {key: writable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [writable(one) for one in value]
    return value


def _writable(letter: str) -> str:
    if ord(letter) in _letters() or letter in "\n\t":
        return letter
    kind = unicodedata.category(letter)
    if kind == "Zs":
        return " "
    return "" if kind in INVISIBLE else UNREADABLE


@cache
def _letters() -> frozenset[int]:
    found: set[int] = set()
    for folder in folders():
        for path in folder.glob("*.ttf"):
            letters = _letters_of(path.read_bytes())
            found = found | letters if found else letters
    return frozenset(found - {0})


def _letters_of(font: bytes) -> set[int]:
    """The characters a font has a shape for, from its `cmap` table."""
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * number) for number in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    count = struct.unpack_from(">H", font, start + 2)[0]
    found: set[int] = set()
    for number in range(count):
        at = start + struct.unpack_from(">HHL", font, start + 4 + 8 * number)[2]
        shape = struct.unpack_from(">H", font, at)[0]
        if shape == WHOLE_UNICODE:
            found |= _of_groups(font, at)
        elif shape == BASIC_PLANE:
            found |= _of_segments(font, at)
    return found


def _of_groups(font: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">L", font, at + 12)[0]
    groups = (struct.unpack_from(">LLL", font, at + 16 + 12 * number) for number in range(count))
    return {letter for first, last, _ in groups for letter in range(first, last + 1)}


def _of_segments(font: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    lasts = struct.unpack_from(f">{count}H", font, at + 14)
    firsts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * count)
    return {
        letter for first, last in zip(firsts, lasts, strict=True) for letter in range(first, last + 1)
    } - {0xFFFF}

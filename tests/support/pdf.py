"""Reading a PDF back, as far as ours go: the words of each page in the order they stand in the file, and its tags."""

import re
import zlib
from collections.abc import Iterator

OBJECT = re.compile(rb"(?m)^(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]+")
ESCAPED = {"n": 10, "r": 13, "t": 9, "b": 8, "f": 12}


def objects(pdf: bytes) -> dict[int, bytes]:
    """Every object by its number."""
    return {int(number): body for number, body in OBJECT.findall(pdf)}


def _stream(body: bytes) -> bytes:
    content = body.partition(b"\nstream\n")[2].rpartition(b"\nendstream")[0]
    return zlib.decompress(content) if b"/FlateDecode" in body else content


def page_texts(pdf: bytes) -> list[str]:
    """The words of each page; pieces that were placed apart stand on lines of their own."""
    found = objects(pdf)
    pages = [body for body in found.values() if re.search(rb"/Type/Page\b(?!s)", body)]
    return ["\n".join(_pieces(found, body)) for body in pages]


def text_of(pdf: bytes) -> str:
    """All its words."""
    return "\n".join(page_texts(pdf))


def as_read(words: str) -> str:
    """The same with words that are written from the right in the order they are spoken: a page holds them as they are drawn."""
    return FROM_THE_RIGHT.sub(lambda run: run[0][::-1], words)


def tags_of(pdf: bytes) -> set[str]:
    """The kinds of tag a screen reader meets: H1, Table, TH …"""
    return {kind.decode() for kind in re.findall(rb"/S/(\w+)", pdf)}


def _pieces(found: dict[int, bytes], page: bytes) -> Iterator[str]:
    content = _stream(found[_reference(page, b"Contents")]).decode("latin-1")
    fonts = _fonts(found, page)
    letters: dict[int, str] = {}
    for font, shown in re.findall(
        r"/(f\d+) [\d.]+ Tf|((?:\[(?:\((?:\\.|[^\\)])*\)|[^\]])*\]TJ)|\((?:\\.|[^\\)])*\)Tj)",
        content,
        re.DOTALL,
    ):
        if font:
            letters = fonts[font]
        else:
            codes = b"".join(_bytes_of(one) for one in re.findall(r"\(((?:\\.|[^\\)])*)\)", shown, re.DOTALL))
            pairs = (int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2))
            yield "".join(letters.get(pair, "") for pair in pairs)


def _reference(body: bytes, name: bytes) -> int:
    match = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert match, name
    return int(match[1])


def _fonts(found: dict[int, bytes], page: bytes) -> dict[str, dict[int, str]]:
    held = found[_reference(page, b"Resources")] if re.search(rb"/Resources \d", page) else page
    names = re.findall(rb"/(f\d+) (\d+) 0 R", held)
    return {
        name.decode(): _letters(_stream(found[_reference(found[int(n)], b"ToUnicode")])) for name, n in names
    }


def _letters(table: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f ]+)>", table)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _bytes_of(written: str) -> bytes:
    out, at = bytearray(), 0
    while at < len(written):
        if written[at] != "\\":
            out.append(ord(written[at]))
            at += 1
        elif octal := re.match(r"[0-7]{1,3}", written[at + 1 : at + 4]):
            out.append(int(octal[0], 8))
            at += 1 + len(octal[0])
        else:
            out.append(ESCAPED.get(written[at + 1], ord(written[at + 1])))
            at += 2
    return bytes(out)

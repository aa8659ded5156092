"""From bytes to letters: the encodings that statements really come in."""

import codecs

from funding.statements.formats.statement import NotReadable, Told

PDF = Told("This is a PDF. Choose CSV or another of the formats below where the statement is downloaded.")
SHEET = Told(
    "This is a spreadsheet or an archive. Save the sheet as CSV, or take the statement out of the archive."
)
OLD_SHEET = Told("This is an old spreadsheet. Save it as CSV.")
PACKED = Told("This file is packed. Unpack it first.")
PICTURE = Told("This is a picture. Choose CSV or another of the formats below where it is downloaded.")
OTHER_FILES = {
    b"%PDF": PDF,
    b"PK\x03\x04": SHEET,
    b"\xd0\xcf\x11\xe0": OLD_SHEET,
    b"\x1f\x8b": PACKED,
    b"7z\xbc\xaf": PACKED,
    b"Rar!": PACKED,
    b"BZh9": PACKED,
    b"\xfd7zXZ": PACKED,
    b"\x89PNG": PICTURE,
    b"GIF8": PICTURE,
    b"\xff\xd8\xff": PICTURE,
}
LARGEST = 32 * 1024 * 1024
MOST_LINES = 200_000
SOME = 400


def check(content: bytes) -> None:
    """Refuse what is no statement in any format. Raises `NotReadable`."""
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise NotReadable("The file is empty.")
    if len(content) > LARGEST:
        raise NotReadable("The file is larger than 32 megabytes; a statement is not.")
    begins = content[:SOME].lstrip(b" \t\r\n\xef\xbb\xbf")
    for beginning, sentence in OTHER_FILES.items():
        if begins.startswith(beginning):
            raise NotReadable(sentence.words)


def read(content: bytes) -> str:
    """The letters of a text file: UTF-8, UTF-16, Windows-1252 or something older. Raises `NotReadable`."""
    text = _decoded(content)
    if "\x00" in text:
        raise NotReadable("This is not a text file, so it is no statement that we can read.")
    if text.count("\n") + text.count("\r") > 2 * MOST_LINES:
        raise NotReadable("The file has more than 200,000 lines; a statement has not.")
    return text.lstrip("\ufeff")


def _decoded(content: bytes) -> str:
    try:
        return content.decode(_encoding(content))
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # an older code page: a name may look odd, no figure does


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    beginning = content[:SOME]
    if beginning[1::2].count(0) * 4 > len(beginning):  # every other byte is nought: UTF-16 without its mark
        return "utf-16-le"
    if beginning[::2].count(0) * 4 > len(beginning):
        return "utf-16-be"
    return "utf-8-sig"


def tidy(text: str) -> str:
    """On one line, without what a terminal would obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())

"""Collecting the sentences of all packages for the translators: `make messages`.

The catalogues carry neither line numbers nor fuzzy guesses, so that they change only when a sentence does.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from network.web.languages import PSEUDO
from translations.locales import KNOWN_LOCALES

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = ROOT / "translations" / "catalogs"
PACKAGES = ("network", "groups", "facilitators", "funding", "translations")
SOURCE = "en"
HEADER = (
    "# Words of Pamoja in this language. Made from messages.pot; people translate, `make messages` refreshes."
)
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
JINJA = {"trimmed": "true", "silent": "false"}
OPTIONS = {"**/templates/**.html": JINJA, "**/templates/**.txt": JINJA}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    # what is said about a statement that somebody brings, on a page or without one
    "Told": None,
    "NotReadable": None,
    "NotKnown": None,
}


def translated_into() -> list[str]:
    """The languages that have a catalogue of their own."""
    return [code for code in KNOWN_LOCALES if code not in {SOURCE, PSEUDO}]


def path_of(language: str, catalogs: Path = CATALOGS) -> Path:
    """Where a language's catalogue stands."""
    return catalogs / language / "LC_MESSAGES" / "messages.po"


def collect(root: Path = ROOT) -> Catalog:
    """Every sentence that is marked, of all packages, with the notes for translators beside it."""
    catalog = Catalog(project="Pamoja", version="1", charset="utf-8")
    for package in PACKAGES:
        found = extract_from_dir(root / package, METHODS, OPTIONS, KEYWORDS, ["Translators:"])
        for _, _, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def written(catalog: Catalog) -> bytes:
    """A catalogue as it is kept: sorted, without places in the code and without the day."""
    out = BytesIO()
    write_po(
        out,
        catalog,
        no_location=True,
        omit_header=not catalog.locale,
        sort_output=True,
        ignore_obsolete=True,
        width=0,
    )
    return out.getvalue()


def read(path: Path, language: str | None = None) -> Catalog:
    """A catalogue that was kept."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def refresh(catalogs: Path = CATALOGS, root: Path = ROOT) -> None:
    """Write the template, and bring each language's catalogue up to it without losing a word."""
    template = collect(root)
    catalogs.mkdir(parents=True, exist_ok=True)
    (catalogs / "messages.pot").write_bytes(written(template))
    for language in translated_into():
        path = path_of(language, catalogs)
        catalog = (
            read(path, language)
            if path.exists()
            else Catalog(
                locale=language, project="Pamoja", version="1", charset="utf-8", header_comment=HEADER
            )
        )
        catalog.fuzzy = False
        creation = catalog.creation_date
        catalog.update(template, no_fuzzy_matching=True)
        catalog.creation_date = creation
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        missing = sum(not _is_translated(message) for message in catalog if message.id)
        sys.stdout.write(f"{language}: {len(catalog) - missing} of {len(catalog)} sentences\n")


def _is_translated(message: object) -> bool:
    string = message.string  # type: ignore[attr-defined]
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    refresh()

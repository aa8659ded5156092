"""Turning plain values into a tagged PDF: the same values give the same bytes, on every machine.

    with in_language("fr"):
        pdf = document("funding/contributions/sheet.typ", title=_("Contributions"), language="fr", lines=…)

A template lies among the package's templates, is written in Typst and begins with

    #import "/network/templates/network/documents/paper.typ": paper, values
    #show: paper

`values` is what was passed. Words never stand in a template: Python marks them, so that the catalogues know them, and
passes them on. A document can be in another language than its reader's.
"""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import typst
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from network.documents.letters import folders, writable
from network.web.languages import language_of

ROOT = Path(__file__).resolve().parent.parent.parent
"""Templates name each other from here on, and can read nothing above it."""
ACCESSIBLE: Literal["ua-1"] = "ua-1"
"""Tagged for screen readers; whatever would break that is refused, not printed."""
_here = threading.local()


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Speak a document's language: sentences, money and dates made inside are in it."""
    with force_locale(language_of(code).babel):
        yield


def document(
    template: str,
    *,
    title: Any,
    language: str,
    bar: Any = "",
    place: str = "",
    footer: Any = "",
    **values: Any,
) -> bytes:
    """The PDF of a template: `title` and `place` (whose it is, or nothing) at the top, `footer` and page numbers at the foot.

    `bar` is what the bar of a reader's window says, where the title would tell too much.
    Values are text, numbers, truths, lists and tables of these; money and days come as the words they are shown with.
    """
    speaks = language_of(language)
    with in_language(language):
        # Translators: at the foot of a printed page.
        pages = _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}")
        frame = {
            "title": title, "bar": bar or title, "place": place, "footer": footer, "pages": pages, "lang": speaks.babel.partition("_")[0],
            "is_rtl": speaks.direction == "rtl",
        }  # fmt: skip
        plain = json.loads(json.dumps({**values, "frame": frame}, default=_as_words))
    return _compile(_path_of(template), writable(plain))


def _as_words(value: Any) -> str:
    """Sentences that wait for their language; nothing else is turned into words by itself."""
    if type(value).__name__ != "LazyString":
        raise TypeError(f"{type(value).__name__} has to be put into words first")
    return str(value)


def _path_of(template: str) -> Path:
    """Where a template lies, found as pages find theirs."""
    loader = current_app.jinja_env.loader
    if loader is None:
        raise FileNotFoundError(template)
    return Path(loader.get_source(current_app.jinja_env, template)[1] or "").resolve()


def _compile(template: Path, values: Mapping[str, Any]) -> bytes:
    made = _compiler().compile(
        input=template,
        format="pdf",
        sys_inputs={"values": json.dumps(values)},
        pdf_standards=ACCESSIBLE,
    )
    if not isinstance(made, bytes):
        raise TypeError("a document is one file")
    return made


def _compiler() -> typst.Compiler:
    """One for each thread, made when first needed and never carried into a child process."""
    if getattr(_here, "process", None) != os.getpid():
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders())
        )
        _here.compiler = typst.Compiler(root=ROOT, font_paths=fonts, ignore_system_fonts=True)
        _here.process = os.getpid()
    found: typst.Compiler = _here.compiler
    return found

"""Which language a page is in: the address of a public page, else the reader's own choice, else what the browser asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request, session
from flask_babel import Babel, Domain, refresh
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

PSEUDO = "en-XA"
_ACCENTED = str.maketrans("aceilnorsuyzACEILNORSUYZ", "áçéîļñöŕšûýžÁÇÉÎĻÑÖŔŠÛÝŽ")


@dataclass(frozen=True)
class Language:
    """A language the service can speak, as its speakers call it."""

    code: str
    autonym: str
    direction: str = "ltr"
    is_offered: bool = True
    """Offered in the switch; a language still being prepared can be looked at by its address only."""

    @property
    def babel(self) -> str:
        """What the formatting library calls it; the pseudo-language formats as English."""
        return "en" if self.code == PSEUDO else self.code.replace("-", "_")


_known: dict[str, Language] = {}


def register(languages: Mapping[str, Language]) -> None:
    """Tell the ground floor which languages there are."""
    _known.update(languages)


def known() -> Mapping[str, Language]:
    """Every language there is, by code."""
    return _known


def offered() -> list[Language]:
    """The languages in the switch."""
    return [language for language in _known.values() if language.is_offered]


def to_choose(kept: str | None = None) -> list[Language]:
    """The languages somebody may choose, and the one they have: saving a form is not to change it unsaid."""
    found = offered()
    own = _known.get(kept or "")
    return found if own is None or own in found else [*found, own]


def language_of(code: str) -> Language:
    """The language of a code, or the service's default where nobody knows it."""
    return _known.get(code) or _known[current_app.config["DEFAULT_LANGUAGE"]]


def named(code: str) -> Language:
    """The language of a text, also one the interface does not speak; that is named by its code."""
    return _known.get(code) or Language(
        code, code, direction="rtl" if code in {"ar", "fa", "he", "ur"} else "ltr", is_offered=False
    )


def current_language() -> Language:
    """The language of this page."""
    if "language" not in g:
        g.language = _choose()
    found: Language = g.language
    return found


def _choose() -> Language:
    if not request:
        return language_of("")
    wishes = [
        (request.view_args or {}).get("language"),
        session.get("language"),
        _language_of_reader(),
    ]
    for wish in wishes:
        if wish in _known:
            return _known[wish]
    return _asked_by_browser()


def _language_of_reader() -> str | None:
    try:
        return getattr(current_user, "language", None)
    except SQLAlchemyError:  # also the page that says the database is away needs a language
        return None


def _asked_by_browser() -> Language:
    """The first offered language the browser asks for. `sw-KE` is Swahili; `sw-Arab` is written otherwise and is not."""
    offered_codes = {language.code.casefold(): language for language in offered()}
    for tag in (tag.casefold() for tag, weight in request.accept_languages if weight > 0):
        primary, _, rest = tag.partition("-")
        script = rest.split("-")[0]
        if tag in offered_codes:
            return offered_codes[tag]
        if primary in offered_codes and (len(script) != 4 or script == "latn"):  # noqa: PLR2004 - four letters name a script
            return offered_codes[primary]
    return language_of("")


def offered_or_own(code: str | None) -> str:
    """The language somebody asks a paper in, where it is offered; else the language of this page."""
    return code if code in {language.code for language in offered()} and code else current_language().code


def prefer_language(code: str) -> None:
    """Speak this language on a page behind a private link, unless its reader chose another in the switch."""
    if session.get("language") not in _known:
        speak(code)


def speak(code: str) -> None:
    """Speak this language on this page, as on a paper for somebody else."""
    if code not in _known:
        return
    g.language = _known[code]
    g.pop("words", None)
    refresh()


def languages_read() -> list[str]:
    """The languages to look for words in, best first."""
    return [current_language().code]


class _PseudoTranslations(NullTranslations):
    """English made strange: whatever shows on a page without brackets was not marked for translation."""

    def _strange(self, message: str) -> str:
        parts = message.split("%(")
        first, rest = parts[0].translate(_ACCENTED), parts[1:]
        return "[" + first + "".join("%(" + _keep_name(part) for part in rest) + " ~~~]"

    def ugettext(self, message: str) -> str:
        return self._strange(message) if message else message

    gettext = ugettext

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._strange(msgid1 if n == 1 else msgid2)

    ungettext = ngettext

    def upgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - the library's signature
        return self._strange(message)

    pgettext = upgettext

    def unpgettext(self, context: str, singular: str, plural: str, num: int) -> str:  # noqa: ARG002 - the library's signature
        return self.ungettext(singular, plural, num)

    npgettext = unpgettext


def _keep_name(part: str) -> str:
    name, _, rest = part.partition(")")
    return f"{name}){rest[:1]}{rest[1:].translate(_ACCENTED)}"


_pseudo = _PseudoTranslations()


class _OurDomain(Domain):  # type: ignore[misc]  # the library carries no types
    def get_translations(self) -> Translations | NullTranslations:
        is_letter = hasattr(getattr(g, "_flask_babel", None), "forced_babel_locale")
        if current_language().code == PSEUDO and not is_letter:
            return _pseudo
        return super().get_translations()


class OurBabel(Babel):  # type: ignore[misc]  # the library carries no types
    """Flask-Babel with the pseudo-language."""

    def __init__(self) -> None:
        super().__init__()
        self._domain = _OurDomain(domain="messages")

    @property
    def domain_instance(self) -> Any:
        return self._domain


def init_app(app: Flask, *, catalogues: str) -> None:
    """Choose the language of each request; catalogues are where `translations` keeps them."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = catalogues
    OurBabel().init_app(app, locale_selector=lambda: current_language().babel)
    app.jinja_env.globals.update(languages=offered)
    app.context_processor(lambda: {"language": current_language()})

"""Nothing that leaves, in any language, has a word of the list in `network/messages/neutral.toml` (PRIV-13, SEC-09)."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir

from tests.support.outside import WORDS, ready_words, told_by
from translations.messages import KEYWORDS, METHODS, OPTIONS, PACKAGES, ROOT, path_of, read, translated_into

STAY_INSIDE = {"groups/decisions/emails.py"}
"""Notes from a group to its network's office, read on a page behind a sign-in and never sent."""
WRITE_MESSAGES = re.compile(r"""["'](sms|mailto):|https://wa\.me|messages\.write\(|[^_]EmailMessage\(""")
MAY_WRITE = {
    "network/messages/commands.py": "sends what the others wrote",
    "network/support_sheets/rules.py": "a person's own words, to the people they chose; never a word of ours",
    "funding/receipts/papers.py": "a receipt in a few words, read below with the letters",
    "network/templates/network/support_sheets/shared.html": "a link and nothing else",
}
FOR_ANYBODY = {"directory", "onboarding", "welcome.html", "help_now.html", "benefits/public.html"}
"""Public pages are there to be found, so they say what they are about (docs/decisions/shared-phones.md)."""
TITLES = [re.compile(r"\{% block " + name + r" %\}(.*?)\{% endblock", re.DOTALL) for name in ("tab", "title")]
MARKED = re.compile(r"\{% trans[^%]*%\}(.*?)\{% endtrans", re.DOTALL)


@cache
def _catalog(language: str) -> dict[str, tuple[str, ...]]:
    return {_first(one): _all(one.string) for one in read(path_of(language), language) if one.id}


def _all(words: object) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, (list, tuple)) else (str(words),)


def _first(message: Message) -> str:
    return _all(message.id)[0]


def _in_every_language(sentence: str) -> Iterator[tuple[str, str]]:
    yield "en", sentence
    for language in translated_into():
        for words in _catalog(language).get(sentence, ()):
            yield language, words


def _sentences_of_messages() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for name, _, message, _, _ in extract_from_dir(ROOT / package, METHODS, OPTIONS, KEYWORDS):
            where = f"{package}/{name}"
            if where.endswith(("/emails.py", ".txt", "receipts/papers.py")) and where not in STAY_INSIDE:
                for sentence in _all(message):
                    yield where, sentence


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")
        yield from (ROOT / package).rglob("*.html")


def _titles() -> Iterator[tuple[str, str]]:
    """The sentences of the titles of pages that are not for anybody; a `tab` takes the place of a title."""
    for path in (one for package in PACKAGES for one in (ROOT / package).rglob("templates/**/*.html")):
        inside = path.relative_to(next(up for up in path.parents if up.name == "templates")).as_posix()
        if inside.startswith("network/") and inside.removeprefix("network/").startswith(tuple(FOR_ANYBODY)):
            continue
        source = path.read_text(encoding="utf-8")
        found = next((hit for title in TITLES if (hit := title.search(source))), None)
        for words in MARKED.findall(found[1]) if found else ():
            for one in re.split(r"\{% pluralize[^%]*%\}", words):
                yield inside, re.sub(r"\{\{ *(\w+) *\}\}", r"%(\1)s", one)


@pytest.mark.parametrize("language", sorted(WORDS))
def test_the_list_finds_what_it_is_for(language: str) -> None:
    said = {
        "en": ("Your Mental health group", "peer support"),
        "sw": ("Afya ya akili", "Kikundi chako"),
        "fr": ("La santé mentale", "Votre groupe"),
        "ar": ("الصحة النفسية", "هذه المجموعة"),
    }[language]
    for sentence in said:
        assert told_by(sentence, in_message=True)
    assert not told_by("Pamoja", in_message=True)
    assert told_by("News of Bright Stars", names=["bright stars"]) == ["bright stars"]


def test_the_list_is_there_for_every_language_we_write_in() -> None:
    assert set(WORDS) == {"en", *translated_into()}
    assert all(lists["outside"] and lists["messages"] for lists in WORDS.values())


def test_no_message_has_one() -> None:
    sentences = list(_sentences_of_messages())
    assert len({where for where, _ in sentences}) > 5
    told = [
        (where, language, words, found)
        for where, sentence in sentences
        for language, words in _in_every_language(sentence)
        if (found := told_by(words, in_message=True))
    ]
    assert told == []


def test_messages_are_written_where_this_looks() -> None:
    elsewhere = [
        name
        for path in _sources()
        if (name := path.relative_to(ROOT).as_posix()) not in MAY_WRITE and path.name != "emails.py"
        if WRITE_MESSAGES.search(path.read_text(encoding="utf-8"))
    ]
    assert elsewhere == []


def test_no_title_has_one() -> None:
    titles = list(_titles())
    assert len(titles) > 100
    told = [
        (where, language, words, found)
        for where, sentence in titles
        for language, words in _in_every_language(sentence)
        if (found := told_by(words))
    ]
    assert told == []


def test_no_file_of_ours_that_a_phone_keeps_has_one() -> None:
    static = ROOT / "network" / "static"
    for path in static.iterdir():
        assert not told_by(path.stem.replace("-", " ")), path.name
    icon = (static / "favicon.svg").read_text(encoding="utf-8")
    assert "<title" not in icon
    assert "<text" not in icon


def test_the_words_of_a_ready_message_are_read_however_it_is_sent() -> None:
    assert ready_words("sms:+254700?&body=A%20word") == "A word"
    assert ready_words("sms:?&body=A%20word") == "A word"
    assert ready_words("mailto:a@b.example?subject=One&body=Two") == "One Two"
    assert ready_words("https://wa.me/254700?text=A%20word") == "A word"
    assert ready_words("tel:999") is None
    assert ready_words("/me") is None

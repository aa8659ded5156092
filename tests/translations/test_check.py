"""The checker finds what would be shown wrong."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from translations import check, messages


def swahili(msgid: object, string: object, *, fuzzy: bool = False) -> list[str]:
    catalog = Catalog(locale="sw")
    catalog.add(msgid, string, flags={"fuzzy"} if fuzzy else set())
    return list(check.wrong_with(catalog, is_offered=True))


@pytest.mark.parametrize(
    ("msgid", "string"),
    [
        ("Hello %(name)s", "Habari %(name)s"),
        (("%(num)d group", "%(num)d groups"), ("kikundi %(num)d", "vikundi %(num)d")),
        (("One group", "%(count)s groups"), ("Kikundi kimoja", "Vikundi %(count)s")),
        ("Read <b>this</b>", "Soma <b>hii</b>"),
    ],
)
def test_a_sound_translation_passes(msgid: object, string: object) -> None:
    assert swahili(msgid, string) == []


@pytest.mark.parametrize(
    ("msgid", "string"),
    [
        ("Hello %(name)s", "Habari"),
        ("Hello %(name)s", "Habari %(jina)s"),
        ("Hello", ""),
        (("%(num)d group", "%(num)d groups"), ("kikundi %(num)d", "")),
        ("Read <b>this</b>", "Soma hii"),
    ],
)
def test_what_would_be_shown_wrong_is_named(msgid: object, string: object) -> None:
    assert len(swahili(msgid, string)) == 1


def test_a_guess_is_not_a_translation() -> None:
    assert len(swahili("Hello", "Habari", fuzzy=True)) == 1


def test_plural_forms_of_the_language_are_asked_for() -> None:
    catalog = Catalog(locale="ar")
    catalog.add(("%(num)d group", "%(num)d groups"), ("%(num)d", "%(num)d"))
    assert any("plural" in line or "not" in line for line in check.wrong_with(catalog, is_offered=True))


def test_collecting_twice_changes_nothing_and_keeps_what_is_translated(tmp_path: Path) -> None:
    messages.refresh(tmp_path)
    path = messages.path_of("sw", tmp_path)
    catalog = messages.read(path, "sw")
    catalog["Library"].string = "Maktaba"
    path.write_bytes(messages.written(catalog))
    before = path.read_bytes()
    messages.refresh(tmp_path)
    assert path.read_bytes() == before
    assert messages.read(path, "sw")["Library"].string == "Maktaba"
    assert not any("messages.pot" in line for line in check.complaints(tmp_path))


def test_our_own_catalogues_are_fresh_sound_and_complete() -> None:
    assert check.complaints() == []

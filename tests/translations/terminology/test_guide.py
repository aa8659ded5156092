"""The word guide gives hints and is well formed."""

from tests.support.client import StrictClient
from translations.locales import KNOWN_LOCALES
from translations.terminology import guide


def test_hints_name_the_word_and_why() -> None:
    (hint,) = guide.words_to_reconsider("Each Patient speaks. Impatient people wait.", "en")
    assert hint.word == "patient"
    assert hint.why
    assert guide.words_to_reconsider("Each member speaks.", "en") == []


def test_terms_of_a_text_come_with_the_word_in_the_other_language() -> None:
    found = guide.terms_in("The facilitators open the meeting.", "en", "sw")
    assert [(here, there) for _, here, there in found] == [("facilitator", "mwezeshaji")]


def test_every_entry_has_a_meaning_and_known_languages() -> None:
    for term in guide.terms():
        assert term.meaning["en"]
        assert set(term.words) | {one.language for one in term.avoid} <= set(KNOWN_LOCALES)
        assert term.status in {"proposed", "decided"}
        assert (term.status == "decided") == bool(term.decided_by)


def test_anybody_can_read_it(client: StrictClient) -> None:
    for language in ("en", "sw", "ar"):
        assert client.fetch(f"/{language}/words").status == 200

"""The words a consent rests on: complete in each language, and never changed without asking again."""

import hashlib

import pytest
from flask_babel import force_locale

from groups.consents.forms import CATALOGUE, ENDED, METHODS, words_of
from groups.consents.models import Ended, Method, Purpose
from groups.membership.rules import KEPT
from network.web.languages import offered
from network.web.unit_of_work import Pamoja

PINNED = {
    Purpose.CONTACT: (1, "1f59f5828b8698db"),
    Purpose.REACH: (1, "d828ce26d15300f4"),
    Purpose.LANGUAGE: (1, "23e3793e3afd65d0"),
    Purpose.LIVED_EXPERIENCE: (1, "9dc7d891ea0e1270"),
    Purpose.AGE_BAND: (2, "9f3efc6fcc7f5bbb"),
    Purpose.SEX: (2, "fd078427018d7971"),
    Purpose.DISABILITY_REGISTERED: (2, "67fe930360320be6"),
    Purpose.NAMED_ON_RETURN: (1, "fc643b1aa2994729"),
    Purpose.GUARDIAN: (2, "c1b75b4a67990d3e"),
}
"""The question and what stands beside it in English, by its version. Whoever changes a sentence raises the version, and this."""


def digest(purpose: Purpose) -> str:
    with force_locale("en"):
        return hashlib.sha256(words_of(purpose).encode()).hexdigest()[:16]


class TestCatalogue:
    def test_has_an_entry_and_words_for_every_code(self) -> None:
        assert set(CATALOGUE) == set(Purpose)
        assert set(METHODS) == set(Method)
        assert set(ENDED) == set(Ended)

    def test_says_why_who_and_until_when_in_each_language(self, app: Pamoja) -> None:
        with app.test_request_context():
            for language in offered():
                with force_locale(language.babel):
                    for item in CATALOGUE.values():
                        parts = [str(part) for part in (item.asks, item.why, item.who, item.until)]
                        assert all(len(part) > 8 for part in parts)
                        assert len(set(parts)) == len(parts)

    @pytest.mark.parametrize("purpose", list(Purpose))
    def test_other_words_are_another_version(self, purpose: Purpose, app: Pamoja) -> None:
        with app.test_request_context():
            assert (CATALOGUE[purpose].version, digest(purpose)) == PINNED[purpose]

    def test_what_is_kept_as_a_value_is_called_as_its_column(self) -> None:
        from groups.membership.models import Member

        assert {str(purpose) for purpose in KEPT} <= set(Member.__table__.columns.keys())

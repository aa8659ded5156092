"""Country profiles hold together: every part and question has its words, and every number its source."""

import pytest

from groups.officers.forms import OFFICES as KNOWN
from groups.returns.forms import CHOICES, OFFICES, QUESTIONS
from network.authorities.guide import ANY, OTHER, PROFILES, Authority, Kind, Part
from network.benefits.guide import GUIDES
from network.data_map import read_words
from network.data_map.reading import plain

AUTHORITIES = [ANY, *(one for profile in PROFILES.values() for one in profile.authorities)]


def test_there_is_one_for_each_country_a_network_can_choose() -> None:
    assert set(PROFILES) == set(GUIDES)
    assert all(code == profile.code for code, profile in PROFILES.items())
    assert PROFILES["england"].needs_none
    assert PROFILES["england"].authorities == ()


@pytest.mark.parametrize("authority", AUTHORITIES, ids=lambda one: one.code)
class TestEachAuthority:
    def test_asks_what_can_be_answered(self, authority: Authority) -> None:
        assert set(authority.questions) <= set(QUESTIONS)
        assert set(CHOICES) <= set(QUESTIONS)
        assert set(authority.offices) <= {*KNOWN, *OFFICES}
        assert len(set(authority.questions)) == len(authority.questions)

    def test_ends_with_signatures_or_the_list_that_is_attached_and_names_nobody_in_a_report_of_a_quarter(
        self, authority: Authority
    ) -> None:
        for kind in authority.kinds:
            *_before, last = (part for part in authority.parts(kind) if part != Part.EVERYBODY)
            assert last == Part.SIGNATURES
            assert Part.EVERYBODY not in authority.parts(kind)[:-1]
        assert not {Part.OFFICERS, Part.EVERYBODY, Part.PEOPLE} & set(authority.parts(Kind.QUARTERLY))

    def test_says_after_which_source_and_claims_nothing_without_one(self, authority: Authority) -> None:
        claims = (authority.months, authority.fee, authority.checked_on)
        assert authority.source or claims == (None, None, None)
        assert (authority.code == OTHER) is (authority.source == "")
        assert authority.remind_days >= 30

    def test_prints_every_question_it_asks_in_one_of_its_parts(self, authority: Authority) -> None:
        assert authority.asked(Kind.YEARLY) == list(authority.questions)
        assert authority.asked(Kind.QUARTERLY) == []
        assert set(authority.numbers) <= set(authority.yearly)

    def test_asks_for_nothing_that_is_not_collected(self, authority: Authority) -> None:
        never = read_words().never
        asked = [plain(f"{code} {QUESTIONS[code]}") for code in authority.questions]
        assert not [(stem, one) for stem in never for one in asked if stem.rstrip("$") in one]

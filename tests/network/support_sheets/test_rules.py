"""Words as people type them, ways to reach people, and lists worth drawing from."""

import unicodedata

import pytest

from network.support_sheets import rules, words


class TestPlainWords:
    @pytest.mark.parametrize(
        "typed",
        ["école mangue été lac", " Ecole  MANGUE,été-lac. ", "ecole\nmangue ete lac", unicodedata.normalize("NFD", "École mangue été lac")],
    )  # fmt: skip
    def test_do_not_mind_how_they_are_typed(self, typed: str) -> None:
        assert rules.plain_words(typed) == "ecole mangue ete lac"

    def test_mind_their_order(self) -> None:
        assert rules.plain_words("river mango") != rules.plain_words("mango river")


class TestWaysToReach:
    def test_a_number_with_its_country_can_be_called_and_written_to(self) -> None:
        found = dict(rules.ways_to_reach("+254 711 222-333", "Can you call?"))
        assert found["call"] == "tel:+254711222333"
        assert found["sms"] == "sms:+254711222333?body=Can%20you%20call%3F"
        assert found["whatsapp"] == "https://wa.me/254711222333?text=Can%20you%20call%3F"

    def test_a_number_without_its_country_is_not_guessed_at(self) -> None:
        assert set(dict(rules.ways_to_reach("0711 222 333", ""))) == {"call", "sms"}

    def test_an_address(self) -> None:
        assert rules.ways_to_reach("njeri@people.example", "a&b") == [
            ("mail", "mailto:njeri@people.example?body=a%26b")
        ]

    @pytest.mark.parametrize(
        "reach", ["the blue house", "", "12", "javascript:alert(1)", "a@b?cc=c@d.example"]
    )
    def test_anything_else_is_only_read(self, reach: str) -> None:
        assert rules.ways_to_reach(reach, "x") == []


class TestTheLists:
    @pytest.mark.parametrize("language", ["en", "sw", "fr"])
    def test_hold_so_many_words_that_four_are_worth_44_bits(self, language: str) -> None:
        listed = words.listed(words.list_for(language))
        assert len(listed) == rules.LISTED
        assert len({rules.plain_words(word) for word in listed}) == rules.LISTED, (
            "two are the same without accents"
        )
        assert all(3 <= len(word) <= 12 and " " not in rules.plain_words(word) for word in listed)
        assert rules.LISTED**rules.HOW_MANY_WORDS >= 2**44

    def test_a_language_without_a_list_draws_from_another(self) -> None:
        assert words.list_for("ar") == words.list_for("en")
        assert len(rules.plain_words(words.draw("ar")).split()) == rules.HOW_MANY_WORDS

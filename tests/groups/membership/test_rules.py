import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.membership import rules
from groups.membership.models import CompositionWord, LivedExperience
from groups.membership.rules import Refusal

LIVED, CARER, BOTH = LivedExperience.LIVED, LivedExperience.CAREGIVER, LivedExperience.BOTH


class TestNamesInAText:
    def test_takes_a_name_a_line_and_passes_over_empty_lines(self) -> None:
        assert rules.names_in("Rain\n\n  Two   Rivers \r\n") == [(1, "Rain"), (3, "Two Rivers")]

    def test_names_every_bad_line(self) -> None:
        names = rules.names_in(f"Rain\nrain\nSun\n{'x' * 61}\n--")
        found = [(line.number, line.refusal) for line in rules.bad_lines(names, taken={"sun"})]
        assert found == [
            (2, Refusal.NAME_TWICE),
            (3, Refusal.NAME_TAKEN),
            (4, Refusal.NAME_TOO_LONG),
            (5, Refusal.NAME_UNREADABLE),
        ]

    @given(st.text(max_size=300))
    def test_never_adds_the_same_name_twice(self, text: str) -> None:
        names = rules.names_in(text)
        bad = {line.number for line in rules.bad_lines(names, taken=set())}
        good = [rules.folded(name) for number, name in names if number not in bad]
        assert len(good) == len(set(good))


class TestCompositionWord:
    @pytest.mark.parametrize(
        ("lived", "carers", "word"),
        [
            (4, 0, None),
            (5, 0, CompositionWord.WELL_ABOVE),
            (8, 2, CompositionWord.WELL_ABOVE),
            (7, 3, CompositionWord.NEAR),
            (79, 21, CompositionWord.NEAR),
            (69, 31, CompositionWord.BELOW),
        ],
    )
    def test_says_one_word_about_everybody(self, lived: int, carers: int, word: str | None) -> None:
        assert rules.composition_word([LIVED] * lived + [CARER] * carers, minimum=70) == word

    def test_counts_a_caregiver_with_lived_experience_as_having_it(self) -> None:
        assert rules.composition_word([BOTH] * 5, minimum=100) == CompositionWord.WELL_ABOVE

    def test_every_code_is_as_long_as_the_others(self) -> None:
        assert len({len(code) for code in LivedExperience}) == 1


class TestWhyNotCount:
    def test_once_a_month(self) -> None:
        assert rules.why_not_count(minimum=70, is_counted=True, answers=9) == Refusal.COUNTED_ALREADY

    def test_not_of_a_few(self) -> None:
        assert rules.why_not_count(minimum=70, is_counted=False, answers=4) == Refusal.TOO_FEW_ANSWERS

    def test_not_without_a_rule(self) -> None:
        assert rules.why_not_count(minimum=0, is_counted=False, answers=9) == Refusal.NO_RULE

    def test_otherwise_now(self) -> None:
        assert rules.why_not_count(minimum=70, is_counted=False, answers=5) is None


@pytest.mark.parametrize(
    ("changed", "earlier", "stands"), [(0, 70, True), (2, 70, True), (3, 70, False), (1, 60, False)]
)
def test_a_word_stands_while_too_few_answers_changed_to_speak_of_them(
    *, changed: int, earlier: int, stands: bool
) -> None:
    assert rules.is_carried_on(changed=changed, minimum=70, earlier_minimum=earlier) is stands

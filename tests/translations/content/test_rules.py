"""Laying words beside an original that changed."""

import uuid

from translations.content.rules import Change, Refusal, changes, pairs, why_not_approve, why_not_translate


def test_a_translation_of_the_present_original_stands_paragraph_by_paragraph() -> None:
    laid = pairs(["a", "b"], ["A", "B"])
    assert [(p.original, p.translated, p.is_new) for p in laid] == [("a", "A", False), ("b", "B", False)]


def test_nothing_translated_yet_is_not_called_changed() -> None:
    assert [(p.translated, p.is_new) for p in pairs(["a", "b"], [])] == [("", False), ("", False)]


def test_only_what_changed_is_marked_and_offered_the_words_it_had() -> None:
    laid = pairs(["a", "b2", "c", "d"], ["A", "B", "C"], made_from=["a", "b", "c"])
    assert [(p.original, p.translated, p.is_new) for p in laid] == [
        ("a", "A", False),
        ("b2", "B", True),
        ("c", "C", False),
        ("d", "", True),
    ]


def test_a_removed_paragraph_takes_its_words_along() -> None:
    laid = pairs(["a", "c"], ["A", "B", "C"], made_from=["a", "b", "c"])
    assert [p.translated for p in laid] == ["A", "C"]


def test_words_that_cannot_be_matched_are_all_to_be_looked_at() -> None:
    laid = pairs(["a", "b", "c"], ["only one"], made_from=["a", "b"])
    assert [(p.translated, p.is_new) for p in laid] == [("only one", True), ("", True), ("", True)]


def test_changes_are_told_in_reading_order() -> None:
    assert changes(["a", "b"], ["a", "c", "d"]) == [
        (Change.SAME, "a"),
        (Change.REMOVED, "b"),
        (Change.ADDED, "c"),
        (Change.ADDED, "d"),
    ]


def test_somebody_else_approves_by_name() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert why_not_approve(translator_id=one, reviewer_id=one, reviewed_by="Zawadi") is Refusal.OWN_WORK
    assert why_not_approve(translator_id=one, reviewer_id=other, reviewed_by=" ") is Refusal.NOT_NAMED
    assert why_not_approve(translator_id=one, reviewer_id=other, reviewed_by="Zawadi") is None
    assert why_not_translate(source_language="en", into="en") is Refusal.SAME_LANGUAGE

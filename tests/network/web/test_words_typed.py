"""What people write arrives whole, or they are told so beside the field and find their words again."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Field

from network.web.forms import DayField, Form, LineField, WordsField, needed
from network.web.unit_of_work import Pamoja


class Asked(Form):
    line = LineField("Line", [needed()], most=20)
    words = WordsField("Words", most=50)
    day = DayField("Day")


def filled(app: Pamoja, **values: str) -> Asked:
    with app.test_request_context("/", method="POST"):
        form = Asked(
            MultiDict({"line": "Amani", "words": "", "day": "2026-05-04", **values}), meta={"csrf": False}
        )
        form.validate()
        for field in form:
            assert str(field())  # it can be shown again
        return form


def said(field: Any) -> list[str]:
    return [str(error) for error in field.errors]


class TestALine:
    @pytest.mark.parametrize(
        "typed", ["Amani", "Zoë", "መንገድ", "سلام", "नमस्ते", "a\u200db", "می\u200cخواهم", "O’Brien & Söhne <3", "'; drop", "👩🏾‍🦱"]
    )  # fmt: skip
    def test_is_kept_as_it_was_written(self, app: Pamoja, typed: str) -> None:
        form = filled(app, line=typed)
        assert said(form.line) == []
        assert form.line.data == typed

    @pytest.mark.parametrize(
        "typed",
        ["a\x00b", "a\x07", "a\x1b[31m", "a\x85b"[:2] + "\x80", "a\ufffd", "a\ufffe", "x\u202ey", "x\u2066y", "x\u200fy", "\u061cy"],
    )  # fmt: skip
    def test_is_refused_where_it_would_be_read_otherwise(self, app: Pamoja, typed: str) -> None:
        form = filled(app, line=typed)
        assert len(said(form.line)) == 1
        assert form.line.data
        assert form.day.data

    @pytest.mark.parametrize("typed", ["", " ", "\t\n", "\u00a0\u2003"])
    def test_is_needed_and_spaces_are_nothing(self, app: Pamoja, typed: str) -> None:
        assert len(said(filled(app, line=typed).line)) == 1

    def test_too_long_is_told_with_the_number_and_kept(self, app: Pamoja) -> None:
        form = filled(app, line="x" * 21)
        assert "20" in said(form.line)[0]
        assert form.line.data == "x" * 21
        assert said(filled(app, line="é" * 20).line) == []

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
    def test_stays_one(self, app: Pamoja, end: str) -> None:
        assert filled(app, line=f"To: a{end}Bcc: b").line.data == "To: a Bcc: b"

    def test_is_composed_so_that_equal_words_are_equal(self, app: Pamoja) -> None:
        assert filled(app, line="cafe\u0301").line.data == "caf\u00e9"


class TestSeveralLines:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_keep_their_ends(self, app: Pamoja, end: str) -> None:
        assert filled(app, words=f"one{end}two{end}").words.data == "one\ntwo"


class TestADay:
    @pytest.mark.parametrize(
        "typed", ["2026-02-30", "0001-01-01", "9999-12-31", "04/05/2026", "x", "2026-5", "-1", "\x00", "2026-05-04T10:00"]
    )  # fmt: skip
    def test_that_is_none_is_told_so_and_kept(self, app: Pamoja, typed: str) -> None:
        form = filled(app, day=typed)
        assert len(said(form.day)) == 1
        assert form.day.data is None

    def test_that_is_one_is_taken(self, app: Pamoja) -> None:
        form = filled(app)
        assert said(form.day) == []
        assert str(form.day.data) == "2026-05-04"


def test_every_field_here_is_shown_without_what_no_page_can_show(app: Pamoja) -> None:
    form = filled(app, line="a\x00\x01b", words="\x02", day="\x03")
    fields: list[Field] = [form.line, form.words, form.day]
    for field in fields:
        assert not set("\x00\x01\x02\x03") & set(str(field()))

"""A list of people, first as it was brought, then row by row as it was understood. Nothing of it is kept between the two."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from babel import Locale
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.fields import SelectChoice

from groups.newcomers.rules import MOST, PARTS, Answer, Fault, Looked, Refusal, Row, day_in, plain
from network.web.forms import Form, LineField, WordsField
from network.web.languages import language_of, offered

LONGEST_LIST = 20_000
REFUSALS: dict[Refusal, Any] = {
    Refusal.NOT_A_TABLE: _l(
        "We cannot read this file. Save it as CSV or XLSX, at most 400 kilobytes, or copy the column and paste it above."
    ),
    Refusal.NOBODY_NAMED: _l("Nobody is on this list. Write at least one nickname."),
    Refusal.TOO_MANY: _l("These are more than 200 people at once. Add the first 200, then the others."),
    Refusal.NO_NAMES: _l(
        "No column of this list is called “nickname” or “name”. Write that above the names."
    ),
    Refusal.NOT_KEPT_HERE: _l(
        "Pamoja does not keep what stands under “%(word)s”, and nothing was saved. Take this column out, and bring the list again."
    ),
    Refusal.CHANGED_MEANWHILE: _l("Somebody else added members just now. Look the list over once more."),
    Refusal.NAMELESS: _l("There is no nickname here. Write one, or leave this row out."),
    Refusal.NAME_TOO_LONG: _l("This nickname is too long. Keep it to 60 letters."),
    Refusal.NAME_UNREADABLE: _l("A nickname needs at least one letter or number."),
    Refusal.NAME_TWICE: _l(
        "This nickname stands on line %(other)d too. A second letter or a number tells them apart, or leave one out."
    ),
    Refusal.NO_DAY: _l("Write the date with its day, month and year, such as 2025-03-31."),
    Refusal.STILL_TO_COME: _l("This day is still to come."),
    Refusal.UNKNOWN_LANGUAGE: _l(
        "We do not know this language. Leave it empty, or write one of those below."
    ),
    Refusal.NO_CONTACT: _l("This is neither a phone number nor an e-mail address."),
    Refusal.SAME_PERSON: _l("There is already a %(name)s here. The same person?"),
}
LABELS: dict[str, Any] = {
    "nickname": _l("Line %(number)d: nickname"),
    "joined": _l("Line %(number)d: joined on"),
    "language": _l("Line %(number)d: language"),
    "contact": _l("Line %(number)d: a way to reach them"),
    "answer": _l("Line %(number)d: what to do"),
}
HEADINGS: dict[str, Any] = {
    "nickname": _l("Nickname"),
    "joined": _l("Joined on"),
    "language": _l("Their language"),
    "contact": _l("A way to reach them"),
    "answer": _l("What to do"),
}


def language_words() -> dict[str, str]:
    """The codes of the languages spoken here, by every word somebody may write for them."""
    found = {}
    for language in offered():
        names = {language.code, language.autonym}
        names |= {Locale(language.babel).get_language_name(reader.babel) or "" for reader in offered()}
        found.update({plain(name): language.code for name in names if name})
    return found


class ListForm(Form):
    people = WordsField(
        _l("The people, one on each line"),
        most=LONGEST_LIST,
        description=_l(
            "A nickname is enough. After it, if you want: the day they joined, their language, a phone number or an e-mail address. "
            "A comma, a semicolon or a tab stands between them."
        ),
        render_kw={"rows": 12, "dir": "auto", "autocomplete": "off", "spellcheck": "false"},
    )
    file = FileField(
        _l("Or a file"),
        description=_l("CSV or XLSX, up to 200 people. Of a workbook we read the first sheet."),
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx"},
    )

    def refuse_list(self, refusal: Refusal, word: str = "") -> None:
        """Say why the list as a whole cannot be taken, beside where it was put."""
        field = self.file if self.file.data and not self.people.data else self.people
        field.errors = [*field.errors, str(REFUSALS[refusal]) % {"word": word}]


class RowsForm(Form):
    """The rows of a list, each part to be corrected; the form itself carries them from step to step."""

    lines: Sequence[int] = ()

    def part(self, line: int, part: str) -> Any:
        """The field for one part of a row."""
        return self[f"{part}_{line}"]

    def rows(self) -> list[Row]:
        """The people as they stand in the form now."""
        return [
            Row(line, **{part: self.part(line, part).data or "" for part in (*PARTS, "answer")})
            for line in self.lines
        ]

    def parts(self) -> list[str]:
        """The parts that anybody on the list has; what nobody has takes no room."""
        used = {part for row in self.rows() for part in PARTS if getattr(row, part)}
        return [part for part in PARTS if part == "nickname" or part in used]

    def show(self, looked: Looked) -> None:
        """Put each fault beside its part, and the question whether it is the same person beside its row."""
        for line in self.lines:
            field = self.part(line, "answer")
            field.choices = _choices(looked, line)
        for fault in looked.faults:
            field = self.part(fault.line, fault.part)
            if not field.errors:
                field.errors = [_sentence(fault, looked)]

    def is_sound(self) -> bool:
        """Whether every part arrived whole and short enough."""
        checked = [self.part(line, part).validate(self) for line in self.lines for part in PARTS]
        return all(checked)


def _choices(looked: Looked, line: int) -> list[SelectChoice]:
    twin = looked.twins.get(line)
    if twin is None:
        return [SelectChoice(Answer.ADD, _l("Add")), SelectChoice(Answer.LEAVE_OUT, _l("Leave out"))]
    return [
        SelectChoice("", _l("Choose one")),
        SelectChoice(Answer.LEAVE_OUT, _l("The same person: leave out")),
        SelectChoice(Answer.SOMEBODY_ELSE, _l("Somebody else: add as “%(name)s”", name=twin.called)),
    ]


def _sentence(fault: Fault, looked: Looked) -> str:
    twin = looked.twins.get(fault.line)
    return str(REFUSALS[fault.refusal]) % {"other": fault.other, "name": twin.nickname if twin else ""}


def rows_form(rows: Sequence[Row]) -> RowsForm:
    """The form for these rows, each day and language as it was understood; what was not stays as it was written."""
    words, understood = language_words(), []
    for row in rows:
        day, code = day_in(row.joined), words.get(plain(row.language))
        understood.append(
            replace(
                row,
                joined=day.isoformat() if day else row.joined,
                language=language_of(code).autonym if code else row.language,
            )
        )
    values = {f"{part}_{row.line}": getattr(row, part) for row in understood for part in (*PARTS, "answer")}
    return _form_for([row.line for row in rows], MultiDict(values))


def rows_form_sent(sent: Mapping[str, str]) -> RowsForm:
    """The form as somebody sent it; a form of no or of too many rows has none."""
    found = [re.fullmatch(r"nickname_([1-9][0-9]{0,4})", name, re.ASCII) for name in sent]
    lines = sorted(int(one[1]) for one in found if one)
    return _form_for(lines if len(lines) <= MOST else [], None)


def _form_for(lines: Sequence[int], values: MultiDict[str, str] | None) -> RowsForm:
    fields: dict[str, Any] = {"lines": lines}
    for line in lines:
        for part in PARTS:
            label, keyboard = _label(part, line), {"autocomplete": "off", "aria-label": _label(part, line)}
            fields[f"{part}_{line}"] = LineField(label, render_kw=keyboard)
        fields[f"answer_{line}"] = SelectField(
            _label("answer", line), validate_choice=False, render_kw={"aria-label": _label("answer", line)}
        )
    form_class = type("RowsForm", (RowsForm,), fields)
    made: RowsForm = form_class() if values is None else form_class(formdata=values)
    return made


def _label(part: str, line: int) -> str:
    return str(LABELS[part]) % {"number": line}

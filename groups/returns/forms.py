"""What is asked for a return, in words; and the words for what stands in one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, ValidationError
from wtforms.fields import SelectChoice

from groups.returns.formats.stamped import Fault
from groups.returns.rules import Gap, Refusal, is_year
from network.authorities.guide import ANY, OTHER, Kind, Profile
from network.web.forms import DayField, Form, LineField, WordsField, needed

LONGEST_REPORT = 4000
KINDS = {Kind.YEARLY: _l("The yearly return"), Kind.QUARTERLY: _l("A report of a quarter")}
REFUSALS = {
    Refusal.IS_DRAFT_ALREADY: _l("A draft for this authority is begun already. Go on with that one, or throw it away."),
    Refusal.NAME_NEEDED: _l("Write whom it is for."),
    Refusal.NOT_ASKED: _l("This authority asks for no such report."),
    Refusal.ENDS_BEFORE: _l("The last day is before the first."),
    Refusal.TOO_LONG: _l("This is more than two years. Look at the years once more."),
    Refusal.NOT_A_QUARTER: _l("A quarter has three months. Look at the days once more."),
    Refusal.HANDED_IN: _l("This was handed in. It stays as it is."),
    Refusal.NOT_HANDED_IN: _l("First say when it was handed in."),
    Refusal.OWN_WORK: _l("You put it together yourself. Somebody else reads it over."),
    Refusal.TO_COME: _l("This day has not come yet."),
    Refusal.TOO_EARLY: _l("This is before the time it is about. Look at the day once more."),
    Refusal.CHANGED: _l("Somebody changed it meanwhile. Open the page again, and look at what stands there now."),
    Refusal.COUNTED_ALREADY: _l("Everybody was counted this month. Counting again would tell what one person answered."),
    Refusal.TOO_MANY_COPIES: _l("Six pages are as many as are kept. Take one away first."),
}  # fmt: skip
FIELD_OF = {
    Refusal.IS_DRAFT_ALREADY: "authority",
    Refusal.NAME_NEEDED: "called",
    Refusal.NOT_ASKED: "kind",
    Refusal.ENDS_BEFORE: "covers_until",
    Refusal.TOO_LONG: "covers_until",
    Refusal.NOT_A_QUARTER: "covers_until",
    Refusal.TO_COME: "on",
    Refusal.TOO_EARLY: "on",
}
FAULTS = {
    Fault.TOO_LARGE: _l("This file is too large. Take the photo again in a smaller size."),
    Fault.NOT_KNOWN: _l("This is no photo we can read, and no PDF. Take a photo of the stamped page."),
    Fault.BROKEN: _l("This file did not arrive whole. Choose it again."),
    Fault.LOCKED: _l("This PDF is closed with a password. Take a photo of the stamped page."),
    Fault.TOO_MANY_PAGES: _l("This PDF has more than twenty pages. Keep the stamped page alone."),
}
GAPS = {
    Gap.NUMBER: _l("The number of the certificate"),
    Gap.ANSWERS: _l("Where the group is, and its bank"),
    Gap.OFFICERS: _l("Somebody in each of the first three offices"),
    Gap.PEOPLE: _l(
        "What some members have not said; it is theirs to say or not, and the form shows how many"
    ),
    Gap.RATIO: _l("Five answers about lived experience; with fewer, the share would point at people"),
    Gap.MEETINGS: _l("The meetings of this time, with how many came"),
    Gap.ASSETS: _l("What the group owns, if it owns anything"),
    Gap.MONEY: _l("The money of this time"),
    Gap.OBJECTIVES: _l("The objectives of this time"),
    Gap.REPORT: _l("A few words of your own in the report"),
}
QUESTIONS = {
    "county": _l("County"),
    "constituency": _l("Constituency"),
    "sub_county": _l("Sub-county"),
    "ward": _l("Ward"),
    "group_type": _l("Type of group"),
    "special_interest": _l("Special interest group"),
    "division": _l("Division"),
    "location": _l("Location"),
    "sub_location": _l("Sub-location"),
    "village": _l("Village"),
    "formed_in": _l("Year in which the group was formed"),
    "postal": _l("Postal address"),
    "landmark": _l("Where it is found, or the nearest landmark"),
    "bank_name": _l("Bank"),
    "bank_branch": _l("Branch"),
    "account_name": _l("Name of the account"),
    "account_number": _l("Number of the account"),
    "tax_number": _l("The group’s own tax number (PIN)"),
    "activities": _l("What the group does now, in a few words"),
}
"""Questions of forms about the group, by their codes."""
GROUP_TYPES = {
    "youth": _l("Youth"),
    "women": _l("Women"),
    "men": _l("Men"),
    "mixed": _l("Mixed"),
    "disability": _l("Persons with disabilities"),
    "older": _l("Older persons"),
    "project": _l("Community project"),
    "other": _l("Other"),
}
YES_OR_NO = {"yes": _l("Yes"), "no": _l("No")}
CHOICES = {"group_type": GROUP_TYPES, "special_interest": YES_OR_NO}
OFFICES = {"vice_chair": _l("Deputy chairperson"), "vice_secretary": _l("Deputy secretary")}
"""Lines of a form's table for offices that a constitution may call otherwise."""
SAID = {"f": _l("Female"), "m": _l("Male"), "i": _l("Intersex"), "not_said": _l("Not said")}
ROWS = {
    "members": _l("Current membership"),
    "registered": _l("Persons with disabilities"),
    "youth": _l("Youth, 18 to 35"),
    "older": _l("Older, 60 and over"),
}


class BeginForm(Form):
    authority = SelectField(_l("Whom is it for?"))
    called = LineField(_l("Its name, if it is another authority"), description=_l("Only where it is not in the list above."))  # fmt: skip
    kind = SelectField(
        _l("What is it?"), choices=[SelectChoice(code, words) for code, words in KINDS.items()]
    )
    covers_from = DayField(_l("From which day?"), [needed()])
    covers_until = DayField(_l("Until which day?"), [needed()])

    def validate_covers_until(self, field: DayField) -> None:
        """Said at once, with whatever else is not right."""
        if self.covers_from.data and field.data and field.data < self.covers_from.data:
            raise ValidationError(REFUSALS[Refusal.ENDS_BEFORE])

    @classmethod
    def choosing(cls, profile: Profile, **suggested: Any) -> "BeginForm":
        """The form with the country's authorities."""
        form = cls(data=suggested)
        form.authority.choices = [
            *(SelectChoice(one.code, one.name) for one in profile.authorities),
            SelectChoice(OTHER, ANY.name),
        ]
        return form


class ReportForm(Form):
    before = HiddenField()
    """The group's own words as they stood when the page was opened."""
    words = WordsField(
        _l("The report"),
        most=LONGEST_REPORT,
        description=_l("Drafted from what is written here. Change it as you like; leave out anybody’s name."),
        render_kw={"rows": 14},
    )


class HandInForm(Form):
    on = DayField(_l("On which day was it handed in?"), [needed()])


class CopyForm(Form):
    file = FileField(
        _l("The photo or PDF"),
        [needed(_l("Choose the photo or the file."))],
        description=_l("Up to 8 megabytes. Where and when a photo was taken is removed from it."),
    )


def answers_form(codes: tuple[str, ...], kept: dict[str, str]) -> Form:
    """A form with these questions."""
    fields = {code: _question(code) for code in codes}
    return type("AnswersForm", (Form,), fields)(data=kept)  # type: ignore[no-any-return]


def _question(code: str) -> Any:
    if code == "formed_in":
        return LineField(QUESTIONS[code], [_is_year], most=4, render_kw={"inputmode": "numeric"})
    if code not in CHOICES:
        return LineField(QUESTIONS[code])
    told = [SelectChoice(one, words) for one, words in CHOICES[code].items()]
    return SelectField(QUESTIONS[code], choices=[SelectChoice("", _l("Not said")), *told])


def _is_year(_form: Form, field: LineField) -> None:
    if not is_year(field.data or ""):
        raise ValidationError(_l("Write the year in four digits, such as 2012."))

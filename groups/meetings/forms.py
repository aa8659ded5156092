"""Adding a meeting, recording it, calling it off."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from groups.meetings.models import MOST_PEOPLE, Need
from groups.meetings.rules import Refusal
from network.web.fields import CountField, HourField, Several
from network.web.forms import DayField, Form, LineField, WordsField, needed

REFUSALS = {
    Refusal.TOO_FAR_AHEAD: _l("This is more than two years away. Look at the year once more."),
    Refusal.TOO_LONG_AGO: _l("This is more than fifteen years ago. Look at the year once more."),
    Refusal.SAME_TIME: _l("There is a meeting at this time already."),
    Refusal.NOT_STARTED: _l("This meeting has not begun. Count people once they are there."),
    Refusal.CANCELLED: _l("This meeting was called off."),
    Refusal.HELD: _l("This meeting was held, and people were counted."),
    Refusal.TOO_MANY_NEWCOMERS: _l("There cannot be more new people than people."),
}
FIELD_OF = {
    Refusal.TOO_FAR_AHEAD: "day",
    Refusal.TOO_LONG_AGO: "day",
    Refusal.SAME_TIME: "hour",
    Refusal.TOO_MANY_NEWCOMERS: "newcomers",
}
NEEDS = {
    Need.MEDICINE: _l("Getting medicine"),
    Need.HEALTH_SERVICES: _l("Hospitals and clinics"),
    Need.VIOLENCE_AT_HOME: _l("Violence at home"),
    Need.FOOD_AND_RENT: _l("Money for food and rent"),
    Need.WORK: _l("Work"),
    Need.HOUSING: _l("A place to live"),
    Need.FAMILY: _l("Family"),
    Need.LONELINESS: _l("Being alone"),
    Need.STIGMA: _l("How others look at us"),
    Need.POLICE_AND_COURTS: _l("Police and courts"),
    Need.PAPERS: _l("Identity papers and cards"),
    Need.TRANSPORT: _l("Getting there"),
}


class MeetingForm(Form):
    day = DayField(_l("On which day?"), [needed()])
    hour = HourField(_l("At what time?"), [needed()])
    place = LineField(
        _l("Where?"),
        description=_l("Only the group sees this. For a meeting online, write where the link is found."),
    )


class RecordForm(Form):
    people = CountField(
        _l("How many people were there?"),
        [needed()],
        most=MOST_PEOPLE,
        description=_l("Everybody in the room, facilitators too. No names."),
    )
    newcomers = CountField(_l("How many came for the first time?"), [Optional()], most=MOST_PEOPLE)
    needs = Several(_l("What was on people’s minds?"))
    note = WordsField(
        _l("Anything else worth keeping"), most=500,
        description=_l("Broad needs, never who said what. “Three families wait for medicine” is fine; a name is not."),
    )  # fmt: skip

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.needs.choices = [(str(code), words) for code, words in NEEDS.items()]


class CancelForm(Form):
    reason = LineField(_l("Why?"), description=_l("A few words for everybody in the group."))

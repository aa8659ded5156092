"""Fields for what is counted, timed and ticked; wrong entries are told so in a sentence."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectMultipleField, TimeField
from wtforms.widgets import CheckboxInput, ListWidget, TextInput


class Several(SelectMultipleField):
    """Boxes to tick, as many as fit."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class HourField(TimeField):
    """A time of day; seconds that a browser adds are dropped."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([typed[:5] for typed in valuelist])
        except ValueError:
            raise ValueError(_l("Write the time as hours and minutes, such as 14:30.")) from None


class CountField(IntegerField):
    """A whole number of people or things, never below zero; empty means not counted, not zero."""

    widget = TextInput()

    def __init__(self, label: Any, validators: Any = (), *, most: int, **named: Any) -> None:
        render = {"inputmode": "numeric", "autocomplete": "off", **named.pop("render_kw", {})}
        super().__init__(label, validators, render_kw=render, **named)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        if not typed.isdecimal() or len(typed) > 9:  # noqa: PLR2004 - longer is no count of people
            raise ValueError(_l("Write a whole number, such as 24."))
        if int(typed) > self.most:
            raise ValueError(_l("This is more than this page can take. Look at it once more."))
        self.data = int(typed)

"""Which group is asked for help."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields import SelectChoice

from network.tenancy.models import Group
from network.web.forms import Form, needed


class HelpForm(Form):
    group = SelectField(
        _l("Which group do you ask?"),
        validators=[needed(_l("Choose one."))],
        description=_l("Their committee learns that a group asks, and nothing about the matter."),
    )

    @classmethod
    def asking(cls, groups: Iterable[Group]) -> "HelpForm":
        """The form with the groups whose committee would help."""
        form = cls()
        form.group.choices = [SelectChoice("", ""), *(SelectChoice(str(one.id), one.name) for one in groups)]
        return form

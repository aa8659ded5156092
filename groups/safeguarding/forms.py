"""What is asked about whom young people can turn to; what the country's rule says before a message goes to somebody under 18."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields import SelectChoice

from groups.membership.models import Member
from groups.safeguarding.rules import Refusal
from network.web.forms import Form, LineField

REFUSALS = {
    Refusal.NOBODY: _l("Choose a member, or write the name of somebody from outside."),
    Refusal.TWO: _l("Choose a member or write a name, not both."),
    Refusal.NO_CONTACT: _l("Write how young people reach this person."),
    Refusal.NOT_GROWN_UP: _l(
        "Choose somebody who has told on their own page, or aloud, that they are 18 or older."
    ),
}
FIELDS = {
    Refusal.NOBODY: "member",
    Refusal.TWO: "name",
    Refusal.NO_CONTACT: "contact",
    Refusal.NOT_GROWN_UP: "member",
}


@dataclass(frozen=True)
class CountryRule:
    """What holds in a country before a message to somebody under 18, and what is to be asked there."""

    says: Any
    ask: Any
    source: str = ""
    checked_on: date | None = None
    """When somebody of the network last asked the office in charge; empty until then, and the page says so."""


COUNTRY_RULES = {
    "kenya": CountryRule(
        says=_l(
            "In Kenya the law asks for a parent’s or guardian’s yes before anything about somebody under 18 is kept or used, and it"
            " must be for their good. Here no message is sent before that yes."
        ),
        ask=_l("Ask your network, or the county children’s office, what you may keep before that, and what else holds."),
        source="Data Protection Act, 2019 (Kenya), section 33",
    ),
    "england": CountryRule(
        says=_l(
            "For online services the law speaks of 13 years. About messages of a group like yours we know no rule,"
            " so we keep to the careful one: a parent or guardian agrees first."
        ),
        ask=_l("Ask your network’s safeguarding lead, or the council, what holds for your group."),
        source="ICO: Children and the UK GDPR, Article 8",
    ),
    "generic": CountryRule(
        says=_l("We do not know your country’s rule, so we keep to the careful one: a parent or guardian agrees first."),
        ask=_l("Ask your network, or an office for children, what holds where you meet."),
    ),
}  # fmt: skip
"""By country profile. Only what a source says stands here; the rest is a question to ask."""


def rule_for(profile: str) -> CountryRule:
    """The rule of a country profile, or the one for anywhere."""
    return COUNTRY_RULES.get(profile, COUNTRY_RULES["generic"])


MOST = 500
"""So many members can be chosen from in a list."""


class SafeguardingForm(Form):
    member = SelectField(
        _l("A grown-up of the group"),
        description=_l("Ask them first. Once they say yes, every member of the group sees it."),
    )
    was_heard = BooleanField(
        _l("They said yes when I asked, and know that every member sees it"),
        description=_l(
            "For a member without a sign-in. Whoever signs in says yes on their own page; until then nobody else sees it."
        ),
    )
    name = LineField(
        _l("Or the name of somebody from outside"),
        description=_l("Ask them first, and say that every member of the group sees it."),
    )
    contact = LineField(
        _l("How young people reach this person"),
        description=_l(
            "A phone number, a place or a time. Every member of the group sees it, and nobody else. It is kept sealed."
        ),
    )

    @classmethod
    def among(cls, members: Sequence[Member], **named: Any) -> "SafeguardingForm":
        """The form with these members to choose from."""
        form = cls(**named)
        form.member.choices = [
            SelectChoice("", _l("Nobody of the group")),
            *(SelectChoice(str(one.id), one.nickname) for one in members[:MOST]),
        ]
        if len(members) > MOST:
            form.member.description = _l(
                "Ask them first. Once they say yes, every member of the group sees it. The first %(most)d by nickname are here.",
                most=MOST,
            )
        return form

    def chosen_among(self, members: Sequence[Member]) -> Member | None:
        """The member that was chosen."""
        by_id = {one.id: one for one in members}
        return by_id.get(uuid.UUID(self.member.data)) if self.member.data else None

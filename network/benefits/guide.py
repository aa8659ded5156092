"""The guides, by country profile. Kept in code like the numbers to call, so that nothing has to be asked to show one.

Only what a source says stands here. `checked_on` is the day somebody of the network last asked the office in charge, and
stays empty until then: the page says so. What no source says is left out, and asked as a question instead.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

WHO = "WHO, Peer support mental health services (2021)"
"""Its chapter on Users and Survivors of Psychiatry in Kenya."""


@dataclass(frozen=True)
class Benefit:
    """One thing it opens: what, for whom, and what it takes."""

    what: Any
    who: Any
    takes: Any
    source: str
    checked_on: date | None = None


@dataclass(frozen=True)
class Registering:
    """What it is to register, as far as a source says: how, what it costs, and what others then know."""

    how: Any
    costs: Any
    reveals: Any
    group: Any
    """What it is for a group, which is another thing."""
    source: str
    checked_on: date | None = None


@dataclass(frozen=True)
class Guide:
    """A country's guide; without benefits where nobody has written any down."""

    name: Any
    registering: Registering | None = None
    benefits: tuple[Benefit, ...] = ()


REGISTERED = _l("Somebody who is registered as a person with a disability.")
ASK_COUNCIL = _l("Ask the council’s office what it takes now.")
KENYA = Guide(
    _l("Kenya"),
    Registering(
        how=_l(
            "With the National Council for Persons with Disabilities. There is a form to fill in, and an appointment for an assessment."
            " Somebody of your group can help you with both, if you want."
        ),
        costs=_l("No source here says what it costs, nor the assessment. Ask before you go."),
        reveals=_l(
            "An office of the state then has it in writing that you live with a disability, and at the assessment somebody asks about your health."
        ),
        group=_l(
            "That is another thing: the group registers with the ministry and with the council, renews that each year, and can then ask for money."
            " It says nothing about you. You can have your details left out of the yearly list."
        ),
        source=WHO,
    ),
    (
        Benefit(_l("Paying less tax"), REGISTERED, _l("Ask the council’s office which taxes, and what it takes now."), WHO),
        Benefit(_l("Money for learning"), REGISTERED, ASK_COUNCIL, WHO),
        Benefit(_l("Tools for a trade"), REGISTERED, ASK_COUNCIL, WHO),
        Benefit(
            _l("Fees at local markets"),
            _l("Somebody who is registered and works for themselves, such as selling at a market."),
            _l("Ask the council’s office how one is freed from the fees where you sell."),
            WHO,
        ),
        Benefit(
            _l("Programmes for earning a living"),
            _l("People and groups, alone or together."),
            _l("Your group or your network knows which ones there are now."),
            WHO,
        ),
        Benefit(
            _l("Support from the state in daily life"),
            _l("It differs from one programme to the next."),
            _l("Somebody of your group or your network can go through it with you."),
            WHO,
        ),
    ),
)  # fmt: skip
GUIDES = {"kenya": KENYA, "england": Guide(_l("England")), "generic": Guide(_l("Anywhere else"))}
"""By the country profile a network chose (`network.tenancy.settings`)."""
_BY_LANGUAGE = {"sw": "kenya"}
ASK_FIRST = (
    _l("What does it open for me now, and from when on?"),
    _l("What does it cost, with the way there and every paper I need?"),
    _l("Who can read what is written about me, and for how long?"),
    _l("Can I be taken off again, and what stays then?"),
    _l("Can somebody I choose come with me?"),
    _l("Can I have the same without registering?"),
)
"""Questions that help wherever somebody asks, before they decide."""


def profile_for(asked: str | None, language: str) -> str:
    """The profile that was asked for, else one where the page's language is spoken, else any place."""
    if asked in GUIDES:
        return asked
    return _BY_LANGUAGE.get(language, "generic") if asked is None else "generic"

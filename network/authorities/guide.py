"""Authorities and what their forms ask, by country profile. Facts, not decisions: what no source says is left out.

A profile has a version, which a return keeps: an authority changes its form, and what was handed in stays what it was. The
numbers are what a source says and are shown with it; what stands on the group's own certificate counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

WHO = "WHO, Peer support mental health services (2021)"
FORM = "SHG Renewal Form, October 2022 (scribd.com/document/704082781), page 1 of 6"
REGISTERING = "SHG Registration Form (studylib.net/doc/27214553), page 1"
BLOG = "gusii-digital.com, How to register a self-help group (the fee)"
SISTER = "SHG Replacement Form, October 2022 (scribd.com/document/722097171): which parts it has"
SERVICES = (
    "the ministry’s own page on registering groups (socialprotection.go.ke/services-group-registration)"
)
OTHER = "other"
"""An authority no profile knows, called as the group calls it."""


class Part(StrEnum):
    """A part of a form, in the order it is printed."""

    PLACE = "place"
    GROUP = "group"
    REACH = "reach"
    """Lines for how the group is reached, within `GROUP`; written by hand, because it is often one person's number."""
    PEOPLE = "people"
    RATIO = "ratio"
    OFFICERS = "officers"
    EVERYBODY = "everybody"
    MEETINGS = "meetings"
    BANK = "bank"
    ASSETS = "assets"
    ACTIVITIES = "activities"
    MONEY = "money"
    OBJECTIVES = "objectives"
    REPORT = "report"
    SIGNATURES = "signatures"


AREA = ("county", "constituency", "sub_county", "ward")
BANK = ("bank_name", "bank_branch", "account_name", "account_number", "tax_number")
PART_OF = MappingProxyType(
    {**dict.fromkeys(AREA, Part.PLACE), **dict.fromkeys(BANK, Part.BANK), "activities": Part.ACTIVITIES}
)
"""In which part a question stands, unless it is one about the group itself."""


class Kind(StrEnum):
    """What is handed in: the return with which a certificate is renewed, or a report of a quarter."""

    YEARLY = "yearly"
    QUARTERLY = "quarterly"


@dataclass(frozen=True)
class Authority:
    """Somebody who registers groups: what they give, how long it holds, and what they ask for."""

    code: str
    name: Any
    certificate: Any
    months: int | None = None
    """So long a certificate holds, where a source says so."""
    fee: tuple[int, str] | None = None
    """In minor units, with its currency; about so much, as a source says."""
    remind_days: int = 60
    yearly: tuple[Part, ...] = ()
    quarterly: tuple[Part, ...] = ()
    """Empty where nobody asks for a report of the quarter."""
    questions: tuple[str, ...] = ()
    """What the form asks and nothing here knows yet; the words for each stand beside the form."""
    offices: tuple[str, ...] = ()
    """The lines of the form's table of officers."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """How the form numbers its parts, as far as a source shows it."""
    unseen: Any = ""
    """What of the form nobody here has seen, for whoever puts it beside the one the office gives."""
    source: str = ""
    checked_on: date | None = None

    def parts(self, kind: str) -> tuple[Part, ...]:
        """What is asked in a return of this kind."""
        return self.quarterly if kind == Kind.QUARTERLY else self.yearly

    def asked(self, kind: str) -> list[str]:
        """The questions about the group that this kind of return asks; a report of a quarter asks none."""
        parts = self.yearly if kind == Kind.YEARLY else ()
        return [code for code in self.questions if PART_OF.get(code, Part.GROUP) in parts]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for kind in Kind if self.parts(kind))


@dataclass(frozen=True)
class Profile:
    """A country's authorities, and the language their forms are in."""

    code: str
    version: str
    name: Any
    language: str
    authorities: tuple[Authority, ...] = ()
    needs_none: bool = False
    """No source names an authority a group has to register with."""
    note: Any = ""
    """What a group there may want to know all the same."""

    def authority(self, code: str) -> Authority:
        """One of these, or the one that only the group knows."""
        return next((one for one in self.authorities if one.code == code), ANY)


EVERYTHING = (
    Part.GROUP, Part.PEOPLE, Part.OFFICERS, Part.MEETINGS, Part.BANK, Part.ASSETS, Part.ACTIVITIES, Part.MONEY, Part.OBJECTIVES,
    Part.REPORT, Part.SIGNATURES, Part.EVERYBODY,
)  # fmt: skip
OF_A_QUARTER = (Part.GROUP, Part.MEETINGS, Part.OBJECTIVES, Part.MONEY, Part.REPORT, Part.SIGNATURES)
ANY = Authority(
    OTHER, _l("Another authority"), _l("Certificate"), yearly=EVERYTHING, quarterly=OF_A_QUARTER,
    questions=("formed_in", *BANK[:-1], "activities"),
)  # fmt: skip
"""What a group may want to put together for anybody who asks."""
MINISTRY = Authority(
    "ministry",
    _l("Ministry of Labour and Social Protection"),
    _l("Certificate of registration as a community group"),
    months=12,
    fee=(100_000, "KES"),
    yearly=(
        Part.PLACE, Part.GROUP, Part.REACH, Part.PEOPLE, Part.OFFICERS, Part.BANK, Part.ASSETS,  # page 1, in its order
        Part.ACTIVITIES, Part.MEETINGS, Part.MONEY, Part.OBJECTIVES, Part.REPORT, Part.SIGNATURES, Part.EVERYBODY,
    ),
    quarterly=OF_A_QUARTER,
    questions=(
        *AREA, "group_type", "special_interest", "division", "location", "sub_location",
        "village", "formed_in", "postal", "landmark", *BANK, "activities",
    ),
    offices=("chairperson", "secretary", "treasurer", "vice_chair", "vice_secretary", "committee", "committee"),
    numbers={
        Part.GROUP: "1.", Part.PEOPLE: "2. a)", Part.OFFICERS: "2. b)", Part.BANK: "3.", Part.ASSETS: "4. a)",
    },
    source=f"{FORM}; {SISTER}; {REGISTERING}; {SERVICES}; {BLOG}; {WHO}",
    unseen=_l(
        "We have seen the first of the six pages of this form, and which parts a sister form has. What comes after the things the group owns "
        "is put together from that. Compare it with the form the office gives you."
    ),
)  # fmt: skip
COUNCIL = Authority(
    "council",
    _l("National Council for Persons with Disabilities"),
    _l("Certificate of registration with the council"),
    months=12,
    yearly=(
        Part.PLACE, Part.GROUP, Part.PEOPLE, Part.RATIO, Part.OFFICERS, Part.MEETINGS, Part.MONEY, Part.OBJECTIVES, Part.REPORT,
        Part.SIGNATURES,
    ),
    questions=("county", "sub_county", "formed_in"),
    offices=("chairperson", "secretary", "treasurer"),
    source=WHO,
    unseen=_l(
        "We have not seen any form of the council’s own for groups. These are the parts that renewing is known to ask for. "
        "Ask the council whether it has a form."
    ),
)  # fmt: skip
PROFILES = MappingProxyType(
    {
        "kenya": Profile("kenya", "2022-10.2", _l("Kenya"), "en", (MINISTRY, COUNCIL)),
        "england": Profile(
            "england", "1", _l("England"), "en", needs_none=True,
            note=_l(
                "A group that chose to become a charity or a company has returns of its own to make, where it is registered. "
                "What they ask is not known here; the certificate and its day can be kept."
            ),
        ),
        "generic": Profile("generic", "1", _l("Anywhere else"), "en"),
    }
)  # fmt: skip
"""By the country profile a network chose (`network.tenancy.settings`)."""

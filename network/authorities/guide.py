"""Authorities and what their forms ask, by country profile. Facts, not decisions: what no source says is left out.

A profile has a version, which a return keeps: an authority changes its form, and what was handed in stays what it was. The
numbers are what a source says and are shown with it; what stands on the group's own certificate counts.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

WHO = "WHO, Peer support mental health services (2021)"
FORM = "SHG Renewal Form, October 2022 (scribd.com/document/704082781), page 1 of 6"
REGISTERING = "SHG Registration Form (studylib.net/doc/27214553), page 1"
BLOG = "gusii-digital.com, How to register a self-help group"
OTHER = "other"
"""An authority no profile knows, called as the group calls it."""


class Part(StrEnum):
    """A part of a form, in the order it is printed."""

    GROUP = "group"
    PLACE = "place"
    PEOPLE = "people"
    RATIO = "ratio"
    OFFICERS = "officers"
    EVERYBODY = "everybody"
    MEETINGS = "meetings"
    BANK = "bank"
    ASSETS = "assets"
    MONEY = "money"
    OBJECTIVES = "objectives"
    REPORT = "report"
    SIGNATURES = "signatures"


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
    source: str = ""
    checked_on: date | None = None

    def parts(self, kind: str) -> tuple[Part, ...]:
        """What is asked in a return of this kind."""
        return self.quarterly if kind == Kind.QUARTERLY else self.yearly

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

    def authority(self, code: str) -> Authority:
        """One of these, or the one that only the group knows."""
        return next((one for one in self.authorities if one.code == code), ANY)


EVERYTHING = (
    Part.GROUP, Part.PEOPLE, Part.OFFICERS, Part.EVERYBODY, Part.MEETINGS, Part.BANK, Part.ASSETS, Part.MONEY, Part.OBJECTIVES,
    Part.REPORT, Part.SIGNATURES,
)  # fmt: skip
OF_A_QUARTER = (Part.GROUP, Part.MEETINGS, Part.OBJECTIVES, Part.MONEY, Part.REPORT, Part.SIGNATURES)
BANK = ("bank_name", "bank_branch", "account_name", "account_number")
ANY = Authority(
    OTHER, _l("Another authority"), _l("Certificate"), yearly=EVERYTHING, quarterly=OF_A_QUARTER, questions=("formed_in", *BANK)
)  # fmt: skip
"""What a group may want to put together for anybody who asks."""
MINISTRY = Authority(
    "ministry",
    _l("Ministry of Labour and Social Protection"),
    _l("Certificate of registration as a community group"),
    months=12,
    fee=(100_000, "KES"),
    yearly=(
        Part.GROUP, Part.PLACE, Part.PEOPLE, Part.OFFICERS, Part.EVERYBODY, Part.MEETINGS, Part.BANK, Part.ASSETS, Part.MONEY,
        Part.OBJECTIVES, Part.REPORT, Part.SIGNATURES,
    ),
    quarterly=OF_A_QUARTER,
    questions=(
        "county", "constituency", "sub_county", "ward", "group_type", "special_interest", "division", "location", "sub_location",
        "village", "formed_in", "postal", "landmark", *BANK, "tax_number",
    ),
    offices=("chairperson", "secretary", "treasurer", "vice_chair", "vice_secretary", "committee", "committee"),
    source=f"{WHO}; {FORM}; {REGISTERING}; {BLOG}",
)  # fmt: skip
COUNCIL = Authority(
    "council",
    _l("National Council for Persons with Disabilities"),
    _l("Certificate of registration with the council"),
    months=12,
    yearly=(
        Part.GROUP, Part.PEOPLE, Part.RATIO, Part.OFFICERS, Part.MEETINGS, Part.MONEY, Part.OBJECTIVES, Part.REPORT, Part.SIGNATURES,
    ),
    questions=("county", "sub_county", "formed_in"),
    offices=("chairperson", "secretary", "treasurer"),
    source=WHO,
)  # fmt: skip
"""No source here shows the council's own form: the parts are those the renewal is known to ask for."""
PROFILES = MappingProxyType(
    {
        "kenya": Profile("kenya", "2022-10", _l("Kenya"), "en", (MINISTRY, COUNCIL)),
        "england": Profile("england", "1", _l("England"), "en", needs_none=True),
        "generic": Profile("generic", "1", _l("Anywhere else"), "en"),
    }
)
"""By the country profile a network chose (`network.tenancy.settings`)."""

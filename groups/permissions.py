"""Roles inside a group, and what each may do."""

from enum import StrEnum

from network.access.table import Lines, holding


class Role(StrEnum):
    """What somebody is in a group. Offices come from terms, membership from the member's own act of linking."""

    CHAIRPERSON = "chairperson"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    COMMITTEE = "committee"
    FACILITATOR = "facilitator"
    MEMBER = "member"


OFFICERS = (Role.CHAIRPERSON, Role.SECRETARY, Role.TREASURER, Role.COMMITTEE)
everybody_in_the_group = holding(*Role)
any_officer = holding(*OFFICERS)
chair_or_secretary = holding(Role.CHAIRPERSON, Role.SECRETARY)


class Permission(StrEnum):
    """What is done in a group, one explaining line each."""


LINES: dict[Permission, Lines] = {}

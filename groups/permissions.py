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

    LISTING_EDIT = "groups:listing:edit"
    """Write the group's card for the public finder, show it and take it down."""
    ENQUIRY_ANSWER = "groups:enquiry:answer"
    """Read questions that people without an account sent to the group, and erase them when answered."""


LINES: dict[Permission, Lines] = {
    Permission.LISTING_EDIT: [[chair_or_secretary]],
    Permission.ENQUIRY_ANSWER: [[chair_or_secretary]],
}

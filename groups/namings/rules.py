"""Decisions about who is named for an office that is not elected."""

from collections.abc import Collection
from enum import StrEnum

from groups.namings.models import NamingState
from groups.officers.rules import Method, Office

STEPS = {
    NamingState.NAMED: frozenset({NamingState.ACCEPTED, NamingState.DECLINED}),
    NamingState.ACCEPTED: frozenset({NamingState.DECLINED, NamingState.SETTLED}),
    NamingState.DECLINED: frozenset({NamingState.ACCEPTED}),
    NamingState.SETTLED: frozenset[NamingState](),
}
"""Which state may follow which. The database keeps the same table."""


class Refusal(StrEnum):
    """Why somebody cannot be named, or the naming cannot go on."""

    NOT_NOW = "not_now"
    ELECTED_OFFICE = "elected_office"
    NOT_A_MEMBER = "not_a_member"
    NAMES_THEMSELVES = "names_themselves"
    NAMED_ALREADY = "named_already"
    IN_OFFICE = "in_office"
    BEFORE_THE_MEMBERS = "before_the_members"
    THEIR_OWN_NO = "their_own_no"


def may_become(state: NamingState, wanted: NamingState) -> bool:
    """Whether this step may be taken."""
    return wanted in STEPS[state]


def why_not_answer(state: NamingState, wanted: NamingState, *, is_for_another: bool) -> Refusal | None:
    """Why an answer cannot be kept. Nobody makes a yes of the no of somebody who can sign in and say so."""
    if not may_become(state, wanted):
        return Refusal.NOT_NOW
    return Refusal.THEIR_OWN_NO if state == NamingState.DECLINED and is_for_another else None


def why_not_name(
    office: Office | None, *, are_members: bool, is_own: bool, is_named: bool, holds: Collection[str]
) -> Refusal | None:
    """Why somebody cannot be named. For an office that fellow members name nobody names themselves."""
    if office is None or office.method == Method.ELECTED:
        return Refusal.ELECTED_OFFICE
    if not are_members:
        return Refusal.NOT_A_MEMBER
    if is_own and office.method == Method.NOMINATED:
        return Refusal.NAMES_THEMSELVES
    if is_named:
        return Refusal.NAMED_ALREADY
    return Refusal.IN_OFFICE if office.code in holds else None

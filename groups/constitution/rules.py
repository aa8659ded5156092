"""What changed between two versions, one thing at a time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from groups.officers.rules import Articles, Method, Office, rule_for


class What(StrEnum):
    """One thing a constitution says."""

    OFFICE_ADDED = "office_added"
    OFFICE_GONE = "office_gone"
    SEATS = "seats"
    MONTHS = "months"
    METHOD = "method"
    RULE = "rule"
    QUORUM = "quorum"
    NOTICE = "notice"
    CHALLENGE = "challenge"
    VOTING_AFTER = "voting_after"
    MAJORITY = "majority"
    FILLS_REST = "fills_rest"
    WORDS = "words"


@dataclass(frozen=True)
class Change:
    """What it said and what it says; `office` where it is about one."""

    what: What
    before: Any
    after: Any
    office: str = ""


def changes(before: Articles, after: Articles, *, words_changed: bool = False) -> list[Change]:
    """Everything that is different, offices first."""
    found = [
        Change(What.OFFICE_GONE, office, None, office.code)
        for office in before.offices
        if after.office(office.code) is None
    ]
    for office in after.offices:
        earlier = before.office(office.code)
        found += (
            [Change(What.OFFICE_ADDED, None, office, office.code)]
            if earlier is None
            else _in_office(earlier, office)
        )
    for what, name in (
        (What.QUORUM, "quorum_percent"), (What.NOTICE, "notice_days"), (What.CHALLENGE, "challenge_days"),
        (What.VOTING_AFTER, "voting_after_days"), (What.MAJORITY, "amend_majority"), (What.FILLS_REST, "fills_rest"),
    ):  # fmt: skip
        if getattr(before, name) != getattr(after, name):
            found.append(Change(what, getattr(before, name), getattr(after, name)))
    return [*found, Change(What.WORDS, None, None)] if words_changed else found


def _in_office(before: Office, after: Office) -> list[Change]:
    counted = [rule_for(office.rule, seats=office.seats) for office in (before, after)]
    is_counted_anew = counted[0] != counted[1] and after.method == Method.ELECTED
    found = [
        Change(what, getattr(before, name), getattr(after, name), after.code)
        for what, name in ((What.SEATS, "seats"), (What.MONTHS, "months"), (What.METHOD, "method"))
        if getattr(before, name) != getattr(after, name)
    ]
    return [*found, Change(What.RULE, counted[0], counted[1], after.code)] if is_counted_anew else found

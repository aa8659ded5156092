"""Who may do what with the group's money. The treasurer writes; a second person confirms; every member reads."""

from enum import StrEnum
from typing import Any

from groups.permissions import OFFICERS, Role
from network.access.actor import Actor
from network.access.table import Lines, holding
from network.permissions import Role as StaffRole
from network.permissions import staff

members = holding(*OFFICERS, Role.MEMBER)
treasurer = holding(Role.TREASURER)
any_officer = holding(*OFFICERS)
treasurer_or_chair = holding(Role.TREASURER, Role.CHAIRPERSON)
looks_after_money = holding(Role.CHAIRPERSON, Role.SECRETARY, Role.TREASURER)
finance = holding(StaffRole.FINANCE)
finance_or_administration = holding(StaffRole.FINANCE, StaffRole.ADMINISTRATION)
"""In a network's office, which keeps a book of its own."""


class Permission(StrEnum):
    """What is done with money."""

    BOOK_READ = "funding:book:read"
    """Read the reports, the entries and what there is: every member, and nobody who only visits; in an office, its staff."""
    BOOK_POST = "funding:book:post"
    """Write in the book, alone for what came in and with a second person for what goes out: the treasurer, or finance."""
    BOOK_SECOND = "funding:book:second"
    """Be the second person for what somebody else wrote: anybody in office; in a network's office finance or administration."""
    BOOK_TAKE = "funding:book:take"
    """Take the whole book along as files: anybody in office; in a network's office finance or administration."""
    BOOK_REOPEN = "funding:book:reopen"
    """Ask for closed months to be opened again: the treasurer or the chairperson, or finance."""
    MEMO_ERASE = "funding:memo:erase"
    """Take away the words beside an entry where they say too much about somebody: the treasurer, the chairperson, finance."""
    GRANT_WRITE = "funding:grant:write"
    """Write down a grant, its budget, its parts and what was promised for it: the treasurer or the chairperson, or finance."""
    OPPORTUNITY_WRITE = "funding:opportunity:write"
    """Write down money a group can apply for: whoever looks after money in a group, finance or administration in an office."""
    OPPORTUNITY_PUBLISH = "funding:opportunity:publish"
    """Publish it to the groups of the network: finance or administration."""
    APPLICATION_KEEP = "funding:application:keep"
    """Keep what the group applies for, and read it: chairperson, secretary or treasurer."""
    ONWARD_READ = "funding:onward:read"
    """Read, in the office, what it gives to groups and what they said about it: its staff."""
    ONWARD_GIVE = "funding:onward:give"
    """Write a grant for a group, offer it, send its parts with a second person, end it: finance."""
    ONWARD_ANSWER = "funding:onward:answer"
    """Take a network's grant or not, and say how the group stands: chairperson, secretary or treasurer."""
    HANDOVER_SIGN = "funding:handover:sign"
    """Count and sign when the money goes to a new treasurer: both treasurers, also when a term is over; anybody in office."""
    RESERVE_DECIDE = "funding:reserve:decide"
    """Write down what share the group decided to keep for hardship: the treasurer or the chairperson."""
    AMOUNT_DECIDE = "funding:amount:decide"
    """Write down what the members suggest to give each month: the treasurer or the chairperson."""
    RECEIPT_READ = "funding:receipt:read"
    """Read a receipt: whoever writes in the book, and a member the receipts for what they gave themselves."""
    RECEIPT_MAKE = "funding:receipt:make"
    """Have a receipt made for something that came in: the same people."""
    HARDSHIP_ASK = "funding:hardship:ask"
    """Ask for help from the reserve: every member."""
    HARDSHIP_READ = "funding:hardship:read"
    """Read one request: who asked, and those who decide about it now (the database shows it to nobody else)."""
    HARDSHIP_OWN = "funding:hardship:own"
    """Say who lives with oneself and has no part in one's own request."""
    HARDSHIP_DECIDE = "funding:hardship:decide"
    """Answer one request, pay it out, step aside: those in office who decide about it now, never whoever asked."""


def gave_it(actor: Actor, subject: Any) -> bool:
    """Whether it came from the actor."""
    return subject is not None and subject.account_id is not None and subject.account_id == actor.account_id


def takes_part(actor: Actor, subject: Any) -> bool:
    """Whether the actor is one of the two treasurers of a handover."""
    return subject is not None and subject.has_party(actor.account_id)


def asked_it(actor: Actor, subject: Any) -> bool:
    """Whether the request is the actor's own."""
    return subject is not None and subject.is_asked_by(actor.account_id)


def asked_by_somebody_else(actor: Actor, subject: Any) -> bool:
    """Whether the request is somebody else's."""
    return not asked_it(actor, subject)


LINES: dict[Permission, Lines] = {
    Permission.BOOK_READ: [[members], [staff]],
    Permission.BOOK_POST: [[treasurer], [finance]],
    Permission.BOOK_SECOND: [[any_officer], [finance_or_administration]],
    Permission.BOOK_TAKE: [[any_officer], [finance_or_administration]],
    Permission.BOOK_REOPEN: [[treasurer_or_chair], [finance]],
    Permission.MEMO_ERASE: [[treasurer_or_chair], [finance]],
    Permission.GRANT_WRITE: [[treasurer_or_chair], [finance]],
    Permission.OPPORTUNITY_WRITE: [[looks_after_money], [finance_or_administration]],
    Permission.OPPORTUNITY_PUBLISH: [[finance_or_administration]],
    Permission.APPLICATION_KEEP: [[looks_after_money]],
    Permission.ONWARD_READ: [[staff]],
    Permission.ONWARD_GIVE: [[finance]],
    Permission.ONWARD_ANSWER: [[looks_after_money]],
    Permission.HANDOVER_SIGN: [[any_officer], [members, takes_part]],
    Permission.RESERVE_DECIDE: [[treasurer_or_chair]],
    Permission.AMOUNT_DECIDE: [[treasurer_or_chair]],
    Permission.RECEIPT_READ: [[treasurer], [finance], [members, gave_it]],
    Permission.RECEIPT_MAKE: [[treasurer], [finance], [members, gave_it]],
    Permission.HARDSHIP_ASK: [[members]],
    Permission.HARDSHIP_READ: [[members, asked_it], [any_officer]],
    Permission.HARDSHIP_OWN: [[members, asked_it]],
    Permission.HARDSHIP_DECIDE: [[any_officer, asked_by_somebody_else]],
}

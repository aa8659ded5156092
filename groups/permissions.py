"""Roles inside a group, and what each may do."""

from enum import StrEnum
from typing import Any

from network.access.actor import Actor
from network.access.table import Lines, holding


class Role(StrEnum):
    """What somebody is in a group. Offices come from terms, membership from the member's own act of linking."""

    CHAIRPERSON = "chairperson"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    COMMITTEE = "committee"
    FACILITATOR = "facilitator"
    DISPUTES = "disputes"
    MEMBER = "member"


OFFICERS = (Role.CHAIRPERSON, Role.SECRETARY, Role.TREASURER, Role.COMMITTEE)
everybody_in_the_group = holding(*Role)
any_officer = holding(*OFFICERS)
chair_or_secretary = holding(Role.CHAIRPERSON, Role.SECRETARY)


def is_about_oneself(actor: Actor, subject: Any) -> bool:
    """It belongs to the member who is asking."""
    return subject is not None and actor.is_signed_in and subject.member.account_id == actor.account_id


def is_a_teller(actor: Actor, subject: Any) -> bool:
    """One of the two who counted it."""
    return subject is not None and any(
        one.member.account_id == actor.account_id for one in subject.tellers if one.member.account_id
    )


def runs_it(actor: Actor, subject: Any) -> bool:
    """The election was called by whoever is asking, because neither chairperson nor secretary was there."""
    election = getattr(subject, "__dict__", {}).get("election", subject)
    return actor.is_signed_in and getattr(election, "run_by_id", None) == actor.account_id


def is_not_elected(actor: Actor, subject: Any) -> bool:  # noqa: ARG001 - every question takes both
    """An office that members give and take without an election, such as the facilitator's; not one that fellow members name."""
    return subject is not None and subject.source == "appointed" and subject.office not in OFFICERS


def has_proposed(actor: Actor, subject: Any) -> bool:
    """It was proposed by whoever is asking."""
    return subject is not None and actor.is_signed_in and subject.proposed_by_id == actor.account_id


def sits_on_it(actor: Actor, subject: Any) -> bool:
    """One of the panel that hears a matter, who has not stepped aside."""
    return subject is not None and actor.is_signed_in and actor.account_id in subject.sitting


class Permission(StrEnum):
    """What is done in a group, one explaining line each."""

    MEMBERS_READ = "groups:members:read"
    """See who is in the group, by nickname."""
    MEMBERS_CHANGE = "groups:members:change"
    """Add members, change what is kept about them, invite them to sign in, note that somebody has left."""
    MEMBERSHIP_OWN = "groups:members:own"
    """See and change what the group keeps about oneself, and leave the group."""
    WISHES_KEEP = "groups:wishes:keep"
    """Make a copy of what is held about a member without a sign-in, for them; write down that they ask to be erased."""
    WISHES_ANSWER = "groups:wishes:answer"
    """Say as a second person that one heard somebody ask to be erased, or that they do not ask it."""
    SAFEGUARDING_READ = "groups:safeguarding:read"
    """See whom young people of the group can turn to, and what holds before a message goes to somebody under 18."""
    SAFEGUARDING_NAME = "groups:safeguarding:name"
    """Say whom young people of the group can turn to."""
    COMPOSITION_READ = "groups:composition:read"
    """Read in one word where the group stands against its network's rule."""
    COMPOSITION_COUNT = "groups:composition:count"
    """Have this month's word counted, where there is none yet."""
    OFFICES_READ = "groups:offices:read"
    """See who holds which office, who held it before, and what the constitution says about offices."""
    OFFICES_APPOINT = "groups:offices:appoint"
    """Record whom the members appointed to an office that is not elected, and when that ends."""
    NAMINGS_ADD = "groups:namings:add"
    """Name a fellow member for an office that is not elected."""
    NAMING_ANSWER = "groups:naming:answer"
    """Say whether one would do it, or record what somebody said in the meeting."""
    OFFICE_END = "groups:offices:end"
    """Step down from an office one holds; record that an appointment is over."""
    NOTES_OWN_OFFICE = "groups:notes:own_office"
    """Read and write notes of an office one holds; for thirty days after it, write, and read one's own."""
    CONSTITUTION_READ = "groups:constitution:read"
    """Read what the group agreed, every version of it, and what is proposed."""
    CONSTITUTION_PROPOSE = "groups:constitution:propose"
    """Propose that the constitution says something else."""
    CONSTITUTION_DROP = "groups:constitution:drop"
    """Take a proposal away: one's own, or as whoever runs the group's decisions."""
    DECISIONS_READ = "groups:decisions:read"
    """See what the members are to decide and what they decided."""
    DECISIONS_CALL = "groups:decisions:call"
    """Put something to the members, begin the count, take it back."""
    ELECTIONS_READ = "groups:elections:read"
    """See elections, who stands, and how they came out."""
    ELECTIONS_CALL = "groups:elections:call"
    """Call an election."""
    ELECTIONS_FILL = "groups:elections:fill"
    """Call a by-election for an empty office, where nobody is there whose turn it would be; the page says whose it is."""
    ELECTIONS_RUN = "groups:elections:run"
    """Record nominations, begin the vote, draw a lot, declare the result."""
    PAPERS_READ = "groups:papers:read"
    """Save what stands on the papers of a count, for as long as they are kept: for the two who counted them."""
    ELECTIONS_STAND = "groups:elections:stand"
    """Put oneself forward for an office."""
    ELECTIONS_VOTE = "groups:elections:vote"
    """Vote on one's own phone, where one stands on the roll; see whether one's envelope was in the box."""
    RESULT_CHALLENGE = "groups:result:challenge"
    """Say that something went wrong in an election; who sees and decides about it, the database knows."""
    MATTERS_USE = "groups:matters:use"
    """Bring a matter before a committee for disputes; read what one brought or was told. Who reads which, the database knows."""
    MATTER_SEE = "groups:matter:see"
    """Read a matter one brought or hears, with one's own password."""
    MATTER_HEAR = "groups:matter:hear"
    """Hear a matter on its panel: note down, tell, agree, look again, step aside."""
    MATTERS_COMMITTEE = "groups:matters:committee"
    """Say whether the committee hears matters of other groups, and whether one comes to help."""
    NOMINATION_ANSWER = "groups:nomination:answer"
    """Say yes or no to being named, or record what somebody said in the meeting."""
    NOTICES_TELL = "groups:notices:tell"
    """See who is still to be told of what, with the words ready to send, and tick off who was told."""
    LISTING_EDIT = "groups:listing:edit"
    """Write the group's card for the public finder, show it and take it down."""
    ENQUIRY_ANSWER = "groups:enquiry:answer"
    """Read questions that people without an account sent to the group, and erase them when answered."""
    REFERRAL_ANSWER = "groups:referral:answer"
    """Read who asked to join or was introduced, answer them, note what they said, ask once where they left the door open."""
    DOOR_KEEP = "groups:door:keep"
    """During a meeting, count somebody new who looks in, or add them by nickname and hand them a code."""
    MEETINGS_READ = "groups:meetings:read"
    """See when the group meets, and how many came."""
    MEETING_PLAN = "groups:meeting:plan"
    """Add a meeting, change its time or place, call it off."""
    MEETING_RECORD = "groups:meeting:record"
    """Record how many came to a meeting and what was on people's minds."""
    OBJECTIVES_READ = "groups:objectives:read"
    """See the quarter's objectives, their steps, and how they move."""
    OBJECTIVES_SET = "groups:objectives:set"
    """Set objectives, put them in order, plan steps."""
    OBJECTIVES_REVIEW = "groups:objectives:review"
    """Keep what a meeting said about an objective, mark steps as done, close an objective or take it up again."""
    REGISTRATION_READ = "groups:registration:read"
    """See the group's certificates, and until when each holds."""
    REGISTRATION_CHANGE = "groups:registration:change"
    """Enter a certificate, and put one right."""
    RETURNS_READ = "groups:returns:read"
    """Read what goes to authorities, look over a draft, keep what forms ask about bank and belongings."""
    RETURNS_PREPARE = "groups:returns:prepare"
    """Put a return together, write its report, hand it in, keep the stamped copy."""


LINES: dict[Permission, Lines] = {
    Permission.MEMBERS_READ: [[everybody_in_the_group]],
    Permission.MEMBERS_CHANGE: [[chair_or_secretary]],
    Permission.MEMBERSHIP_OWN: [[everybody_in_the_group]],
    Permission.WISHES_KEEP: [[chair_or_secretary]],
    Permission.WISHES_ANSWER: [[any_officer], [holding(Role.FACILITATOR)]],
    Permission.SAFEGUARDING_READ: [[everybody_in_the_group]],
    Permission.SAFEGUARDING_NAME: [[chair_or_secretary]],
    Permission.COMPOSITION_READ: [[everybody_in_the_group]],
    Permission.COMPOSITION_COUNT: [[chair_or_secretary]],
    Permission.OFFICES_READ: [[everybody_in_the_group]],
    Permission.OFFICES_APPOINT: [[chair_or_secretary]],
    Permission.NAMINGS_ADD: [[everybody_in_the_group]],
    Permission.NAMING_ANSWER: [[everybody_in_the_group, is_about_oneself], [chair_or_secretary]],
    Permission.OFFICE_END: [[everybody_in_the_group, is_about_oneself], [chair_or_secretary, is_not_elected]],
    Permission.NOTES_OWN_OFFICE: [[everybody_in_the_group, is_about_oneself]],
    Permission.CONSTITUTION_READ: [[everybody_in_the_group]],
    Permission.CONSTITUTION_PROPOSE: [[everybody_in_the_group]],
    Permission.CONSTITUTION_DROP: [[everybody_in_the_group, has_proposed], [chair_or_secretary]],
    Permission.DECISIONS_READ: [[everybody_in_the_group]],
    Permission.DECISIONS_CALL: [[chair_or_secretary]],
    Permission.ELECTIONS_READ: [[everybody_in_the_group]],
    Permission.ELECTIONS_CALL: [[chair_or_secretary]],
    Permission.ELECTIONS_FILL: [[everybody_in_the_group]],
    Permission.ELECTIONS_RUN: [[chair_or_secretary], [everybody_in_the_group, runs_it]],
    Permission.PAPERS_READ: [[everybody_in_the_group, is_a_teller]],
    Permission.ELECTIONS_STAND: [[everybody_in_the_group]],
    Permission.ELECTIONS_VOTE: [[holding(*OFFICERS, Role.FACILITATOR, Role.MEMBER)]],
    Permission.RESULT_CHALLENGE: [[everybody_in_the_group]],
    Permission.MATTERS_USE: [[everybody_in_the_group]],
    Permission.MATTER_SEE: [[everybody_in_the_group]],
    Permission.MATTER_HEAR: [[everybody_in_the_group, sits_on_it]],
    Permission.MATTERS_COMMITTEE: [[holding(Role.DISPUTES)]],
    Permission.NOMINATION_ANSWER: [[everybody_in_the_group, is_about_oneself], [chair_or_secretary]],
    Permission.NOTICES_TELL: [[chair_or_secretary]],
    Permission.LISTING_EDIT: [[chair_or_secretary]],
    Permission.ENQUIRY_ANSWER: [[chair_or_secretary]],
    Permission.REFERRAL_ANSWER: [[chair_or_secretary]],
    Permission.DOOR_KEEP: [[any_officer], [holding(Role.FACILITATOR)]],
    Permission.MEETINGS_READ: [[everybody_in_the_group]],
    Permission.MEETING_PLAN: [[chair_or_secretary]],
    Permission.MEETING_RECORD: [[any_officer], [holding(Role.FACILITATOR)]],
    Permission.OBJECTIVES_READ: [[everybody_in_the_group]],
    Permission.OBJECTIVES_SET: [[any_officer]],
    Permission.OBJECTIVES_REVIEW: [[any_officer], [holding(Role.FACILITATOR)]],
    Permission.REGISTRATION_READ: [[everybody_in_the_group]],
    Permission.REGISTRATION_CHANGE: [[chair_or_secretary]],
    Permission.RETURNS_READ: [[holding(Role.CHAIRPERSON, Role.SECRETARY, Role.TREASURER)]],
    Permission.RETURNS_PREPARE: [[chair_or_secretary]],
}

"""What is held about somebody, in words: columns, until when, and why something stays."""

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from network.web.languages import language_of

COLUMNS: dict[str, Any] = {
    "nickname": _l("Nickname"),
    "contact": _l("A way to reach you"),
    "address": _l("Number or address"),
    "language": _l("Language"),
    "lived_experience": _l("What you told about yourself"),
    "age_band": _l("Your age, in one of four bands"),
    "sex": _l("Your sex, as the authority’s form asks it"),
    "disability_registered": _l("Whether you are registered as a person with a disability"),
    "purpose": _l("What you said yes to"),
    "method": _l("How"),
    "given_at": _l("Said yes"),
    "withdrawn_at": _l("Ended"),
    "said_at": _l("Said on"),
    "left_out_of_return": _l("Left out of the list for the authority"),
    "handed_in_on": _l("Handed in on"),
    "joined_on": _l("Here since"),
    "left_on": _l("Left on"),
    "shown_name": _l("What we call you"),
    "shown": _l("You sign in with"),
    "created_at": _l("Since"),
    "changed_at": _l("Last changed"),
    "seen_at": _l("Last used"),
    "expires_at": _l("Ends"),
    "ends_at": _l("Until"),
    "starts_at": _l("From"),
    "due_on": _l("Runs until"),
    "office": _l("Office"),
    "role": _l("May act as"),
    "named_at": _l("Named on"),
    "answered_at": _l("Answered on"),
    "channel": _l("How you are told"),
    "chosen_at": _l("Chosen on"),
    "told_at": _l("Told on"),
    "amount": _l("Amount"),
    "number": _l("Number"),
    "made_at": _l("Made on"),
    "accepted_at": _l("Accepted on"),
    "on_day": _l("Day"),
    "family": _l("Kind of device"),
    "need": _l("What for"),
    "words": _l("Words"),
    "reply": _l("Answer"),
    "filed_at": _l("Asked on"),
    "decided_at": _l("Decided on"),
    "closes_on": _l("Destroyed on"),
    "destroy_on": _l("Destroyed on"),
    "what": _l("What"),
    "who": _l("Who does it"),
    "by_on": _l("By when"),
    "done_at": _l("Done on"),
    "title": _l("Title"),
    "body": _l("Text"),
    "event": _l("What happened"),
    "at": _l("When"),
    "held_on": _l("Held on"),
    "called_at": _l("Called on"),
    "recorded_at": _l("Written down on"),
    "recorded_by_id": _l("Who wrote it down"),
    "confirmed_by_id": _l("Who confirmed it"),
    "decided_by_id": _l("Who decided"),
    "counted_on": _l("Counted on"),
    "counted_by_id": _l("Who counted first"),
    "agreed_by_id": _l("Who counted with them"),
    "effective_on": _l("Day"),
    "received_on": _l("Day"),
    "brought_at": _l("Brought on"),
    "written_at": _l("Written on"),
    "marked_at": _l("Marked on"),
    "joined_at": _l("Put together on"),
    "asked_at": _l("Asked on"),
    "proposed_at": _l("Proposed on"),
    "replaced_at": _l("Somebody else went on from"),
    "content": _l("The sheet, closed with your four words"),
}
"""Columns a person would ask about; the others are in the file for programs."""
ONES_OWN: dict[str, Any] = {"roll_entries.channel": _l("How you vote, where it is not on your own phone")}
"""Where a column is called as another that means something else."""
UNTIL: dict[str, Any] = {
    "account": _l("As long as you have a sign-in"),
    "session": _l("Until you sign out, or after twelve hours without use"),
    "sheet": _l("Until you destroy it"),
    "share": _l("Until you stop it, or the link ends"),
    "membership": _l("The nickname as long as the group is here; everything else until you leave"),
    "consent": _l(
        "It ends when you take it back or leave, and goes a year after you left, or when you are forgotten"
    ),
    "safeguarding": _l("Until the group names somebody else"),
    "reach": _l("Until you leave or choose otherwise"),
    "notices": _l("Twelve months"),
    "looks": _l("Two years"),
    "group": _l("As long as the group is here"),
    "audit": _l("Two years"),
    "election": _l("As long as the group is here"),
    "challenge": _l("Your words a year after it is decided; that there was one as long as the result"),
    "book": _l("As long as the group keeps its book"),
    "hardship": _l("Ninety days after it is settled; half a year if nobody settles it"),
    "matter": _l("Ninety days after it is closed; a year if nobody goes on; at once when you take it back"),
    "published": _l("As long as it is published"),
    "step": _l("Until the group takes the step away"),
    "forgotten-in-returns": _l("Until you ask to be forgotten; the figures stay"),
    "asking": _l("Thirty days after the answer, ninety without one"),
    "application": _l("Until whoever applied takes it back, or a year after the last word"),
    "volunteer": _l("Until it is done or withdrawn"),
    "statement-file": _l("A day at most"),
    "wish": _l("Until it is done, or taken back"),
}
"""The rules of keeping (network/data_map/keeping.toml) that rows about people follow."""
BECAUSE: dict[str, Any] = {
    "book": _l(
        "What is written in the money book, amounts and days, because a book is only worth something whole. Your name is not in it any more."
    ),
    "vote": _l(
        "That somebody could vote, stood or counted, because results rest on it. How you voted is kept nowhere."
    ),
    "office": _l("That somebody held an office from one day to another."),
    "told": _l("That somebody was told of a meeting or a vote, for twelve months."),
    "acts": _l("That somebody did something on a day, without its words and without who."),
}
"""Why a row stays when its person asks to be forgotten, in their words."""


def neutral_name(language: str, code: str) -> str:
    """What is called whoever asked to be forgotten, in the language of their group."""
    with force_locale(language_of(language).babel):
        return str(_("Somebody who left (%(code)s)", code=code))

"""Keeping a group's public card, showing it and taking it down; taking questions and erasing them."""

import hashlib
import uuid
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert

from network import audit
from network.db import db
from network.directory import queries, rules
from network.directory.models import DoorCount, Enquiry, Listing
from network.tenancy import scope
from network.tenancy.models import Group
from network.vault import keys
from network.wording import commands as wording


class NotShown(Exception):
    """The card cannot be shown like this; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class NotTaken(Exception):
    """The question cannot be taken; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def keep_card(group: Group, card: rules.Card, *, by: uuid.UUID | None, now: datetime) -> Listing:
    """Keep what the group in scope says about itself. What is listed stays listed, so it is checked first. Raises `NotShown`."""
    if refusal := rules.why_not_show(card):
        raise NotShown(refusal)
    listing = queries.find_own() or Listing(is_listed=False)
    values = asdict(card)
    words = values.pop("words")
    for name, value in values.items():
        setattr(listing, name, list(value) if isinstance(value, tuple) else value)
    listing.search_key = rules.found_by(f"{group.name} {card.place} {group.locality}")
    listing.changed_at = now
    _keep_words(listing, words, language=group.language, now=now)
    db.session.add(listing)
    db.session.flush()
    audit.record("listing.changed", listing, by=by, now=now)
    return listing


def _keep_words(listing: Listing, words: str, *, language: str, now: datetime) -> None:
    text = queries.find_text(listing)
    if text is None and words:
        text = wording.write_text(
            purpose="listing", language=language, body=words, now=now, is_open=listing.is_listed
        )
        listing.text_id = text.id
    elif text is not None and words:
        wording.change_original(text, body=words, now=now)
    elif text is not None:
        listing.text_id = None
        db.session.flush()  # the card lets go of the text before it is erased
        wording.erase_text(text)


def publish(listing: Listing, *, by: uuid.UUID | None, now: datetime) -> None:
    """Show the card to everybody."""
    _turn(listing, True)
    audit.record("listing.published", listing, by=by, now=now)


def take_down(listing: Listing, *, by: uuid.UUID | None, now: datetime) -> None:
    """Show the card to nobody outside the group any more. What was written is kept for another time."""
    _turn(listing, False)
    audit.record("listing.taken_down", listing, by=by, now=now)


def _turn(listing: Listing, is_listed: bool) -> None:  # noqa: FBT001 - it is the one thing that is turned
    listing.is_listed = is_listed
    if (text := queries.find_text(listing)) is not None:
        wording.open_to_all(text) if is_listed else wording.close_again(text)
    db.session.flush()


def count_message(group_id: uuid.UUID, *, whence: str, today: date) -> None:
    """Count one more message to a group from one place, in a transaction of its own. Raises `NotTaken` where a day takes no more."""
    print_ = keys.lookup("door", f"{group_id} {today.isoformat()} {whence}")
    first = insert(DoorCount).values(id=uuid.uuid4(), whence=print_, on_day=today, times=1)
    one_more = first.on_conflict_do_update(
        index_elements=[DoorCount.whence], set_={"times": DoorCount.times + 1}, where=DoorCount.times < rules.MOST_A_DAY
    )  # fmt: skip
    with scope.visiting():
        counted = db.session.execute(one_more.returning(DoorCount.times)).scalar()
    if counted is None:
        raise NotTaken(rules.Refusal.TOO_MANY_TODAY)


def take_question(
    *, name: str, contact: str, words: str, language: str, now: datetime, old_enough: str = ""
) -> Enquiry:
    """Keep a question for the group in scope, sealed. `old_enough` are the words that were ticked, where the group asks.

    Raises `NotTaken`.
    """
    if refusal := rules.why_not_ask(queries.count_enquiries()):
        raise NotTaken(refusal)
    enquiry = Enquiry(
        name=name, contact=contact, words=words, language=language, received_at=now,
        old_enough_hash=hashlib.sha256(old_enough.encode()).digest() if old_enough else None,
    )  # fmt: skip
    db.session.add(enquiry)
    db.session.flush()
    audit.record("enquiry.received", enquiry, now=now)
    return enquiry


def erase_enquiry(enquiry: Enquiry, *, by: uuid.UUID | None, now: datetime) -> None:
    """Erase a question that was answered: nothing of it is kept."""
    audit.record("enquiry.erased", enquiry, by=by, now=now)
    db.session.delete(enquiry)
    db.session.flush()

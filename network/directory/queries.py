"""Finding groups that are listed, and a group's own card and questions."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from network.db import db
from network.directory import rules
from network.directory.models import Enquiry, Listing, Mode
from network.tenancy import scope
from network.tenancy.models import Group, GroupState
from network.wording.models import Text


@dataclass(frozen=True)
class Search:
    """What somebody looks for; nothing said is anything goes."""

    place: str = ""
    weekday: int | None = None
    language: str = ""
    who: str = ""


def _listed() -> sa.Select[Listing]:
    return (
        sa.select(Listing)
        .join(Listing.group)
        .options(contains_eager(Listing.group))
        .where(Listing.is_listed, Group.state == GroupState.OPEN)
        .order_by(Listing.place, Group.name, Listing.id)
    )


def listed_groups(search: Search) -> sa.Select[Listing]:
    """Listed groups that fit, by place and name; every word that was typed must be in the name or the place."""
    found = _fitting(search)
    for word in rules.search_key(search.place).split():
        found = found.where(Listing.search_key.contains(word, autoescape=True))
    return found


def listed_online(search: Search) -> list[Listing]:
    """Groups somebody can join from anywhere, when there is none where they looked."""
    return list(db.session.scalars(_fitting(search).where(Listing.mode != Mode.IN_PERSON).limit(10)))


def _fitting(search: Search) -> sa.Select[Listing]:
    found = _listed()
    if search.weekday is not None:
        found = found.where(Listing.weekday == search.weekday)
    if search.language:
        found = found.where(Listing.languages.contains([search.language]))
    if search.who:
        found = found.where(
            sa.or_(*(Listing.welcome.contains([code]) for code in rules.whom_to_show(search.who)))
        )
    return found


def languages_spoken() -> list[str]:
    """The codes of the languages listed groups speak."""
    each = sa.select(sa.func.jsonb_array_elements_text(Listing.languages)).where(Listing.is_listed).distinct()
    return sorted(db.session.scalars(each))


def get_listed(slug: str) -> Listing:
    """A listed group's card, or a page that says there is nothing here."""
    return db.one_or_404(_listed().where(Group.slug == slug))


def listed_among(group_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these groups are in the public finder now."""
    ids = sa.select(Listing.group_id).join(Listing.group)
    among = ids.where(
        Listing.is_listed, Group.state == GroupState.OPEN, Listing.group_id.in_(list(group_ids))
    )
    return set(db.session.scalars(among))


def find_text(listing: Listing) -> Text | None:
    """What the group says about itself."""
    return db.session.scalar(sa.select(Text).where(Text.id == listing.text_id)) if listing.text_id else None


def find_own() -> Listing | None:
    """The card of the group in scope."""
    return db.session.scalar(sa.select(Listing).where(Listing.group_id == scope.group_id()))


def get_own() -> Listing:
    """The card of the group in scope, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Listing).where(Listing.group_id == scope.group_id()))


def enquiries() -> sa.Select[Enquiry]:
    """Questions that wait in the group in scope, the oldest first."""
    return sa.select(Enquiry).order_by(Enquiry.received_at, Enquiry.id)


def get_enquiry(enquiry_id: uuid.UUID) -> Enquiry:
    """A question to the group in scope, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Enquiry).where(Enquiry.id == enquiry_id))


def count_enquiries() -> int:
    """How many questions wait."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Enquiry)) or 0

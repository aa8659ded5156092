"""A group's public card, and the questions people ask a group through it."""

import uuid
from datetime import date, datetime, time
from enum import IntEnum, StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.models import Group
from network.tenancy.tables import GroupTable, PlatformTable, PublishedTable, args, one_of, within_group
from network.vault.columns import Sealed


class Recurrence(StrEnum):
    """How often a group meets."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    ASK = "ask"


class WeekOfMonth(IntEnum):
    """Which one of the month, for groups that meet monthly."""

    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4
    LAST = 5


class Mode(StrEnum):
    """Where people meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    BOTH = "both"


class Welcome(StrEnum):
    """Who the group is for."""

    ANY_DISTRESS = "any_distress"
    VOICE_HEARERS = "voice_hearers"
    WOMEN = "women"
    YOUNG_PEOPLE = "young_people"
    CULTURAL_COMMUNITY = "cultural_community"
    FAMILY_AND_FRIENDS = "family_and_friends"
    PROFESSIONALS = "professionals"


class Setting(StrEnum):
    """What kind of place it is."""

    COMMUNITY_HALL = "community_hall"
    LIBRARY = "library"
    PEER_ORGANISATION = "peer_organisation"
    ARTS_CENTRE = "arts_centre"
    PLACE_OF_WORSHIP = "place_of_worship"
    SCHOOL = "school"
    HEALTH_CENTRE = "health_centre"
    HOSPITAL_WARD = "hospital_ward"
    PRISON = "prison"
    ANOTHER = "another"


class Listing(PublishedTable):
    """What a group says about itself in public. An address is in here only if the group chose to publish it."""

    __tablename__ = "listings"
    __table_args__ = args(
        within_group("text_id", "texts"),
        sa.UniqueConstraint("group_id"),
        sa.Index("ix_listings_languages", "languages", postgresql_using="gin"),
        one_of("recurrence", Recurrence),
        one_of("mode", Mode),
        sa.CheckConstraint("weekday between 0 and 6", name="weekday"),
        sa.CheckConstraint("week_of_month between 1 and 5", name="week_of_month"),
        one_of("setting", Setting),
        sa.CheckConstraint(
            "length(address) <= 200 and length(place) <= 120 and length(contact) <= 300", name="lengths"
        ),
    )

    is_listed: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(default="")
    """The town or the part of a town."""
    address: Mapped[str] = mapped_column(default="")
    recurrence: Mapped[Recurrence] = mapped_column(sa.Text)
    weekday: Mapped[int | None] = mapped_column(sa.SmallInteger)
    """Monday is 0."""
    week_of_month: Mapped[int | None] = mapped_column(sa.SmallInteger)
    starts_at: Mapped[time | None] = mapped_column(sa.Time)
    mode: Mapped[Mode] = mapped_column(sa.Text)
    languages: Mapped[list[str]]
    welcome: Mapped[list[str]]
    takes_newcomers: Mapped[bool] = mapped_column(default=True)
    setting: Mapped[Setting | None] = mapped_column(sa.Text)
    contact: Mapped[str] = mapped_column(default="")
    """A way to be reached that the group chose to show to everybody."""
    takes_questions: Mapped[bool] = mapped_column(default=True)
    takes_requests: Mapped[bool] = mapped_column(default=True)
    """Whether people can ask to join from the card, or introduce somebody who wants to."""
    text_id: Mapped[uuid.UUID | None]
    """What the group says about itself, in `wording` so that it can be translated."""
    search_key: Mapped[str]
    """Name and place without case and accents, so that forgiving search needs nothing from the database."""
    changed_at: Mapped[datetime]

    group: Mapped[Group] = relationship(foreign_keys="Listing.group_id", viewonly=True)


class Enquiry(GroupTable):
    """A question to a group from somebody without an account. Sealed, and erased once it is answered."""

    __tablename__ = "enquiries"
    __table_args__ = args(sa.Index("ix_enquiries_group_id_received_at", "group_id", "received_at"))

    name: Mapped[str] = mapped_column(Sealed("enquiries.name"))
    contact: Mapped[str] = mapped_column(Sealed("enquiries.contact"))
    words: Mapped[str] = mapped_column(Sealed("enquiries.words"))
    language: Mapped[str]
    old_enough_hash: Mapped[bytes | None]
    """A print of the words that were ticked: 18 or older, or a parent or guardian agrees. Which of them is not asked."""
    received_at: Mapped[datetime]


class DoorCount(PlatformTable):
    """How many messages came from one place to one group on one day. Which place and which group cannot be read here."""

    __tablename__ = "door_counts"
    __table_args__ = (
        sa.UniqueConstraint("whence"),
        sa.CheckConstraint("times between 1 and 10", name="times"),
    )

    whence: Mapped[bytes]
    """A fingerprint of the shortened network address, the group and the day together: another day's is another."""
    on_day: Mapped[date] = mapped_column(index=True)
    times: Mapped[int] = mapped_column(sa.SmallInteger)

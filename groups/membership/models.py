"""Members of a group, and what is said in one word about all of them together."""

import unicodedata
import uuid
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from network.tenancy.tables import GroupTable, args, one_of
from network.vault.columns import Sealed

LONGEST_NICKNAME = 60


class LivedExperience(StrEnum):
    """What somebody told about themselves. The codes are equally long: what is sealed still shows its length."""

    LIVED = "lived"
    CAREGIVER = "carer"
    BOTH = "mixed"


class Sex(StrEnum):
    """As the forms of authorities ask it, and no finer; whoever does not want to say says nothing."""

    FEMALE = "f"
    MALE = "m"
    INTERSEX = "i"


class AgeBand(StrEnum):
    """Under 18, 18 to 35, 36 to 59, 60 and over: as little as the return needs. Nobody's birthday is kept."""

    UNDER = "under"
    YOUTH = "youth"
    ADULT = "adult"
    OLDER = "older"


class DisabilityRegistered(StrEnum):
    """Whether somebody is registered as a person with a disability; never with what."""

    YES = "yes"
    NOT = "not"


class CompositionWord(StrEnum):
    """Where the group stands against its network's rule about members with lived experience."""

    WELL_ABOVE = "well_above"
    NEAR = "near"
    BELOW = "below"


def folded(nickname: str) -> str:
    """A nickname as it is compared: two that look the same are the same."""
    return unicodedata.normalize("NFKC", " ".join(nickname.split())).casefold()


class Member(GroupTable):
    """Somebody in the group, by nickname. Whether they sign in, and with what account, is their own choice."""

    __tablename__ = "members"
    __table_args__ = args(
        sa.CheckConstraint(f"length(nickname) between 1 and {LONGEST_NICKNAME}", name="nickname"),
        sa.CheckConstraint("left_on is null or left_on >= joined_on", name="dates"),
        sa.CheckConstraint(
            "left_on is null or num_nonnulls(contact, lived_experience, sex, age_band, disability_registered) = 0",
            name="left",
        ),
        sa.Index(
            "uq_members_nickname_once",
            "group_id",
            "folded",
            unique=True,
            postgresql_where=sa.text("left_on is null"),
        ),
        sa.Index(
            "uq_members_account_once",
            "group_id",
            "account_id",
            unique=True,
            postgresql_where=sa.text("left_on is null"),
        ),
    )

    nickname: Mapped[str]
    folded: Mapped[str]
    account_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    contact: Mapped[str | None] = mapped_column(Sealed("members.contact"))
    language: Mapped[str | None]
    lived_experience: Mapped[str | None] = mapped_column(Sealed("members.lived_experience"), deferred=True)
    """Read to count everybody together and to show to the member alone; no list and no officer's page loads it."""
    sex: Mapped[str | None] = mapped_column(Sealed("members.sex"), deferred=True)
    age_band: Mapped[str | None] = mapped_column(Sealed("members.age_band"), deferred=True)
    disability_registered: Mapped[str | None] = mapped_column(
        Sealed("members.disability_registered"), deferred=True
    )
    left_out_of_return: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    """They asked that nothing about them stands on the list that goes to the authority."""
    joined_on: Mapped[date]
    left_on: Mapped[date | None]

    @validates("nickname")
    def _compare_by(self, _: str, nickname: str) -> str:
        nickname = " ".join(nickname.split())
        self.folded = folded(nickname)
        return nickname

    @property
    def has_sign_in(self) -> bool:
        return self.account_id is not None

    @property
    def is_present(self) -> bool:
        return self.left_on is None

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", uuid.uuid4())
        super().__init__(**values)


class CompositionReading(GroupTable):
    """One word for one month. The numbers behind it are not kept, so that nobody can subtract one from another."""

    __tablename__ = "composition_readings"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "month"),
        one_of("word", CompositionWord),
        sa.CheckConstraint("extract(day from month) = 1", name="month"),
    )

    month: Mapped[date]
    word: Mapped[CompositionWord] = mapped_column(sa.Text)
    minimum: Mapped[int] = mapped_column(sa.SmallInteger)
    """The network's percentage when it was counted."""
    counted_on: Mapped[date]

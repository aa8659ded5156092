"""Whom young people can turn to, whether a group is for them, and to whom no message goes yet."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from groups.consents.models import Purpose
from groups.consents.queries import members_with
from groups.membership.models import Member
from groups.membership.queries import told_by
from groups.safeguarding import rules
from groups.safeguarding.models import Safeguarding
from network.db import db
from network.directory.models import Listing, Welcome
from network.tenancy import scope
from network.tenancy.queries import find_home_network
from network.tenancy.settings import COUNTRY_PROFILE, setting


def find_safeguarding() -> Safeguarding | None:
    """What the group in scope has said about young people, with the member it named."""
    return db.session.scalar(sa.select(Safeguarding).options(joinedload(Safeguarding.member)))


def find_somebody() -> Safeguarding | None:
    """Whom young people can turn to now: a member has said yes, and says that they are grown up, still."""
    kept = find_safeguarding()
    if kept is None or not kept.has_somebody or kept.waits_for_yes:
        return None
    return kept if kept.member_id is None or rules.is_grown_up(told_by(kept.member_id)["age_band"]) else None


def is_for_young_people() -> bool:
    """Whether the group in scope is for young people: it said so here, or on its card in the finder."""
    here = sa.select(Safeguarding.id).exists()
    on_card = (
        sa.select(Listing.id)
        .where(Listing.group_id == scope.group_id(), Listing.welcome.contains([Welcome.YOUNG_PEOPLE.value]))
        .exists()
    )
    return bool(db.session.scalar(sa.select(sa.or_(here, on_card))))


def profile_here() -> str:
    """The country profile that holds for the group in scope."""
    network = find_home_network(scope.group_id())
    return str(setting(network.id, COUNTRY_PROFILE)) if network else COUNTRY_PROFILE.fallback


def asks_age_first() -> bool:
    """Whether the group in scope takes no way to reach somebody, and writes to nobody, before something was said of their age."""
    return rules.waits_for_guardian(None, is_for_young_people=is_for_young_people(), profile=profile_here())


def held_back(member_ids: Collection[uuid.UUID] | None = None) -> set[uuid.UUID]:
    """Members no message goes to, until a parent or guardian agreed; of these, or of everybody here.

    What they told about their age is opened to decide, and goes no further.
    """
    asked = sa.select(Member.id, Member.age_band).where(Member.left_on.is_(None))
    if member_ids is not None:
        asked = asked.where(Member.id.in_(member_ids))
    told = db.session.execute(asked).all()
    is_young, profile = is_for_young_people(), profile_here()
    waiting = {
        member_id
        for member_id, age_band in told
        if rules.waits_for_guardian(age_band, is_for_young_people=is_young, profile=profile)
    }
    return waiting - members_with(Purpose.GUARDIAN, waiting) if waiting else waiting

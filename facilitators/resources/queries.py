"""Finding guides: those a group wrote, and those anybody opened to all."""

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from facilitators.resources.models import Resource, ResourceUse
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import find_home_network
from network.tenancy.settings import APPROVED_ONLY, setting
from network.wording.models import Wording

LIKE_SIGNS = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


def get_resource(resource_id: uuid.UUID) -> Resource:
    """A guide that may be read from here, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Resource).where(Resource.id == resource_id))


def get_own_resource(resource_id: uuid.UUID) -> Resource:
    """A guide this group wrote, or a page that says there is nothing here."""
    own = sa.select(Resource).where(Resource.id == resource_id, Resource.group_id == scope.group_id())
    return db.one_or_404(own)


def library(*, language: str, words: str = "", kind: str = "") -> sa.Select[Resource]:
    """Everything anybody opened, what has words in this language first, then the newest."""
    spoken = sa.exists().where(Wording.text_id == Resource.text_id, Wording.language == language)
    found = (
        sa.select(Resource)
        .where(Resource.is_open)
        .order_by(sa.case((spoken, 0), else_=1), Resource.published_at.desc(), Resource.id)
    )
    if kind:
        found = found.where(Resource.kind == kind)
    for word in words.split()[:8]:
        like = f"%{word.translate(LIKE_SIGNS)}%"
        found = found.where(
            sa.exists().where(Wording.text_id == Resource.text_id, Wording.title.ilike(like, escape="\\"))
        )
    return found


def own_resources() -> sa.Select[Resource]:
    """What this group wrote, drafts first, then the newest."""
    return (
        sa.select(Resource)
        .where(Resource.group_id == scope.group_id())
        .order_by(Resource.is_open, Resource.created_at.desc(), Resource.id)
    )


def count_uses(resource_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many groups say they used each of these."""
    rows = db.session.execute(
        sa.select(ResourceUse.resource_id, sa.func.count().label("how_many"))
        .where(ResourceUse.resource_id.in_(list(resource_ids)))
        .group_by(ResourceUse.resource_id)
    )
    return {row.resource_id: row.how_many for row in rows}


def find_own_use(resource_id: uuid.UUID) -> ResourceUse | None:
    """Whether this group said it used a guide."""
    own = sa.select(ResourceUse).where(
        ResourceUse.group_id == scope.group_id(), ResourceUse.resource_id == resource_id
    )
    return db.session.scalar(own)


def shows_approved_only(place_id: uuid.UUID) -> bool:
    """Whether the network this group is at home in shows only translations a named reviewer approved."""
    network = find_home_network(place_id)
    return bool(setting(network.id, APPROVED_ONLY)) if network else False

"""Writing a guide, changing it, publishing it to everybody, saying that it was used."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from facilitators.resources import queries, rules
from facilitators.resources.models import PURPOSE, Resource, ResourceUse
from network import audit
from network.audit import AuditEvent
from network.db import db
from network.mine.registry import Me
from network.tenancy import scope
from network.wording import commands as wording

WRITTEN = "resource.written"


class CannotKeep(Exception):
    """The guide is not kept or published; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class Content:
    """What a guide is made of."""

    title: str
    body: str
    kind: str
    licence: str
    audience: str
    link: str = ""


def write_resource(
    content: Content, *, language: str, by: uuid.UUID, now: datetime, made_by: str = ""
) -> Resource:
    """Keep a new guide as a draft of the group. Raises `CannotKeep`."""
    _check(content)
    text = wording.write_text(
        purpose=PURPOSE, language=language, title=content.title, body=content.body, made_by=made_by, now=now
    )
    resource = Resource(id=uuid.uuid4(), text_id=text.id, text=text, created_at=now, **_labels(content))
    db.session.add(resource)
    db.session.flush()
    audit.record(WRITTEN, resource, by=by, now=now)
    return resource


def forget_author(me: Me, *, now: datetime) -> None:  # noqa: ARG001 - whoever is asked to forget takes both
    """Whoever wrote a guide asks to be forgotten: the guide stays with the group, and their name is not on it."""
    written = sa.select(AuditEvent.subject_id).where(
        AuditEvent.event == WRITTEN, AuditEvent.account_id == me.account_id
    )
    theirs = sa.select(Resource).where(Resource.group_id == scope.group_id(), Resource.id.in_(written))
    for resource in db.session.scalars(theirs).all():
        for original in resource.text.wordings:
            if original.language == resource.text.source_language:
                original.made_by = ""
    db.session.flush()


def change_resource(resource: Resource, content: Content, *, by: uuid.UUID, now: datetime) -> None:
    """Change a guide. Its translations stay, and are older than the original from now on. Raises `CannotKeep`."""
    _check(content)
    wording.change_original(resource.text, title=content.title, body=content.body, now=now)
    for name, value in _labels(content).items():
        setattr(resource, name, value)
    db.session.flush()
    audit.record("resource.changed", resource, by=by, now=now)


def publish_resource(resource: Resource, *, by: uuid.UUID, now: datetime) -> None:
    """Let every group and every visitor read it, and offer it to translators. Raises `CannotKeep`."""
    if refusal := rules.why_not_publish(published_at=resource.published_at):
        raise CannotKeep(refusal)
    resource.is_open, resource.published_at = True, now
    wording.open_to_all(resource.text)
    audit.record("resource.published", resource, by=by, now=now)


def use_resource(resource: Resource, *, by: uuid.UUID, today: date, now: datetime) -> None:
    """Note that this group used a guide; saying it twice is saying it once."""
    if queries.find_own_use(resource.id):
        return
    db.session.add(ResourceUse(resource_id=resource.id, used_on=today))
    db.session.flush()
    audit.record("resource.used", resource, by=by, now=now)


def _check(content: Content) -> None:
    if refusal := rules.why_not_keep(kind=content.kind, link=content.link):
        raise CannotKeep(refusal)


def _labels(content: Content) -> dict[str, str]:
    return {
        "kind": content.kind,
        "licence": content.licence,
        "audience": content.audience,
        "link": content.link,
    }

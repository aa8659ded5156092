"""Writing a chance down, putting it right, publishing it to the groups, taking it off the list."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from funding.ledger.commands import today
from funding.opportunities import rules
from funding.opportunities.models import OWN_PURPOSE, PURPOSE, Gives, Opportunity, Until
from funding.opportunities.rules import Refusal
from network import audit
from network.db import db
from network.tenancy import scope
from network.tenancy.models import GroupKind
from network.tenancy.queries import get_group
from network.wording import commands as wording


class CannotOffer(Exception):
    """It stays as it is; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def _require(refusal: Refusal | None) -> None:
    if refusal:
        raise CannotOffer(refusal)


@dataclass(frozen=True)
class Content:
    """What is known about a chance."""

    title: str
    words: str
    funder: str
    funder_kind: str
    gives: str = Gives.UNKNOWN
    until: str = Until.UNKNOWN
    closes_on: date | None = None
    least: int | None = None
    most: int | None = None
    asks: Sequence[str] = ()
    papers: Sequence[str] = ()
    place: str = ""
    link: str = ""
    source: str = ""
    checked_on: date | None = None


KEPT = ("funder", "funder_kind", "gives", "until", "least", "most", "place", "link", "source", "checked_on")


def write_opportunity(content: Content, *, language: str, by: uuid.UUID, now: datetime) -> Opportunity:
    """Write one down: an office's is a draft until it is published, a group's own is never anybody else's. Raises `CannotOffer`."""
    _check(content, now=now)
    place = get_group(scope.group_id())
    text = wording.write_text(
        purpose=PURPOSE if place.kind == GroupKind.OFFICE else OWN_PURPOSE,
        language=language, title=content.title, body=content.words, now=now,
    )  # fmt: skip
    one = Opportunity(
        id=uuid.uuid4(),
        text_id=text.id,
        text=text,
        currency=place.currency,
        created_at=now,
        **_values(content),
    )
    db.session.add(one)
    db.session.flush()
    audit.record("opportunity.written", one, by=by, now=now)
    return one


def change_opportunity(one: Opportunity, content: Content, *, by: uuid.UUID, now: datetime) -> None:
    """Put one right. Its translations stay, and are older than the original from now on. Raises `CannotOffer`."""
    _check(content, now=now)
    wording.change_original(one.text, title=content.title, body=content.words, now=now)
    for name, value in _values(content).items():
        setattr(one, name, value)
    db.session.flush()
    audit.record("opportunity.changed", one, by=by, now=now)


def publish_opportunity(one: Opportunity, *, by: uuid.UUID, now: datetime) -> None:
    """Let the groups of the network read it, and offer it to translators. Raises `CannotOffer`."""
    db.session.refresh(one, with_for_update=True)
    is_over = rules.is_over(one.closes_on, one.ended_on, today=today(now))
    _require(rules.why_not_publish(is_open=one.is_open, is_over=is_over))
    one.is_open, one.published_at = True, now
    wording.open_to_all(one.text)
    audit.record("opportunity.published", one, by=by, now=now)
    db.session.flush()


def end_opportunity(one: Opportunity, *, by: uuid.UUID, now: datetime) -> None:
    """Take it off the list. It stays readable, for those who began with it. Raises `CannotOffer`."""
    db.session.refresh(one, with_for_update=True)
    _require(rules.why_not_end(one.ended_on))
    one.ended_on = today(now)
    audit.record("opportunity.ended", one, by=by, now=now)
    db.session.flush()


def _check(content: Content, *, now: datetime) -> None:
    _require(rules.why_not_day(content.until, content.closes_on))
    _require(rules.why_not_amounts(content.least, content.most))
    _require(rules.why_not_link(content.link))
    _require(rules.why_not_checked(content.checked_on, today=today(now)))


def _values(content: Content) -> dict[str, object]:
    """The columns; a day counts only where it closes on one."""
    closes_on = content.closes_on if content.until == Until.DAY else None
    values = {name: getattr(content, name) for name in KEPT}
    return {**values, "closes_on": closes_on, "asks": list(content.asks), "papers": list(content.papers)}

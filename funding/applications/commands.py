"""Beginning an application, keeping what is gathered, saying what became of it, and writing an award down as the grant."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from funding.applications import queries, rules
from funding.applications.models import ApplicationState, GrantApplication
from funding.applications.rules import Refusal
from funding.grants import commands as grants
from funding.grants.commands import Terms
from funding.grants.models import Grant
from funding.ledger.commands import today
from funding.opportunities.models import Ask, Opportunity, Paper
from funding.opportunities.rules import is_over
from network import audit
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group


class CannotApply(Exception):
    """It stays as it is; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def _require(refusal: Refusal | None) -> None:
    if refusal:
        raise CannotApply(refusal)


@dataclass(frozen=True)
class Progress:
    """What the group keeps beside an application while it prepares it."""

    keeper_id: uuid.UUID | None = None
    said_yes: Sequence[str] = field(default=())
    said_no: Sequence[str] = field(default=())
    gathered: Sequence[str] = field(default=())
    notes: str = ""


def begin_application(chance: Opportunity, *, by: uuid.UUID, now: datetime) -> GrantApplication:
    """The group is interested. Raises `CannotApply`."""
    day = today(now)
    over = is_over(chance.closes_on, chance.ended_on, today=day)
    _require(rules.why_not_begin(is_over=over, is_going_on=queries.find_going_on(chance.id) is not None))
    currency = get_group(scope.group_id()).currency
    application = GrantApplication(id=uuid.uuid4(), opportunity_id=chance.id, begun_on=day, currency=currency)
    try:
        with db.session.begin_nested():
            db.session.add(application)
            db.session.flush()
    except IntegrityError:  # somebody began it at the same moment
        raise CannotApply(Refusal.BEGUN_ALREADY) from None
    audit.record("grant_application.begun", application, by=by, now=now)
    return application


def keep_application(
    application: GrantApplication, progress: Progress, *, seen: int | None, by: uuid.UUID, now: datetime
) -> None:
    """Keep who looks after it, the answers, the papers and the notes; of a settled one only the notes change.

    `seen` is the version it was written from: where somebody kept other words meanwhile, nothing is lost silently. Raises
    `CannotApply`.
    """
    _lock(application)
    db.session.expire(application, ["keeper"])
    if seen != application.version and not _is_kept(application, progress):
        raise CannotApply(Refusal.WRITTEN_MEANWHILE)
    application.version += 1
    application.notes = progress.notes
    if application.state in rules.GOING_ON:
        application.keeper_id = progress.keeper_id
        application.said_yes = rules.in_order(progress.said_yes, list(Ask))
        application.said_no = rules.in_order(set(progress.said_no) - set(progress.said_yes), list(Ask))
        application.gathered = rules.in_order(progress.gathered, list(Paper))
        said = (*progress.said_yes, *progress.said_no)
        is_interested = application.state == ApplicationState.INTERESTED
        if is_interested and rules.is_begun_in_earnest(said, progress.gathered, progress.keeper_id):
            application.state = ApplicationState.PREPARING
    audit.record("grant_application.kept", application, by=by, now=now)
    db.session.flush()
    db.session.expire(application, ["keeper"])


def _is_kept(application: GrantApplication, progress: Progress) -> bool:
    """Whether this is what stands there already."""
    if application.notes != progress.notes or application.state not in rules.GOING_ON:
        return application.notes == progress.notes
    said = (application.said_yes, application.said_no, application.gathered)
    wished = (progress.said_yes, progress.said_no, progress.gathered)
    return application.keeper_id == progress.keeper_id and [set(one) for one in said] == [
        set(one) for one in wished
    ]


def say_applied(application: GrantApplication, *, on: date, by: uuid.UUID, now: datetime) -> None:
    """It went out on a day. Raises `CannotApply`."""
    _lock(application)
    _require(rules.why_not_become(application.state, ApplicationState.APPLIED))
    _require(rules.why_not_day(on, today=today(now)))
    application.state, application.applied_on = ApplicationState.APPLIED, on
    _record(application, by=by, now=now)


def say_awarded(
    application: GrantApplication, *, amount: int, on: date, by: uuid.UUID, now: datetime
) -> None:
    """The funder said yes, to so much. Raises `CannotApply`."""
    _settle(application, ApplicationState.AWARDED, on=on, now=now)
    application.amount = amount
    _record(application, by=by, now=now)


def say_refused(application: GrantApplication, *, why: str, on: date, by: uuid.UUID, now: datetime) -> None:
    """The funder said no, and why; it helps next time. Raises `CannotApply`."""
    _require(rules.why_not_why(why))
    _settle(application, ApplicationState.REFUSED, on=on, now=now)
    application.why = why
    _record(application, by=by, now=now)


def withdraw_application(application: GrantApplication, *, why: str, by: uuid.UUID, now: datetime) -> None:
    """The group does not go on with it. Raises `CannotApply`."""
    _settle(application, ApplicationState.WITHDRAWN, on=today(now), now=now)
    application.why = why
    _record(application, by=by, now=now)


def write_award(
    application: GrantApplication,
    chance: Opportunity,
    terms: Terms,
    *,
    promises: Sequence[str],
    by: uuid.UUID,
    now: datetime,
) -> Grant:
    """The award becomes the grant, by the rules of every grant. Raises `CannotApply` and `CannotGrant`."""
    _lock(application)
    _require(
        rules.why_not_grant(application.state, has_grant=application.grant_id is not None, gives=chance.gives)
    )
    grant = grants.write_grant(terms, by=by, now=now)
    for words in promises:
        grants.add_condition(grant, words=words, due_on=None, by=by, now=now)
    application.grant_id = grant.id
    audit.record("grant_application.became_grant", application, by=by, now=now)
    db.session.flush()
    return grant


def _lock(application: GrantApplication) -> None:
    db.session.refresh(application, with_for_update=True)


def _settle(application: GrantApplication, wanted: ApplicationState, *, on: date, now: datetime) -> None:
    _lock(application)
    _require(rules.why_not_become(application.state, wanted))
    _require(rules.why_not_day(on, today=today(now), applied_on=application.applied_on))
    application.state, application.settled_on = wanted, on


def _record(application: GrantApplication, *, by: uuid.UUID, now: datetime) -> None:
    audit.record(f"grant_application.{application.state}", application, by=by, now=now)
    db.session.flush()

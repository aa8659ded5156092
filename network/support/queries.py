"""Reading requests and answers, from the side of the group and from the side of the office."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from network.db import db
from network.support.models import RequestState, SupportAnswer, SupportRequest
from network.tenancy import scope


def _is_answered() -> sa.Exists:
    return sa.exists().where(SupportAnswer.request_id == SupportRequest.id)


def own_requests() -> sa.Select[SupportRequest]:
    """What the group in scope asked, the latest first."""
    own = sa.select(SupportRequest).where(SupportRequest.group_id == scope.group_id())
    return own.order_by(SupportRequest.sent_at.desc(), SupportRequest.id)


def requests_about(subject_id: uuid.UUID) -> list[SupportRequest]:
    """What the group in scope asked about one of its things, the latest first."""
    return list(db.session.scalars(own_requests().where(SupportRequest.subject_id == subject_id)))


def get_own_request(request_id: uuid.UUID) -> SupportRequest:
    """A request of the group in scope, or a page that says there is nothing here."""
    return db.one_or_404(own_requests().where(SupportRequest.id == request_id))


def count_open() -> int:
    """How many requests of the group in scope are open."""
    is_open = sa.and_(SupportRequest.group_id == scope.group_id(), SupportRequest.state == RequestState.OPEN)
    return db.session.scalar(sa.select(sa.func.count()).select_from(SupportRequest).where(is_open)) or 0


def find_answered() -> SupportRequest | None:
    """An open request of the group in scope that the office has answered."""
    return db.session.scalar(
        own_requests().where(SupportRequest.state == RequestState.OPEN, _is_answered()).limit(1)
    )


def _received() -> sa.Select[SupportRequest]:
    return (
        sa.select(SupportRequest)
        .join(SupportRequest.group)
        .options(contains_eager(SupportRequest.group))
        .where(
            SupportRequest.network_office_id == scope.group_id(),
            SupportRequest.state != RequestState.WITHDRAWN,
        )
    )


def requests_received() -> sa.Select[SupportRequest]:
    """What groups asked the office in scope: those that wait first, the longest waiting on top; then the latest."""
    waits = sa.and_(SupportRequest.state == RequestState.OPEN, ~_is_answered())
    longest = sa.case((waits, SupportRequest.sent_at))
    return _received().order_by(waits.desc(), longest, SupportRequest.sent_at.desc(), SupportRequest.id)


def get_received(request_id: uuid.UUID) -> SupportRequest:
    """A request to the office in scope, or a page that says there is nothing here."""
    return db.one_or_404(_received().where(SupportRequest.id == request_id))


def count_waiting() -> int:
    """How many requests wait for the office in scope."""
    waits = sa.select(sa.func.count()).select_from(SupportRequest).where(
        SupportRequest.network_office_id == scope.group_id(), SupportRequest.state == RequestState.OPEN, ~_is_answered()
    )  # fmt: skip
    return db.session.scalar(waits) or 0


def answers_to(requests: Iterable[SupportRequest]) -> dict[uuid.UUID, list[SupportAnswer]]:
    """The answers to these requests, the first one first."""
    ids = [request.id for request in requests]
    found = sa.select(SupportAnswer).where(SupportAnswer.request_id.in_(ids))
    by_request: dict[uuid.UUID, list[SupportAnswer]] = defaultdict(list)
    for answer in (
        db.session.scalars(found.order_by(SupportAnswer.answered_at, SupportAnswer.id)) if ids else ()
    ):
        by_request[answer.request_id].append(answer)
    return by_request

"""Asking, answering, and closing what was asked."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from network import audit
from network.audit import AuditEvent
from network.db import db
from network.mine.registry import Me
from network.mine.words import neutral_name
from network.support import queries, rules
from network.support.models import RequestState, SupportAnswer, SupportRequest
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import find_home_network

ANSWERED = "support.answered"


class SupportRefused(Exception):
    """Nothing was sent; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def ask_for_support(
    group: Group,
    *,
    title: str,
    words: str,
    by: uuid.UUID | None,
    now: datetime,
    about: uuid.UUID | None = None,
    language: str | None = None,
) -> SupportRequest:
    """Send these words, and nothing else, to the office of the group's home network. Raises `SupportRefused`."""
    network = find_home_network(group.id)
    if network is None:
        raise SupportRefused(rules.Refusal.NO_NETWORK)
    if refusal := rules.why_not_ask(queries.count_open()):
        raise SupportRefused(refusal)
    asked = SupportRequest(
        network_office_id=network.office_id,
        subject_id=about,
        title=title,
        words=words,
        language=language or group.language,
        state=RequestState.OPEN,
        sent_at=now,
    )
    db.session.add(asked)
    db.session.flush()
    audit.record("support.asked", asked, by=by, now=now)
    return asked


def answer_request(
    request: SupportRequest, *, words: str, signed: str, by: uuid.UUID | None, now: datetime
) -> SupportAnswer:
    """Answer a group, from the office in scope. Raises `SupportRefused`."""
    if refusal := rules.why_not_answer(request.state):
        raise SupportRefused(refusal)
    answer = SupportAnswer(
        for_group_id=request.group_id, request_id=request.id, words=words, signed=signed, answered_at=now
    )
    db.session.add(answer)
    db.session.flush()
    audit.record(ANSWERED, answer, by=by, now=now)
    return answer


def forget_signature(me: Me, *, now: datetime) -> None:  # noqa: ARG001 - whoever is asked to forget takes both
    """Somebody of the office asks to be forgotten: their answers stay, and no name is under them."""
    if me.account_id is None:
        return
    theirs = sa.select(AuditEvent.subject_id).where(
        AuditEvent.event == ANSWERED, AuditEvent.account_id == me.account_id
    )
    office = db.session.get_one(Group, scope.group_id())
    db.session.execute(
        sa.update(SupportAnswer)
        .where(SupportAnswer.group_id == office.id, SupportAnswer.id.in_(theirs))
        .values(signed=neutral_name(office.language, me.account_id.hex[:4].upper()))
    )


def settle_request(request: SupportRequest, *, by: uuid.UUID | None, now: datetime) -> None:
    """The group has what it needs. Settled twice is settled once, and what was taken back stays taken back."""
    if _close(request, RequestState.SETTLED, now=now):
        audit.record("support.settled", request, by=by, now=now)


def withdraw_request(request: SupportRequest, *, by: uuid.UUID | None, now: datetime) -> None:
    """The group takes its words back: the office no longer sees them."""
    if _close(request, RequestState.WITHDRAWN, now=now):
        audit.record("support.withdrawn", request, by=by, now=now)


def _close(request: SupportRequest, state: RequestState, *, now: datetime) -> bool:
    db.session.refresh(request, with_for_update=True)
    if request.state in (state, RequestState.WITHDRAWN):
        return False
    request.state, request.closed_at = state, now
    db.session.flush()
    return True

"""Giving, taking back and accepting invitations. What joining means is decided by whoever registered for the kind."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from network import audit
from network.accounts import commands as accounts
from network.accounts.models import Account, LinkPurpose
from network.data_map import period
from network.db import db
from network.invitations import queries, rules
from network.invitations.models import Invitation, InvitationKind

OnAccept = Callable[..., object]
_on_accept: dict[str, OnAccept] = {}


class CannotAccept(Exception):
    """The invitation opens nothing any more; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def register(kind: str, on_accept: OnAccept) -> None:
    """Say what happens when an invitation of this kind is accepted: `on_accept(invitation, account, now=now)`.

    It runs in the group's scope, in the same transaction; where it raises, nothing was accepted.
    """
    _on_accept[InvitationKind(kind)] = on_accept


def give_invitation(
    kind: InvitationKind | str,
    *,
    language: str,
    now: datetime,
    by: uuid.UUID | None = None,
    office: str | None = None,
    member_id: uuid.UUID | None = None,
    lasts: timedelta = rules.LASTS,
) -> tuple[str, str]:
    """Invite somebody into the group in scope; returns the token of the link and the code that can be read out.

    Both stay readable on the row, sealed, until the invitation is used or taken back, so that it can be shown
    and printed again.
    """
    invitation = Invitation(
        id=uuid.uuid4(), kind=InvitationKind(kind), office=office, member_id=member_id, language=language, made_by=by,
        made_at=now, expires_at=now + lasts,
    )  # fmt: skip
    token = accounts.give_link(LinkPurpose.INVITATION, invitation.id, lasts=lasts, now=now)
    code = accounts.give_code(LinkPurpose.INVITATION, invitation.id, lasts=lasts, now=now)
    invitation.token, invitation.code = token, code
    db.session.add(invitation)
    audit.record("invitation.given", invitation, by=by, now=now)
    db.session.flush()
    return token, code


def withdraw_invitation(invitation: Invitation, *, by: uuid.UUID | None, now: datetime) -> None:
    """Take an invitation back. One that is used, run out or taken back already stays as it is."""
    if rules.why_not_accept(invitation, now=now):
        return
    invitation.withdrawn_at = now
    _close(invitation, now=now)
    audit.record("invitation.withdrawn", invitation, by=by, now=now)
    db.session.flush()


def withdraw_for_member(member_id: uuid.UUID, *, by: uuid.UUID | None, now: datetime) -> None:
    """Take back every invitation this member has not used: two tabs may have made two."""
    for invitation in queries.all_waiting_for_member(member_id, now=now):
        withdraw_invitation(invitation, by=by, now=now)


def accept_invitation(invitation: Invitation, account: Account, *, now: datetime) -> None:
    """Let somebody in. Raises `CannotAccept`. What an account reads in stays its own choice."""
    if refusal := rules.why_not_accept(invitation, now=now):
        raise CannotAccept(refusal)
    invitation.accepted_at, invitation.accepted_by = now, account.id
    _close(invitation, now=now)
    account.language = account.language or invitation.language
    audit.record("invitation.accepted", invitation, by=account.id, now=now)
    db.session.flush()
    _on_accept.get(invitation.kind, _give_role)(invitation, account, now=now)


def _give_role(invitation: Invitation, account: Account, *, now: datetime) -> None:
    """What joining means where nobody has registered anything else: the role the invitation names."""
    accounts.give_role(account.id, invitation.office or invitation.kind, because_of=invitation.id, now=now)


def _close(invitation: Invitation, *, now: datetime) -> None:
    invitation.token = invitation.code = None
    accounts.end_links(LinkPurpose.INVITATION, invitation.id, now=now)


def forget_unused_codes(*, now: datetime) -> None:
    """Nobody came in with them: link and code go from invitations given long ago that have run out; that somebody was invited stays."""
    db.session.execute(
        sa.update(Invitation)
        .where(
            Invitation.made_at <= now - period("invitation"),
            Invitation.expires_at <= now,
            sa.or_(Invitation.token.is_not(None), Invitation.code.is_not(None)),
        )
        .values(token=None, code=None)
    )

"""Writing down that somebody asks to be erased, taking that back, and carrying it out once two have heard it."""

import uuid
from datetime import datetime

from groups.membership.models import Member
from groups.wishes import queries, rules
from groups.wishes.models import ErasureWish
from network import audit
from network.db import db
from network.mine import erasing


class CannotAsk(Exception):
    """Not like this; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def find_asker(nickname: str) -> Member:
    """Whoever is or was called so, and has no sign-in. Raises `CannotAsk`."""
    if found := queries.called(nickname):
        return found[0]
    is_there = queries.is_anybody_called(nickname)
    raise CannotAsk(rules.Refusal.HAS_SIGN_IN if is_there else rules.Refusal.NOBODY)


def write_wish(member: Member, *, by: uuid.UUID, now: datetime) -> ErasureWish:
    """Somebody without a sign-in asks to be erased. Raises `CannotAsk`."""
    is_written = queries.find_wish_of(member.id) is not None
    if refusal := rules.why_not_ask_for(has_sign_in=member.has_sign_in, is_written=is_written):
        raise CannotAsk(refusal)
    wish = ErasureWish(id=uuid.uuid4(), member_id=member.id, written_by_id=by, written_at=now)
    db.session.add(wish)
    db.session.flush()
    audit.record("wish.written", wish, by=by, now=now)
    return wish


def take_back(wish: ErasureWish, *, by: uuid.UUID, now: datetime) -> None:
    """They do not ask it, or not any more."""
    audit.record("wish.taken_back", wish, by=by, now=now)
    db.session.delete(wish)
    db.session.flush()


def carry_out(wish: ErasureWish, *, by: uuid.UUID, now: datetime) -> bool:
    """Erase whoever asked, as they would themselves: in a transaction of its own, in which the wish goes with them.

    Raises `CannotAsk`. False where a part is left that is tried again by itself.
    """
    is_own = wish.written_by_id == by
    if refusal := rules.why_not_carry_out(is_own_writing=is_own, written_at=wish.written_at, now=now):
        raise CannotAsk(refusal)
    is_done = erasing.forget_member(wish.member_id, wish.group_id, now=now)
    audit.record("wish.carried_out_alone" if is_own else "wish.carried_out", wish, by=by, now=now)
    return is_done

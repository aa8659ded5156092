"""Members who chose how they are told, in the group in scope."""

from groups.consents.forms import by_oneself
from groups.consents.models import Purpose
from groups.membership.models import Member
from groups.notices import commands
from groups.notices.models import Asked, Channel, Notice, Reach
from network import clock
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group
from tests.factories.groups import a_member

WHERE = {
    Channel.NONE: "", Channel.SMS: "+254 700 222 333", Channel.WHATSAPP: "+254 700 222 334", Channel.EMAIL: "rain@people.example",
}  # fmt: skip


def chooses(member: Member, channel: Channel, typed: str | None = None) -> Reach:
    """This member chose to be told like this."""
    return commands.choose_channel(
        get_group(scope.group_id()), member, channel, WHERE[channel] if typed is None else typed,
        asked=Asked.THEMSELVES, how=by_oneself(Purpose.REACH), by=None, now=clock.now(),
    )  # fmt: skip


def told_by(channel: Channel, nickname: str = "Rain", *, language: str | None = None) -> Member:
    """A member who is told like this, and reads this language."""
    member = a_member(nickname)
    member.language = language
    db.session.flush()
    chooses(member, channel)
    return member


def notices() -> list[Notice]:
    """Everything that was told, the earliest first."""
    from groups.notices import queries

    return list(reversed(db.session.scalars(queries.notices()).all()))

"""Who is in the group already, to compare a list with."""

from groups.membership.queries import present_members
from groups.newcomers.rules import Known
from network.db import db


def everybody_here() -> list[Known]:
    """Everybody in the group in scope, with how to reach them: opened to compare, and forgotten with the page."""
    return [Known(one.nickname, one.contact) for one in db.session.scalars(present_members())]

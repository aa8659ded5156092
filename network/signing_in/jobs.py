"""What comes round for accounts: forgetting what has had its time."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from network.accounts.models import BrowserSession, FormSubmission, PrivateLink, SignInTry
from network.data_map import period
from network.db import db
from network.tenancy import scope
from network.web.sessions import AT_MOST

KEEP_TRIES = timedelta(hours=1)
"""The longest time over which tries are counted."""


def forget_what_has_passed(*, now: datetime) -> None:
    """Delete sessions and links that have ended, tries that no longer count and keys of forms sent long ago.

    A form may lie open on a phone for long and is still sent only once; whoever gave a link is still told that it was
    used or has expired.
    """
    passed = (
        sa.delete(BrowserSession).where(
            sa.or_(BrowserSession.expires_at <= now, BrowserSession.created_at <= now - AT_MOST)
        ),
        sa.delete(SignInTry).where(SignInTry.at <= now - KEEP_TRIES),
        sa.delete(FormSubmission).where(FormSubmission.created_at <= now - period("sent-form")),
        sa.delete(PrivateLink).where(PrivateLink.expires_at <= now - period("link")),
    )
    for statement in passed:
        with scope.visiting():  # each by itself, so that one that fails keeps none of the others
            db.session.execute(statement)

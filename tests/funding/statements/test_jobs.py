"""Names are not kept longer than somebody needs them."""

from datetime import timedelta

import sqlalchemy as sa

from funding.statements import commands
from funding.statements.jobs import drop_names
from funding.statements.models import AccountPlace, LineState, StatementUpload
from network import clock
from network.db import db
from tests.factories.funding import make_officers
from tests.factories.statements import Moved, a_day, bring, lines_of, mpesa
from tests.support.app import in_scope, the_app


def test_open_lines_lose_names_after_ninety_days_and_waiting_files_after_one(app: object) -> None:
    people = make_officers()
    bring(people, mpesa([Moved("SKC1", a_day(3), 500)]))
    with in_scope(people.group, people.treasurer):
        commands.keep_upload(
            b"x;y\n", place=AccountPlace.BANK, account=None, by=people.treasurer.id, now=clock.now()
        )
    for days, has_words, files in ((0, True, 1), (2, True, 0), (89, True, 0), (91, False, 0)):
        with the_app().app_context():
            drop_names(now=clock.now() + timedelta(days=days))
        (line,) = lines_of(people)
        assert (line.state, line.words is not None) == (LineState.OPEN, has_words)
        with in_scope(people.group):
            assert len(db.session.scalars(sa.select(StatementUpload)).all()) == files

"""Closing a request, also from a page that was opened before it was closed."""

from network import clock
from network.db import db
from network.support import commands, queries
from tests.factories.network import make_group, make_network
from tests.support.app import in_group, in_scope


def test_words_taken_back_do_not_come_back_by_settling() -> None:
    network = make_network()
    group = make_group(network)
    with in_group(group):
        asked = commands.ask_for_support(group, title="A bench", words="Somebody", by=None, now=clock.now())
        commands.withdraw_request(asked, by=None, now=clock.now())
        commands.settle_request(asked, by=None, now=clock.now())
        assert asked.state == "withdrawn"
    with in_scope(network.office_id):
        assert db.session.scalars(queries.requests_received()).all() == []

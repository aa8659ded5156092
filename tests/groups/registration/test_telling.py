"""Chairperson and secretary are told in time what is due, by the way each chose, in words that tell nobody else anything."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from groups.notices import emails
from groups.notices.commands import write_letters
from groups.notices.models import About, Channel, Telling
from groups.registration.commands import tell_what_ends
from groups.returns.commands import tell_of_quarter
from groups.returns.jobs import tell_what_is_due
from network import clock
from network.db import db
from network.messages.models import Letter
from network.tenancy.models import Group
from network.tenancy.settings import COUNTRY_PROFILE
from network.web.unit_of_work import Pamoja
from tests.factories.groups import a_member, a_term
from tests.factories.network import make_group, make_network
from tests.factories.notices import notices, told_by
from tests.factories.returns import a_certificate, a_return
from tests.support import outside
from tests.support.app import in_group

A_YEAR = 365


@pytest.fixture
def kenyan(app: object) -> Group:
    return make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))


def officers(*, chair: Channel = Channel.EMAIL, secretary: Channel = Channel.SMS) -> None:
    for office, channel in (
        ("chairperson", chair),
        ("secretary", secretary),
        ("treasurer", Channel.WHATSAPP),
    ):
        a_term(told_by(channel, office) if channel != Channel.NONE else a_member(office), office)


def told() -> list[tuple[str, str]]:
    """About what, and by which way, in the order it was told."""
    rows = [(one.about, told) for one in notices() for told in channels(one.id)]
    return [(str(about), str(channel)) for about, channel in rows]


def channels(notice_id: object) -> list[str]:
    its = sa.select(Telling.channel).where(Telling.notice_id == notice_id)
    return list(db.session.scalars(its.order_by(Telling.channel)))


class TestACertificateThatEnds:
    def test_is_told_early_and_once_more_when_near_to_the_two_who_renew_it(self, kenyan: Group) -> None:
        now = clock.now()
        with in_group(kenyan):
            officers()
            one = a_certificate(holds_until=clock.today(kenyan.time_zone) + timedelta(days=100))
            for days in (0, 41, 42, 88, 89, 101):
                tell_what_ends(kenyan, now=now + timedelta(days=days))
            assert told() == [
                ("renewal_ahead", "email"), ("renewal_ahead", "sms"), ("renewal_near", "email"), ("renewal_near", "sms"),
            ]  # fmt: skip
            assert {notice.on_day for notice in notices()} == {one.holds_until}

    def test_entered_late_only_the_nearer_is_told(self, kenyan: Group) -> None:
        with in_group(kenyan):
            officers(secretary=Channel.NONE)
            a_certificate(holds_until=clock.today(kenyan.time_zone) + timedelta(days=5))
            tell_what_ends(kenyan, now=clock.now())
            assert told() == [("renewal_near", "email")]

    def test_nobody_is_told_any_more_once_it_is_renewed_or_its_day_was_wrong(self, kenyan: Group) -> None:
        today = clock.today(kenyan.time_zone)
        with in_group(kenyan):
            officers(chair=Channel.SMS)
            a_certificate(issued_on=today - timedelta(days=340))
            tell_what_ends(kenyan, now=clock.now())
            assert told() == [("renewal_ahead", "sms"), ("renewal_ahead", "sms")]
            a_certificate(issued_on=today - timedelta(days=900), holds_until=today - timedelta(days=600))
            assert len(told()) == 2
            a_certificate(issued_on=today)
            assert told() == []
            tell_what_ends(kenyan, now=clock.now())
            assert told() == []

    def test_whoever_chose_no_way_reads_it_on_their_first_page(self, kenyan: Group) -> None:
        with in_group(kenyan):
            officers(chair=Channel.NONE, secretary=Channel.NONE)
            a_certificate(holds_until=clock.today(kenyan.time_zone) + timedelta(days=5))
            tell_what_ends(kenyan, now=clock.now())
            assert notices() == []

    def test_nobody_writes_a_message_to_themselves(self, kenyan: Group) -> None:
        with in_group(kenyan):
            a_term(told_by(Channel.SMS, "Alone"), "chairperson")
            a_certificate(holds_until=clock.today(kenyan.time_zone) + timedelta(days=5))
            tell_what_ends(kenyan, now=clock.now())
            assert notices() == []


class TestTheReportOfAQuarter:
    def test_is_told_once_in_its_month_where_somebody_asks_for_it_and_nobody_began(
        self, kenyan: Group
    ) -> None:
        with in_group(kenyan):
            officers()
            a_certificate(
                issued_on=datetime(2026, 1, 5, tzinfo=UTC).date(),
                holds_until=datetime(2027, 6, 1, tzinfo=UTC).date(),
            )
            tell_of_quarter(kenyan, now=datetime(2026, 9, 30, 9, tzinfo=UTC))
            assert told() == []
            for day in (1, 9):
                tell_of_quarter(kenyan, now=datetime(2026, 10, day, 9, tzinfo=UTC))
            assert told() == [("report_ahead", "email"), ("report_ahead", "sms")]
            tell_of_quarter(kenyan, now=datetime(2027, 1, 2, 9, tzinfo=UTC))
            assert len(told()) == 4

    def test_a_council_that_asks_for_none_is_no_reason(self, kenyan: Group) -> None:
        with in_group(kenyan):
            officers()
            a_certificate("council", issued_on=datetime(2026, 1, 5, tzinfo=UTC).date())
            tell_of_quarter(kenyan, now=datetime(2026, 10, 2, 9, tzinfo=UTC))
            assert told() == []

    def test_one_that_was_begun_asks_nobody(self, kenyan: Group) -> None:
        with in_group(kenyan):
            officers()
            a_certificate()
            one = a_return(kind="quarterly", days=80)
            after = datetime(one.covers_until.year + 1, 1, 3, 9, tzinfo=UTC)
            one.covers_until = after.date() - timedelta(days=10)
            db.session.flush()
            tell_of_quarter(kenyan, now=after)
            assert told() == []


def test_the_job_goes_round_and_the_letter_says_nothing_to_others(app: Pamoja, kenyan: Group) -> None:
    with in_group(kenyan):
        officers()
        a_certificate(holds_until=clock.today(kenyan.time_zone) + timedelta(days=20))
    with app.app_context():
        tell_what_is_due(now=clock.now())
    with in_group(kenyan):
        notice, *others = sorted(notices(), key=lambda one: one.about != About.RENEWAL_AHEAD)
        assert channels(notice.id) == [Channel.EMAIL, Channel.SMS]
        assert {one.about for one in others} <= {
            About.REPORT_AHEAD
        }  # a quarter may end in these days as well
        assert write_letters(kenyan, notice.id, public_url="https://pamoja.example", now=clock.now()) == 1
        letter = db.session.scalars(sa.select(Letter)).one()
        assert kenyan.name not in f"{letter.subject} {letter.body}"
        assert outside.told_by(f"{letter.subject} {letter.body}", in_message=True) == []


def test_every_thing_told_has_its_sentence() -> None:
    assert set(emails._SAID) == set(About)

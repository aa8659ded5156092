"""What money adds to the first page of a group: never anything about a member."""

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from funding.contributions.queries import has_sheet_since
from funding.counts.queries import find_waiting as find_waiting_count
from funding.handover.models import HandoverState
from funding.handover.queries import find_waiting as find_waiting_handover
from funding.ledger import queries as ledger
from funding.ledger.rules import Fund
from funding.periods.queries import find_waiting as find_waiting_change
from funding.permissions import Permission
from funding.statements.queries import count_open as count_open_lines
from funding.welfare import queries as welfare
from groups.membership.queries import count_present_members
from groups.permissions import OFFICERS, Role
from network import clock
from network.access import table
from network.access.actor import Actor
from network.home.registry import Glance, Todo
from network.tenancy.models import Group
from network.web.formatting import day, money


def todos(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:
    """A second person is needed; a request waits or closes soon; this month's sheet is not written yet."""
    yield from _own_requests(actor, group, now)
    yield from _handover(actor)
    if not actor.holds(*OFFICERS):
        return
    yield from todos_of_book(actor, group, now)
    yield from _requests(actor)
    if actor.holds(Role.TREASURER):
        yield from _sheet(group, now)


def todos_of_book(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:  # noqa: ARG001 - the registry's signature
    """What any book asks for, a group's or an office's: a second person, and to be heard when it does not add up."""
    if not table.is_granted(Permission.BOOK_SECOND, actor):
        return
    if waiting := ledger.count_drafts_for(actor.account_id):
        title = ngettext(
            "One payment waits for a second person", "%(num)d payments wait for a second person", waiting
        )
        yield Todo(title, _("Money that goes out needs two people"), url_for("money.list_drafts"), order=20)
    if (count := find_waiting_count()) and count.counted_by_id != actor.account_id:
        yield Todo(
            _("The counted cash waits for a second person"), _("Sign only what you counted together"),
            url_for("counts.sign_count", count_id=count.id), order=22,
        )  # fmt: skip
    if (change := find_waiting_change()) and change.asked_by_id != actor.account_id:
        yield Todo(
            _("A change of closed months waits for a second person"), _("Look at it, then say yes or no"),
            url_for("periods.decide_change", change_id=change.id), order=21,
        )  # fmt: skip
    if table.is_granted(Permission.BOOK_POST, actor) and (lines := count_open_lines()):
        yield Todo(
            ngettext("One line of a statement is open", "%(num)d lines of statements are open", lines),
            _("Join them to the book, one after the other"), url_for("matching.list_lines"), order=65,
        )  # fmt: skip
    if ledger.is_stopped():
        yield Todo(
            _("The book is stopped"),
            _(
                "The nightly check found that it does not add up. Tell whoever looks after Pamoja for you; nothing is lost."
            ),
            url_for("money.show_money"),
            order=1,
        )


def _handover(actor: Actor) -> Iterator[Todo]:
    """For both treasurers, in office or not; for the chairperson where the one who leaves does not sign in."""
    waiting = find_waiting_handover()
    if waiting is None:
        return
    stands_in = actor.holds(Role.CHAIRPERSON) and waiting.outgoing.account_id is None
    if not waiting.has_party(actor.account_id) and not stands_in:
        return
    if waiting.state == HandoverState.COUNTED and waiting.counted_by_id != actor.account_id:
        href = url_for("handovers.sign_handover", handover_id=waiting.id)
        yield Todo(
            _("The handover waits for your signature"),
            _("Sign only what you counted together"),
            href,
            order=10,
        )
    else:
        href = url_for("handovers.count_together", handover_id=waiting.id)
        yield Todo(
            _("Hand the money over together"),
            _("The treasurer has changed: count what there is, then both sign"),
            href,
            order=10,
        )


def _own_requests(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:
    for request in welfare.closing_soon(actor.account_id, clock.today(group.time_zone, at=now)):
        yield Todo(
            _("Something you asked for closes on %(day)s", day=day(request.closes_on)),
            _("It was not settled. Its page is destroyed then, and you can ask again"),
            url_for("welfare.show_request", request_id=request.id), soon=True, order=14,
        )  # fmt: skip


def _requests(actor: Actor) -> Iterator[Todo]:
    href = url_for("welfare.list_requests")
    if waiting := welfare.count_to_answer(actor.account_id):
        title = ngettext(
            "One request for help waits for your answer",
            "%(num)d requests for help wait for your answer",
            waiting,
        )
        yield Todo(title, _("Only you and the others who decide can see it"), href, order=15)
    if agreed := welfare.count_to_pay(actor.account_id):
        title = ngettext(
            "One agreed request can be paid out", "%(num)d agreed requests can be paid out", agreed
        )
        yield Todo(title, _("Two of you agreed; two people pay it"), href, order=16)


def _sheet(group: Group, now: datetime) -> Iterator[Todo]:
    first_of_month = clock.today(group.time_zone, at=now).replace(day=1)
    if not has_sheet_since(first_of_month) and count_present_members():
        yield Todo(
            _("Write down this month’s contributions"), _("One page, when the group has met"), url_for("contributions.write_sheet"), order=60
        )  # fmt: skip


def glances_of_office(actor: Actor, office: Group, now: datetime) -> Iterator[Glance]:  # noqa: ARG001 - the registry's signature
    """What there is in the office's book."""
    if table.is_granted(Permission.BOOK_READ, actor):
        there = sum(ledger.held().values())
        yield Glance(
            _("Money"), money(there, office.currency), _("in the office’s book"), order=50, href=url_for("money.show_money")
        )  # fmt: skip


def glances(actor: Actor, group: Group, now: datetime) -> Iterator[Glance]:  # noqa: ARG001 - the registry's signature
    """The welfare fund, with what is kept for hard times."""
    if not actor.holds(*OFFICERS, Role.MEMBER):
        return
    there = ledger.held()
    funds = {fund: sum(amount for (_place, f), amount in there.items() if f == fund) for fund in Fund}
    reserve = money(funds[Fund.RESERVE], group.currency)
    yield Glance(
        _("Welfare fund"), money(funds[Fund.WELFARE], group.currency), _("%(reserve)s more is kept for hardship", reserve=reserve),
        order=50, href=url_for("reports.show_report"),
    )  # fmt: skip

"""The group's page of figures, and what the office sees of all its groups: numbers that groups sent."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.figures import commands, queries, registry, rules
from network.figures.forms import NEEDS_SHORT, REFUSALS, SIGNS, SendFiguresForm
from network.home.registry import Glance, Todo
from network.permissions import Permission
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import get_network_of_office
from network.web.formatting import months
from network.web.forms import render_form
from network.web.languages import named
from network.web.paging import page_of

A_QUARTER = timedelta(days=92)
"""A group younger than this has no finished quarter to send."""
FIRST_YEAR = 2000
"""No group wrote figures before."""

group_bp = Blueprint("figures", __name__, url_prefix="/g/<uuid:group_id>/figures")
office_bp = Blueprint("network_figures", __name__, url_prefix="/n/<uuid:network_id>/figures")


@group_bp.get("/")
@requires(Permission.FIGURES_READ_OWN)
def show_figures() -> ResponseReturnValue:
    quarter = _quarter_asked_for()
    sent = queries.find_sheet(scope.group_id(), quarter)
    form = SendFiguresForm(
        formdata=None, data={"needs_help": sent.needs_help, "note": sent.note} if sent else None
    )
    return _figures_page(form, quarter)


@group_bp.post("/")
@requires(Permission.FIGURES_PUBLISH)
def publish_figures() -> ResponseReturnValue:
    form, quarter = SendFiguresForm(), _quarter_asked_for()
    if form.validate_on_submit():
        try:
            commands.publish_figures(
                current_group(), quarter, by=current_user.id, now=clock.now(), seen=form.seen.data,
                needs_help=form.needs_help.data, note=form.note.data or "",
            )  # fmt: skip
        except commands.CannotSend as refused:
            beside = "note" if refused.refusal is rules.Refusal.SAY_WHAT else None
            form.refuse(refused.refusal, REFUSALS, field=beside)
        else:
            flash(_("The figures are with your network. Thank you for counting."))
            return redirect(url_for(".show_figures", quarter=quarter), 303)
    return _figures_page(form, quarter)


def _figures_page(form: SendFiguresForm, quarter: date) -> ResponseReturnValue:
    choices = rules.quarters_to_send(_today())
    counted = registry.counted(quarter, rules.next_quarter(quarter))
    form.seen.data = commands.mark(counted)
    return render_form(
        "network/figures/own.html",
        form,
        counted=counted,
        quarter=rules.Quarter(quarter),
        sent=queries.find_sheet(scope.group_id(), quarter),
        choices=[rules.Quarter(start) for start in choices],
        quarters_sent=queries.quarters_sent(scope.group_id(), choices),
        history=page_of(queries.sheets_of(scope.group_id()), per_page=8),
        has_network=queries.find_office_to_send_to(scope.group_id()) is not None,
        **_words(),
    )


@office_bp.get("/")
@requires(Permission.FIGURES_READ)
def list_groups() -> ResponseReturnValue:
    network = get_network_of_office(scope.group_id())
    last = rules.last_finished(_today())
    quarter = _start_asked_for() or last
    page = page_of(queries.groups_in_quarter(network.id, quarter))
    return render_template(
        "network/figures/overview.html",
        page=page,
        lines=queries.lines_of(page.items, quarter),
        tally=queries.tally(network.id, quarter),
        totals=queries.totals(network.id, quarter),
        quarter=rules.Quarter(quarter),
        before=rules.quarter_before(quarter),
        after=rules.next_quarter(quarter) if quarter < last else None,
        **_words(),
    )


@office_bp.get("/<uuid:subject_group_id>")
@requires(Permission.FIGURES_READ, of=queries.get_group_at_home)
def show_group(subject: Group) -> ResponseReturnValue:
    page = page_of(queries.sheets_of(subject.id), per_page=8)
    return render_template("network/figures/history.html", subject=subject, page=page, **_words())


def _words() -> dict[str, Any]:
    return {
        "words_for": registry.words_for,
        "needs": NEEDS_SHORT,
        "signs": SIGNS,
        "named": named,
        "last_month_of": lambda sheet: rules.Quarter(sheet.quarter).last_month,
    }


def _today() -> date:
    return clock.today(current_group().time_zone)


def _start_asked_for() -> date | None:
    """The quarter in the address, if it is one that is over."""
    try:
        asked = date.fromisoformat(request.args.get("quarter", ""))
    except ValueError:
        return None
    is_one = (
        rules.quarter_of(asked) == asked
        and asked.year >= FIRST_YEAR
        and asked <= rules.last_finished(_today())
    )
    return asked if is_one else None


def _quarter_asked_for() -> date:
    asked, choices = _start_asked_for(), rules.quarters_to_send(_today())
    return asked if asked in choices else choices[0]


def todos_of_group(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:
    """The last three months, until they are sent."""
    quarter = rules.last_finished(clock.today(group.time_zone, at=now))
    if not table.is_granted(Permission.FIGURES_PUBLISH, actor) or queries.find_sheet(group.id, quarter):
        return
    if queries.find_office_to_send_to(group.id) and group.created_at < now - A_QUARTER:
        words = months(quarter, rules.Quarter(quarter).last_month)
        yield Todo(
            _("Send the figures of %(months)s", months=words),
            _("Numbers only. They are counted already; look at them and send them."),
            url_for("figures.show_figures"),
            order=70,
        )


def todos_of_office(actor: Actor, office: Group, now: datetime) -> Iterable[Todo]:
    """Groups that ask for help."""
    found = _tally_for_home(actor, office, now)
    if found and found.asking:
        yield Todo(
            ngettext("%(num)d group asks for help", "%(num)d groups ask for help", found.asking),
            _("They said so with their last figures."),
            url_for("network_figures.list_groups"),
            soon=True,
            order=20,
        )


def glances_of_office(actor: Actor, office: Group, now: datetime) -> Iterable[Glance]:
    """How many groups sent their figures."""
    if found := _tally_for_home(actor, office, now):
        yield Glance(
            _("Figures of the last three months"),
            _("%(sent)d of %(all)d", sent=found.sent, all=found.groups),
            _("groups sent their figures."),
            order=20,
            href=url_for("network_figures.list_groups"),
        )


def _tally_for_home(actor: Actor, office: Group, now: datetime) -> queries.Tally | None:
    if not table.is_granted(Permission.FIGURES_READ, actor):
        return None
    quarter = rules.last_finished(clock.today(office.time_zone, at=now))
    found = queries.tally(get_network_of_office(office.id).id, quarter)
    return found if found.groups else None

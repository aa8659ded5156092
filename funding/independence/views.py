"""Where the money comes from, over the years and the months."""

from datetime import date
from decimal import Decimal

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from funding.independence import rules
from funding.ledger.commands import today
from funding.ledger.queries.by_month import moved_by_month
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.formatting import number
from network.web.place_pages import PlacePages

bp = PlacePages("independence", __name__, under="/money/over-time", template_folder="../templates")


@bp.get("")
@requires(Permission.BOOK_READ)
def show_path() -> ResponseReturnValue:
    """Seed money, grants and what is the group's own, year by year; in and out month by month; how long it lasts."""
    this_month = today(clock.now()).replace(day=1)
    moved = moved_by_month(rules.month_before(this_month, -1))
    lasting = rules.lasting(moved, this_month=this_month)
    return render_template(
        "funding/independence/show_path.html",
        years=rules.years(moved),
        months=rules.months(moved, last=this_month),
        lasting=lasting,
        how_long=number(Decimal(lasting.tenths) / 10) if lasting else "",
        percent=_percent,
        year=_year,
        currency=current_group().currency,
    )


def _percent(share: int | None) -> str:
    return "–" if share is None else _("%(number)s %%", number=number(share))


def _year(value: int) -> str:
    return str(date(value, 1, 1).year)

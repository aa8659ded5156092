"""What I gave: the page, the paper, and how it stood on another day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from funding.cards import papers, queries, rules
from funding.contributions.papers import suggestion
from funding.contributions.queries import find_agreed
from funding.contributions.rules import COLUMNS
from funding.ledger.forms import PLACES
from funding.permissions import Permission
from groups.membership.queries import find_own_member
from network import clock
from network.access.guard import current_group, requires
from network.documents.answers import Kind, answer
from network.web.forms import YEARS
from network.web.languages import current_language

bp = Blueprint("cards", __name__, url_prefix="/g/<uuid:group_id>/money/mine", template_folder="../templates")


@dataclass(frozen=True)
class Shown:
    """The part of the reader's own card that the address asks for."""

    on: date
    years: list[int]
    year: int | None
    months: list[rules.Month]

    @property
    def total(self) -> int:
        return sum(month.total for month in self.months)


def _own() -> Shown:
    now, zone = clock.now(), ZoneInfo(current_group().time_zone)
    today = clock.today(current_group().time_zone, at=now)
    on = min(_day_asked(today), today)
    known_at = now if on == today else datetime.combine(on + timedelta(days=1), time(), zone)
    member = find_own_member(current_user.id)
    gifts = queries.gifts_of(member.id, on=on, known_at=known_at) if member else []
    years = rules.years_of(gifts)
    year = rules.year_to_show(request.args.get("year", type=int), years)
    return Shown(on, years, year, rules.by_month(gift for gift in gifts if gift.received_on.year == year))


def _day_asked(today: date) -> date:
    try:
        asked = date.fromisoformat(request.args.get("stood", ""))
    except ValueError:
        return today
    return asked if asked.year in YEARS else today


@bp.get("")
@requires(Permission.BOOK_READ)
def show_card() -> ResponseReturnValue:
    """What one gave oneself: nobody else opens this page."""
    shown, today = _own(), clock.today(current_group().time_zone)
    agreed = find_agreed(shown.on)
    return render_template(
        "funding/cards/show_card.html",
        shown=shown,
        stood=None if shown.on == today else shown.on,
        places=PLACES,
        columns=COLUMNS,
        currency=current_group().currency,
        suggestion=suggestion(agreed) if agreed else None,
        member=find_own_member(current_user.id),
    )


@bp.get("/card.pdf")
@requires(Permission.BOOK_READ)
def print_card() -> Response:
    """The same on paper, for oneself."""
    shown = _own()
    paper = papers.card(
        shown.months,
        year=shown.year,
        on=shown.on,
        currency=current_group().currency,
        language=current_language().code,
    )
    return answer(paper, Kind.PDF, name=f"card-{shown.year or shown.on.year}")

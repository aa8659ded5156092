"""The list of chances and one of them, in groups and in offices; writing, publishing, taking off the list."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.ledger.commands import today
from funding.opportunities import commands, forms, queries, rules
from funding.opportunities.commands import CannotOffer
from funding.opportunities.models import Opportunity
from funding.opportunities.queries import When
from funding.permissions import Permission
from network import clock
from network.access.guard import requires
from network.tenancy import scope
from network.web.forms import render_form
from network.web.languages import current_language
from network.web.paging import page_of
from network.web.place_pages import PlacePages
from network.wording import commands as wording

bp = PlacePages("opportunities", __name__, under="/money/opportunities", template_folder="../templates")


@dataclass(frozen=True)
class Beside:
    """What stands beside a chance in the place that reads it, such as that the group has applied."""

    words: Any
    href: str
    is_going_on: bool
    why_not: str = ""
    """What a funder said, where it said no."""


Found = Callable[[Sequence[uuid.UUID]], dict[uuid.UUID, Beside]]
_found: list[Found] = []


def say_beside(found: Found) -> None:
    """Have what is built on top say how the place stands with each of these."""
    if found not in _found:
        _found.append(found)


def _beside(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Beside]:
    return {one: said for found in _found for one, said in found(ids).items()}


def _words() -> dict[str, Any]:
    return {
        "kinds": forms.FUNDER_KINDS,
        "asks": forms.ASKS,
        "papers": forms.PAPERS,
        "paid_back": forms.PAID_BACK,
        "until_words": forms.until_words,
        "amount_words": forms.amount_words,
        "today": today(clock.now()),
        "here": scope.group_id(),
        "nearness": rules.nearness,
    }


@bp.get("")
@requires(Permission.BOOK_READ)
def list_opportunities() -> ResponseReturnValue:
    approved_only = queries.shows_approved_only()
    kind = request.args.get("kind", "") if request.args.get("kind") in set(forms.FUNDER_KINDS) else ""
    when = When.PAST if request.args.get("when") == When.PAST else When.OPEN
    page = page_of(queries.opportunities(when=when, today=today(clock.now()), kind=kind))
    return render_template(
        "funding/opportunities/list.html",
        page=page,
        rows=[(one, wording.shown(one.text, approved_only=approved_only)) for one in page.items],
        beside=_beside([one.id for one in page.items]),
        kind=kind,
        when=when,
        **_words(),
    )


@bp.get("/<uuid:opportunity_id>")
@requires(Permission.BOOK_READ, of=queries.get_opportunity)
def show_opportunity(one: Opportunity) -> ResponseReturnValue:
    return render_template(
        "funding/opportunities/show.html",
        one=one,
        shown=wording.shown(one.text, approved_only=queries.shows_approved_only()),
        is_over=rules.is_over(one.closes_on, one.ended_on, today=today(clock.now())),
        beside=_beside([one.id]).get(one.id),
        **_words(),
    )


@bp.route("/write", methods=["GET", "POST"])
@requires(Permission.OPPORTUNITY_WRITE)
def write_opportunity() -> ResponseReturnValue:
    form = forms.WriteOpportunityForm(language=current_language().code)
    if form.validate_on_submit():
        try:
            one = commands.write_opportunity(
                form.content(), language=form.language.data, by=current_user.id, now=clock.now()
            )
        except CannotOffer as refused:
            forms.refuse(form, refused.refusal)
        else:
            flash(_("It is written down. Add amounts, papers and where to apply when you know them."))
            return _back_to(one)
    return render_form("funding/opportunities/write.html", form)


@bp.route("/<uuid:opportunity_id>/change", methods=["GET", "POST"])
@requires(Permission.OPPORTUNITY_WRITE, of=queries.get_own_opportunity)
def change_opportunity(one: Opportunity) -> ResponseReturnValue:
    original = wording.wording_in(one.text, one.text.source_language)
    form = forms.OpportunityForm(obj=one, title=original.title, words=original.body)
    if form.validate_on_submit():
        try:
            commands.change_opportunity(one, form.content(), by=current_user.id, now=clock.now())
        except CannotOffer as refused:
            forms.refuse(form, refused.refusal)
        else:
            flash(_("The change is kept."))
            return _back_to(one)
    return render_form("funding/opportunities/change.html", form, one=one)


@bp.route("/<uuid:opportunity_id>/publish", methods=["GET", "POST"])
@requires(Permission.OPPORTUNITY_PUBLISH, of=queries.get_own_opportunity)
def publish_opportunity(one: Opportunity) -> ResponseReturnValue:
    form = forms.OnlyAButton()
    if form.validate_on_submit():
        try:
            commands.publish_opportunity(one, by=current_user.id, now=clock.now())
        except CannotOffer as refused:
            forms.refuse(form, refused.refusal)
        else:
            flash(_("The groups can read it now, and translators can begin."))
            return _back_to(one)
    return render_form("funding/opportunities/publish.html", form, one=one, shown=wording.shown(one.text))


@bp.route("/<uuid:opportunity_id>/end", methods=["GET", "POST"])
@requires(Permission.OPPORTUNITY_WRITE, of=queries.get_own_opportunity)
def end_opportunity(one: Opportunity) -> ResponseReturnValue:
    form = forms.OnlyAButton()
    if form.validate_on_submit():
        try:
            commands.end_opportunity(one, by=current_user.id, now=clock.now())
        except CannotOffer as refused:
            forms.refuse(form, refused.refusal)
        else:
            flash(_("It is off the list. It can still be read."))
            return _back_to(one)
    return render_form("funding/opportunities/end.html", form, one=one, shown=wording.shown(one.text))


def _back_to(one: Opportunity) -> ResponseReturnValue:
    return redirect(url_for(".show_opportunity", opportunity_id=one.id), 303)

"""The handover's pages: count together, compare, sign; and those that were signed."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.counts.forms import pieces_form
from funding.counts.rules import lines_of
from funding.handover import commands, papers, queries
from funding.handover.commands import CannotHandOver
from funding.handover.forms import (
    REFUSALS,
    SignHereForm,
    TogetherForm,
    fields_beside,
    posting,
    sign_form,
    whys,
)
from funding.handover.models import Handover, HandoverState
from funding.ledger import queries as book
from funding.ledger.commands import CannotPost
from funding.ledger.forms import PLACES, fund_words, refuse
from funding.ledger.rules import Place, held_in_funds, short_seal
from funding.ledger.views import second_person
from funding.permissions import Permission
from network import clock
from network.access.guard import can, current_group, requires
from network.currencies import minor_digits
from network.documents.answers import Kind, answer
from network.web.forms import render_form
from network.web.languages import current_language
from network.web.paging import page_of

bp = Blueprint(
    "handovers", __name__, url_prefix="/g/<uuid:group_id>/money/handovers", template_folder="../templates"
)


@bp.get("")
@requires(Permission.BOOK_READ)
def list_handovers() -> ResponseReturnValue:
    waiting = queries.find_waiting()
    return render_template(
        "funding/handover/list_handovers.html",
        page=page_of(queries.handovers()),
        waiting=waiting if waiting and can(Permission.HANDOVER_SIGN, waiting) else None,
    )


@bp.route("/<uuid:handover_id>/count", methods=["GET", "POST"])
@requires(Permission.HANDOVER_SIGN, of=queries.get_waiting)
def count_together(waiting: Handover) -> ResponseReturnValue:
    """What there is, written down together before anybody looks at what should be."""
    currency = current_group().currency
    form = pieces_form(currency, TogetherForm, **fields_beside(currency))
    says = book.held_in_places(book.held())
    form.in_use = frozenset(place for place, amount in says.items() if amount)
    if form.validate_on_submit():
        try:
            commands.count_together(
                waiting, form.counted(), pieces=form.pieces(), other=form.other.data or 0, words=form.words.data or "",
                by=current_user.id, now=clock.now(),
            )  # fmt: skip
        except CannotHandOver as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            return redirect(url_for(".sign_handover", handover_id=waiting.id), 303)
    return render_form(
        "funding/handover/count_together.html",
        form,
        handover=waiting,
        currency=currency,
        digits=minor_digits(currency),
    )


@bp.route("/<uuid:handover_id>/sign", methods=["GET", "POST"])
@requires(Permission.HANDOVER_SIGN, of=queries.get_waiting)
def sign_handover(waiting: Handover) -> ResponseReturnValue:
    """Counted beside the book; the second of the two signs here on the first one's phone, or on their own."""
    if waiting.state != HandoverState.COUNTED:
        return redirect(url_for(".count_together", handover_id=waiting.id), 303)
    there = book.held()
    says = book.held_in_places(there)
    found = {Place(one.place): one.counted for one in queries.places_of(waiting)}
    differing = [place for place in found if found[place] != says[place]]
    is_own = waiting.counted_by_id == current_user.id
    form = sign_form(differing, is_own=is_own)
    if form.validate_on_submit():
        by = second_person(form) if isinstance(form, SignHereForm) else current_user.id
        if by and _sign(waiting, by, form, differing):
            flash(_("Both signed. The handover is kept as it is."))
            return redirect(url_for(".show_handover", handover_id=waiting.id), 303)
    last = book.find_book()
    form.seen.data = str(last.entries if last else 0)
    return render_form(
        "funding/handover/sign_handover.html",
        form,
        handover=waiting,
        found=found,
        says=says,
        differing=differing,
        is_own=is_own,
        lines=lines_of(waiting.pieces),
        places=PLACES,
        funds=held_in_funds(there),
        fund_words=fund_words(book.funds()),
        names=book.names_of([waiting.counted_by_id]),
        open_requests=queries.count_open_requests(),
        drafts=book.count_drafts_waiting(),
    )


def _sign(waiting: Handover, by: UUID, form: SignHereForm, differing: list[Place]) -> bool:
    seen = int(form.seen.data) if (form.seen.data or "").isdecimal() else -1
    try:
        commands.sign(
            waiting, by=by, whys=whys(form, differing), posting=posting(form, differing), seen=seen, now=clock.now()
        )  # fmt: skip
    except CannotHandOver as refused:
        form.refuse(refused.refusal, REFUSALS)
    except CannotPost as refused:
        refuse(form, refused)
    else:
        return True
    return False


@bp.get("/<uuid:handover_id>")
@requires(Permission.BOOK_READ, of=queries.get_handover)
def show_handover(handover: Handover) -> ResponseReturnValue:
    return render_template(
        "funding/handover/show_handover.html",
        handover=handover,
        found=queries.places_of(handover),
        lines=lines_of(handover.pieces),
        places=PLACES,
        fund_words=fund_words(book.funds()),
        names=book.names_of([handover.counted_by_id, handover.agreed_by_id]),
        seal=short_seal(bytes(handover.head or b"")),
    )


@bp.get("/<uuid:handover_id>/handover.pdf")
@requires(Permission.BOOK_READ, of=queries.get_handover)
def print_handover(handover: Handover) -> Response:
    paper = papers.signed_handover(
        handover,
        found=queries.places_of(handover),
        fund_words=fund_words(book.funds()),
        names=book.names_of([handover.counted_by_id, handover.agreed_by_id]),
        seal=short_seal(bytes(handover.head or b"")),
        language=current_language().code,
    )
    return answer(paper, Kind.PDF, name=f"handover-{handover.counted_on}")

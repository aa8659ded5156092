"""Counting the box together: first what is there, then what the book says, then two signatures."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.counts import commands, papers, queries, rules
from funding.counts.commands import CannotCount
from funding.counts.forms import REFUSALS, SignForm, SignHereForm, pieces_form
from funding.counts.models import CashCount
from funding.ledger import queries as book
from funding.ledger.commands import CannotPost
from funding.ledger.forms import refuse
from funding.ledger.rules import Place, short_seal
from funding.ledger.views import second_person
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.currencies import minor_digits
from network.documents.answers import Kind, answer
from network.web.forms import Form, render_form
from network.web.languages import current_language
from network.web.paging import page_of
from network.web.place_pages import PlacePages

bp = PlacePages("counts", __name__, under="/money/counts", template_folder="../templates")


@bp.get("")
@requires(Permission.BOOK_READ)
def list_counts() -> ResponseReturnValue:
    return render_template(
        "funding/counts/list_counts.html", page=page_of(queries.counts()), waiting=queries.find_waiting()
    )


@bp.route("/write", methods=["GET", "POST"])
@requires(Permission.BOOK_SECOND)
def write_count() -> ResponseReturnValue:
    """What is in the box, before anybody looks at what should be."""
    currency = current_group().currency
    form = pieces_form(currency)
    if form.validate_on_submit():
        try:
            found = commands.count_cash(
                form.pieces(), form.other.data or 0, by=current_user.id, now=clock.now()
            )
        except CannotCount as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            return redirect(url_for(".sign_count", count_id=found.id), 303)
    return render_form(
        "funding/counts/write_count.html",
        form,
        currency=currency,
        digits=minor_digits(currency),
        waiting=queries.find_waiting(),
    )


@bp.route("/<uuid:count_id>/sign", methods=["GET", "POST"])
@requires(Permission.BOOK_SECOND, of=queries.get_waiting)
def sign_count(waiting: CashCount) -> ResponseReturnValue:
    """Counted beside the book; the second person signs here on the first one's phone, or on their own."""
    is_own = waiting.counted_by_id == current_user.id
    form = SignHereForm() if is_own else SignForm()
    says = book.held_in_places(book.held())[Place.CASH]
    if waiting.amount == says:
        del form.why
    if form.validate_on_submit():
        by = second_person(form) if isinstance(form, SignHereForm) else current_user.id
        if by and _agree(waiting, by, form):
            flash(_("Two people signed. The count is kept as it is."))
            return redirect(url_for(".show_count", count_id=waiting.id), 303)
    form.seen.data = str(says)
    return render_form(
        "funding/counts/sign_count.html",
        form,
        count=waiting,
        book=says,
        lines=rules.lines_of(waiting.pieces),
        is_own=is_own,
        names=book.names_of([waiting.counted_by_id]),
        drafts=book.count_drafts_waiting(),
    )


def _agree(waiting: CashCount, by: UUID, form: SignHereForm | SignForm) -> bool:
    seen = int(form.seen.data) if (form.seen.data or "").lstrip("-").isdecimal() else -1
    try:
        commands.agree(
            waiting, by=by, why=form.why.data or "" if form.why else "", seen=seen, now=clock.now()
        )
    except CannotCount as refused:
        form.refuse(refused.refusal, REFUSALS)
    except CannotPost as refused:
        refuse(form, refused)
    else:
        return True
    return False


@bp.post("/<uuid:count_id>/take-away")
@requires(Permission.BOOK_SECOND, of=queries.get_waiting)
def take_away(waiting: CashCount) -> ResponseReturnValue:
    if Form().validate_on_submit():
        commands.take_away(waiting, by=current_user.id, now=clock.now())
        flash(_("That count does not count. Begin again when you like."))
    return redirect(url_for(".list_counts"), 303)


@bp.get("/<uuid:count_id>")
@requires(Permission.BOOK_READ, of=queries.get_count)
def show_count(count: CashCount) -> ResponseReturnValue:
    return render_template(
        "funding/counts/show_count.html",
        count=count,
        lines=rules.lines_of(count.pieces),
        names=book.names_of([count.counted_by_id, count.agreed_by_id]),
        seal=short_seal(bytes(count.head or b"")),
    )


@bp.get("/<uuid:count_id>/count.pdf")
@requires(Permission.BOOK_READ, of=queries.get_count)
def print_count(count: CashCount) -> Response:
    paper = papers.cash_count(
        count,
        lines=rules.lines_of(count.pieces),
        names=book.names_of([count.counted_by_id, count.agreed_by_id]),
        seal=short_seal(bytes(count.head or b"")),
        language=current_language().code,
    )
    return answer(paper, Kind.PDF, name=f"cash-count-{count.counted_on}")

"""Receipts: made for what came in, read, printed, and sent as a message."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from funding.ledger.queries import names_of
from funding.permissions import Permission
from funding.receipts import commands, papers, queries
from funding.receipts.forms import REFUSALS, MakeForm
from funding.receipts.queries import Made
from funding.receipts.rules import Received, why_not_make
from network import clock
from network.access.guard import current_group, requires
from network.documents.answers import Kind, answer
from network.web.forms import render_form
from network.web.languages import current_language, known, offered
from network.web.paging import page_of
from network.web.place_pages import PlacePages

bp = PlacePages("receipts", __name__, under="/money", template_folder="../templates")


@bp.get("/receipts")
@requires(Permission.BOOK_POST)
def list_receipts() -> ResponseReturnValue:
    """Every receipt, for whoever writes in the book."""
    return render_template("funding/receipts/list_receipts.html", page=page_of(queries.receipts()))


@bp.route("/sheets/<uuid:sheet_id>/receipts/<uuid:member_id>", methods=["GET", "POST"])
@requires(Permission.RECEIPT_MAKE, of=queries.get_gift)
def make_receipt(received: Received) -> ResponseReturnValue:
    """For what a member gave on a sheet: the treasurer makes it, or the member."""
    return _make(received)


@bp.route("/entries/<uuid:entry_id>/receipt", methods=["GET", "POST"])
@requires(Permission.RECEIPT_MAKE, of=queries.get_income)
def make_receipt_for_entry(received: Received) -> ResponseReturnValue:
    """For a grant or a gift."""
    return _make(received)


def _make(received: Received) -> ResponseReturnValue:
    if standing := queries.find_receipt(received):
        return redirect(url_for(".show_receipt", receipt_id=standing.id), 303)
    form, refusal = MakeForm(), why_not_make(received)
    if form.validate_on_submit():
        try:
            made = commands.make_receipt(received, by=current_user.id, now=clock.now())
        except commands.CannotMake as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            return redirect(url_for(".show_receipt", receipt_id=made.id), 303)
    return render_form(
        "funding/receipts/make_receipt.html",
        form,
        received=received,
        said=papers.facts(received),
        why_not=REFUSALS[refusal] if refusal else None,
    )


@bp.get("/receipts/<uuid:receipt_id>")
@requires(Permission.RECEIPT_READ, of=queries.get_receipt)
def show_receipt(made: Made) -> ResponseReturnValue:
    language = _language_asked()
    return render_template(
        "funding/receipts/show_receipt.html",
        made=made,
        said=papers.facts(made.received),
        taken_back=papers.taken_back(made.received),
        written_by=names_of([made.receipt.made_by_id]).get(made.receipt.made_by_id, ""),
        message=papers.message(made, language=language),
        is_told_in_person=queries.is_told_in_person(made),
        others=[one for one in offered() if one.code != language],
    )


@bp.get("/receipts/<uuid:receipt_id>/receipt.pdf")
@requires(Permission.RECEIPT_READ, of=queries.get_receipt)
def print_receipt(made: Made) -> Response:
    receipt = made.receipt
    paper = papers.receipt_paper(
        made,
        place=current_group().name,
        written_by=names_of([receipt.made_by_id]).get(receipt.made_by_id, ""),
        made_on=clock.today(current_group().time_zone, at=receipt.made_at),
        language=_language_asked(),
    )
    return answer(paper, Kind.PDF, name=f"receipt-{receipt.number}")


def _language_asked() -> str:
    """The language of whoever the receipt is for, where it is another than the reader's."""
    asked = request.args.get("in", "")
    return asked if asked in known() else current_language().code

"""The statement beside the book, for everybody in office: without the names of those who paid."""

from flask import render_template
from flask.typing import ResponseReturnValue

from funding.ledger.forms import KINDS, PLACES
from funding.permissions import Permission
from funding.reconciliation import queries
from funding.statements.forms import DETAILS, account_words
from funding.statements.models import Statement
from funding.statements.queries import get_statement, progress_of
from network.access.guard import current_group, requires
from network.web.place_pages import PlacePages

bp = PlacePages("reconciliation", __name__, under="/money/statements", template_folder="../templates")
WORDS = {"places": PLACES, "kinds": KINDS, "details": DETAILS, "account": account_words}


@bp.get("/<uuid:statement_id>/compare")
@requires(Permission.BOOK_SECOND, of=get_statement)
def compare(statement: Statement) -> ResponseReturnValue:
    return render_template(
        "funding/reconciliation/compare.html",
        statement=statement,
        found=queries.difference(statement),
        progress=progress_of([statement.id])[statement.id],
        words=WORDS,
        currency=current_group().currency,
    )

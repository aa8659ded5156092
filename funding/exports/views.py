"""Take the book with you: a workbook of everything, single tables, and text for an accounting program."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from funding.exports import papers, queries, rules
from funding.exports.formats import beancount
from funding.exports.rules import Piece
from funding.ledger import queries as ledger
from funding.ledger.queries import in_order
from funding.permissions import Permission
from network.access.guard import current_group, requires
from network.documents import sheets
from network.documents.answers import Kind, answer
from network.web.languages import current_language
from network.web.place_pages import PlacePages

bp = PlacePages("exports", __name__, under="/money/take", template_folder="../templates")


def _asked() -> tuple[Piece, list[int], bool]:
    there = rules.years(ledger.find_first_day(), in_order.find_last_day())
    fits = in_order.count_entries(most=rules.MOST_ENTRIES + 1) <= rules.MOST_ENTRIES
    return rules.read_piece(request.args.get("year"), there=there, fits_whole=fits), there, fits


@bp.get("")
@requires(Permission.BOOK_TAKE)
def show_export() -> ResponseReturnValue:
    piece, there, fits = _asked()
    return render_template(
        "funding/exports/show_export.html",
        piece=piece,
        years=there,
        fits_whole=fits,
        tables=list(papers.tables(piece, current_group())),
    )


@bp.get("/book.xlsx")
@requires(Permission.BOOK_TAKE)
def download_workbook() -> ResponseReturnValue:
    piece, _there, _fits = _asked()
    made = [make() for make in papers.tables(piece, current_group()).values()]
    return answer(sheets.xlsx(made, language=current_language().code), Kind.XLSX, name=f"book-{piece.code}")


@bp.get("/table.csv")
@requires(Permission.BOOK_TAKE)
def download_table() -> ResponseReturnValue:
    piece, _there, _fits = _asked()
    made, table = papers.tables(piece, current_group()), request.args.get("table", "entries")
    make = made.get(table) or abort(404)
    return answer(sheets.csv(make()), Kind.CSV, name=f"{table}-{piece.code}")


@bp.get("/book.beancount")
@requires(Permission.BOOK_TAKE)
def download_beancount() -> ResponseReturnValue:
    """The whole book only: half of one would not add up. A large one is taken on the command line."""
    _piece, _there, fits = _asked()
    if not fits:
        abort(404)
    text = "\n".join(beancount.lines(queries.whole_book(with_words=True), with_words=True)) + "\n"
    return answer(text.encode(), Kind.TEXT, name="book")

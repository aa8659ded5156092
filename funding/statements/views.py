"""Bringing statements, and looking at what they say of themselves. Names of those who paid are for the treasurer alone."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from funding.ledger.forms import PLACES
from funding.permissions import Permission
from funding.statements import commands, queries, rules
from funding.statements.commands import Brought, CannotBring
from funding.statements.formats import letters, mapped
from funding.statements.formats.choosing import NotKnown
from funding.statements.formats.mapped import Sample
from funding.statements.formats.statement import NotReadable
from funding.statements.forms import (
    DETAILS,
    FIELDS,
    FORMATS,
    OWN_COLUMNS,
    REFUSALS,
    STATES,
    BringForm,
    ColumnsForm,
    TakeAwayForm,
    account_words,
    bring_form,
    columns_form,
)
from funding.statements.models import Statement, StatementMapping, StatementUpload
from network import clock
from network.access.guard import current_group, requires
from network.web.forms import Form, render_form
from network.web.paging import page_of
from network.web.place_pages import PlacePages

bp = PlacePages("statements", __name__, under="/money/statements", template_folder="../templates")
WORDS = {"places": PLACES, "formats": FORMATS, "details": DETAILS, "states": STATES, "account": account_words}


@bp.get("")
@requires(Permission.BOOK_SECOND)
def list_statements() -> ResponseReturnValue:
    page = page_of(queries.statements(), per_page=12)
    return render_template(
        "funding/statements/list_statements.html",
        page=page,
        progress=queries.progress_of(one.id for one in page.items),
        open_lines=queries.count_open(),
        words=WORDS,
    )


@bp.route("/bring", methods=["GET", "POST"])
@requires(Permission.BOOK_POST)
def bring_statement() -> ResponseReturnValue:
    form = bring_form()
    if form.validate_on_submit():
        content = form.file.data.read(rules.LARGEST_FILE + 1)
        try:
            return _bring(form, content)
        except NotReadable as refused:
            form.file.errors = [*form.file.errors, refused.told.said(_)]
        except CannotBring as refused:
            _refuse(form, refused)
    return render_form("funding/statements/bring_statement.html", form)


def _bring(form: BringForm, content: bytes) -> ResponseReturnValue:
    """Bring it, or ask what its columns hold where nobody knows them. Raises `NotReadable` and `CannotBring`."""
    kind, columns = form.kind.data, None
    if kind == OWN_COLUMNS:
        return _ask_for_columns(form, content)
    if kind and kind not in FORMATS:
        kind, columns = "csv", queries.get_mapping(uuid.UUID(kind)).columns
    try:
        statements = commands.read(content, format_name=kind or None, columns=columns)
    except NotKnown:
        return _ask_for_columns(form, content)
    brought = commands.bring_statements(
        content,
        statements,
        place=form.place.data,
        account=_account(form),
        by=current_user.id,
        now=clock.now(),
    )
    return _tell(brought)


def _account(form: BringForm) -> Any:
    return form.chosen_account() if "account" in form else None


def _ask_for_columns(form: BringForm, content: bytes) -> ResponseReturnValue:
    """On to the page where the columns are named, if the file has any. Raises `NotReadable`."""
    if len(content) > rules.LARGEST_FILE:
        raise CannotBring(rules.Refusal.TOO_LARGE)
    mapped.sample(letters.read(content))
    upload = commands.keep_upload(
        content, place=form.place.data, account=_account(form), by=current_user.id, now=clock.now()
    )
    return redirect(url_for(".map_columns", upload_id=upload.id), 303)


def _tell(brought: Brought) -> ResponseReturnValue:
    """What came of it, on the statement's own page; of several, on the page that lists them."""
    new = ngettext("%(num)d line is new.", "%(num)d lines are new.", brought.new)
    known = ngettext(
        "%(num)d line was known already and stays as it is.",
        "%(num)d lines were known already and stay as they are.",
        brought.known,
    )
    flash(_("%(new)s %(known)s", new=new, known=known))
    if len(brought.statements) == 1:
        return redirect(url_for(".show_statement", statement_id=brought.statements[0].id), 303)
    return redirect(url_for(".list_statements"), 303)


def _refuse(form: Form, refused: CannotBring) -> None:
    field = FIELDS.get(refused.refusal)
    form.refuse(refused.refusal, REFUSALS, field if field in form else ("file" if "file" in form else None))


@bp.route("/files/<uuid:upload_id>/columns", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_upload)
def map_columns(upload: StatementUpload) -> ResponseReturnValue:
    """Say once what the columns of this CSV hold; it is remembered under a name."""
    content = upload.content.encode("latin-1")
    sample = mapped.sample(letters.read(content))
    form = columns_form(sample)
    if form.validate_on_submit():
        try:
            return _bring_mapped(form, upload, content, sample.columns(form.chosen()))
        except NotReadable as refused:
            form.form_errors = [*form.form_errors, refused.told.said(_)]
        except CannotBring as refused:
            _refuse(form, refused)
    return _page_of_columns(form, sample, upload)


def _page_of_columns(form: ColumnsForm, sample: Sample, upload: StatementUpload) -> ResponseReturnValue:
    return render_form("funding/statements/map_columns.html", form, sample=sample, upload=upload)


def _bring_mapped(
    form: ColumnsForm, upload: StatementUpload, content: bytes, columns: Mapping[str, list[str]]
) -> ResponseReturnValue:
    now = clock.now()
    statements = commands.read(content, format_name="csv", columns=columns)
    brought = commands.bring_statements(
        content, statements, place=upload.place, account=queries.find_account(upload.account_id), by=current_user.id, now=now
    )  # fmt: skip
    commands.keep_mapping(form.name.data, columns, by=current_user.id, now=now)
    commands.drop_upload(upload)
    return _tell(brought)


@bp.get("/<uuid:statement_id>")
@requires(Permission.BOOK_SECOND, of=queries.get_statement)
def show_statement(statement: Statement) -> ResponseReturnValue:
    return render_template(
        "funding/statements/show_statement.html",
        statement=statement,
        adding_up=queries.adding_up(statement),
        progress=queries.progress_of([statement.id])[statement.id],
        page=page_of(queries.lines_of(statement, is_booked=True)),
        notes=[note.said(_) for note in queries.notes_of(statement)],
        words=WORDS,
        currency=current_group().currency,
    )


@bp.get("/<uuid:statement_id>/aside")
@requires(Permission.BOOK_SECOND, of=queries.get_statement)
def list_unbooked(statement: Statement) -> ResponseReturnValue:
    """What is pending or failed: shown apart, because no money has moved."""
    return render_template(
        "funding/statements/list_unbooked.html",
        statement=statement,
        page=page_of(queries.lines_of(statement, is_booked=False)),
        words=WORDS,
        currency=current_group().currency,
    )


@bp.route("/<uuid:statement_id>/take-away", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_statement)
def take_away_statement(statement: Statement) -> ResponseReturnValue:
    form = TakeAwayForm()
    if form.validate_on_submit():
        try:
            commands.take_away_statement(statement, by=current_user.id, now=clock.now())
        except CannotBring as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("The statement is taken away. Nothing in the book has changed."))
            return redirect(url_for(".list_statements"), 303)
    return render_form("funding/statements/take_away_statement.html", form, statement=statement, words=WORDS)


@bp.get("/columns")
@requires(Permission.BOOK_POST)
def list_mappings() -> ResponseReturnValue:
    return render_template("funding/statements/list_mappings.html", page=page_of(queries.mapping_rows()))


@bp.post("/columns/<uuid:mapping_id>/forget")
@requires(Permission.BOOK_POST, of=queries.get_mapping)
def forget_mapping(mapping: StatementMapping) -> ResponseReturnValue:
    commands.forget_mapping(mapping, by=current_user.id, now=clock.now())
    flash(_("Forgotten. Statements that were read with it stay."))
    return redirect(url_for(".list_mappings"), 303)

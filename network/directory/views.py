"""The public finder: no account, no cookie, and nothing kept of what was looked for."""

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from network import clock
from network.access.guard import public
from network.accounts.commands import note_try
from network.accounts.sign_in import shortened_address
from network.directory import commands, queries, words
from network.directory.forms import AskForm, FindForm
from network.directory.models import Listing
from network.directory.registry import said_first, ways_on
from network.directory.schemas import FeedSchema
from network.tenancy import scope
from network.web.forms import render_form
from network.web.languages import current_language
from network.web.paging import page_of
from network.wording.commands import shown

bp = Blueprint("directory", __name__, url_prefix="/<language:language>")


@bp.app_context_processor
def _words() -> dict[str, object]:
    """A card's day and place in words, for the pages that show one."""
    return {"when_of": words.when, "where_of": words.where}


@bp.get("/groups")
@public("whoever looks for a group needs no account")
def find_groups(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language of the page
    form = FindForm(request.args, queries.languages_spoken())
    if not form.validate():
        return render_template("network/directory/find.html", form=form, page=None, online=[]), 422
    page = page_of(queries.listed_groups(form.search()))
    online = queries.listed_online(form.search()) if form.place.data and not page.total else []
    response = make_response(
        render_template("network/directory/find.html", form=form, page=page, online=online)
    )
    if request.args:
        response.headers["Cache-Control"] = "no-store"  # phones are shared
    return response


@bp.get("/groups.json")
@public("other sites may show the groups that chose to be listed")
def list_groups(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language of the words
    form = FindForm(request.args, queries.languages_spoken())
    if not form.validate():
        return jsonify({"errors": form.errors}), 422
    return jsonify(FeedSchema().dump(page_of(queries.listed_groups(form.search()))))


@bp.get("/groups/<string:slug>")
@public("a group that is listed shows its card to everybody")
def show_listing(language: str, slug: str) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language of the page
    listing = queries.get_listed(slug)
    return render_template("network/directory/show.html", ways=ways_on(listing), **about(listing))


def about(listing: Listing) -> dict[str, object]:
    """What a page needs to show a card."""
    text = queries.find_text(listing)
    return {
        "listing": listing,
        "said": shown(text) if text else None,
        "languages_spoken": [words.language_name(code) for code in listing.languages],
        "welcome": words.names(listing.welcome, words.WELCOME),
        "mode": words.MODES[listing.mode],
        "setting": words.SETTINGS[listing.setting] if listing.setting else None,
    }


@bp.route("/groups/<string:slug>/ask", methods=["GET", "POST"])
@public("a question to a group needs no account")
def ask(language: str, slug: str) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language of the page
    listing = queries.get_listed(slug)
    if not listing.takes_questions:
        return redirect(url_for(".show_listing", slug=slug))
    form = AskForm.under(said_first(listing))
    if form.validate_on_submit():
        if _is_too_much(listing, form):
            return render_template("network/directory/ask.html", form=form, listing=listing), 429
        if _was_taken(listing, form):
            flash(_("Your question is with the group. People answer in their own time, often within a week."))
            return redirect(url_for(".show_listing", slug=slug), 303)
    return render_form("network/directory/ask.html", form, listing=listing)


def _is_too_much(listing: Listing, form: AskForm) -> bool:
    """Counted by the shortened address: in a short time for all groups, and in a day for each."""
    place, now = shortened_address(), clock.now()
    if note_try(what=f"ask {place}", whence=place, now=now):
        form.form_errors.append(
            _("Many questions came from near you just now. Wait a minute and send it again.")
        )
        return True
    try:
        commands.count_message(
            listing.group_id, whence=place, today=clock.today(listing.group.time_zone, at=now)
        )
    except commands.NotTaken as refused:
        form.refuse(refused.refusal, words.REFUSALS)
        return True
    return False


def _was_taken(listing: Listing, form: AskForm) -> bool:
    """Keep the question where the group is, in a session of its own: this page belongs to nobody."""
    try:
        with scope.visiting(listing.group_id):
            commands.take_question(
                name=form.name.data or "", contact=form.contact.data, words=form.words.data,
                language=current_language().code, now=clock.now(), old_enough=form.ticked,
            )  # fmt: skip
    except commands.NotTaken as refused:
        form.refuse(refused.refusal, words.REFUSALS)
        return False
    return True

"""The group's card in the finder: see it as others do, change it, show it or take it down; and questions to the group."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from groups.listing.forms import FIELD_OF, ListingForm, as_typed
from groups.permissions import Permission
from groups.safeguarding.queries import asks_age_first
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.directory import commands, queries
from network.directory.models import Enquiry
from network.directory.views import about
from network.directory.words import REFUSALS, language_name
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.forms import render_form
from network.web.paging import page_of
from network.wording.commands import wording_in

bp = Blueprint("listing", __name__, url_prefix="/g/<uuid:group_id>/listing", template_folder="../templates")


@bp.get("")
@requires(Permission.LISTING_EDIT)
def show_listing() -> ResponseReturnValue:
    listing = queries.find_own()
    if listing is None:
        return render_template("groups/listing/none.html")
    return render_template("groups/listing/show.html", waiting=queries.count_enquiries(), **about(listing))


@bp.route("/edit", methods=["GET", "POST"])
@requires(Permission.LISTING_EDIT)
def edit_listing() -> ResponseReturnValue:
    listing, group = queries.find_own(), current_group()
    text = queries.find_text(listing) if listing else None
    words = wording_in(text, text.source_language).body if text else ""
    form = ListingForm(data=as_typed(listing, words, language=group.language, locality=group.locality))
    if form.validate_on_submit():
        try:
            commands.keep_card(group, form.card(), by=current_user.id, now=clock.now())
        except commands.NotShown as refused:
            form.refuse(refused.refusal, REFUSALS, field=FIELD_OF[refused.refusal])
        else:
            flash(_("The card is saved."))
            return redirect(url_for(".show_listing"), 303)
    return render_form("groups/listing/edit.html", form)


@bp.post("/publish")
@requires(Permission.LISTING_EDIT)
def publish_listing() -> ResponseReturnValue:
    commands.publish(queries.get_own(), by=current_user.id, now=clock.now())
    flash(_("Everybody can find the group now."))
    return redirect(url_for(".show_listing"), 303)


@bp.post("/take-down")
@requires(Permission.LISTING_EDIT)
def take_down_listing() -> ResponseReturnValue:
    commands.take_down(queries.get_own(), by=current_user.id, now=clock.now())
    flash(_("The card is taken down. What you wrote is kept."))
    return redirect(url_for(".show_listing"), 303)


@bp.get("/questions")
@requires(Permission.ENQUIRY_ANSWER)
def list_questions() -> ResponseReturnValue:
    page = page_of(queries.enquiries())
    spoken = {enquiry.language: language_name(enquiry.language) for enquiry in page.items}
    return render_template(
        "groups/listing/questions.html", page=page, spoken=spoken, asks_age_first=asks_age_first()
    )


@bp.post("/questions/<uuid:enquiry_id>/erase")
@requires(Permission.ENQUIRY_ANSWER, of=queries.get_enquiry)
def erase_question(enquiry: Enquiry) -> ResponseReturnValue:
    commands.erase_enquiry(enquiry, by=current_user.id, now=clock.now())
    flash(_("The question is erased."))
    return redirect(url_for(".list_questions"), 303)


def todos(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:  # noqa: ARG001 - every registered part takes the same
    """A question that waits, and a group nobody can find yet."""
    if not table.is_granted(Permission.ENQUIRY_ANSWER, actor):
        return
    if waiting := queries.count_enquiries():
        title = ngettext("Somebody asks about the group", "%(num)d people ask about the group", waiting)
        yield Todo(
            title,
            _("They are waiting to hear whether they can come."),
            url_for("listing.list_questions"),
            order=15,
        )
    listing = queries.find_own()
    if listing is None or not listing.is_listed:
        yield Todo(
            _("Help people find the group"),
            _("It is not in the finder yet."),
            url_for("listing.show_listing"),
            order=90,
        )

"""The library inside a group or an office, and for visitors."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from facilitators.permissions import Permission
from facilitators.resources import commands, queries
from facilitators.resources.forms import (
    AUDIENCES,
    BESIDE,
    KINDS,
    LICENCES,
    REFUSALS,
    PublishForm,
    ResourceForm,
    WriteResourceForm,
)
from facilitators.resources.models import Resource
from network import clock
from network.access.guard import can, current_group, public, requires
from network.tenancy import scope
from network.web.forms import clean_text, render_form
from network.web.languages import PSEUDO, current_language
from network.web.paging import page_of
from network.web.place_pages import PlacePages
from network.wording import commands as wording
from translations.permissions import Permission as TranslationPermission

bp = PlacePages("library", __name__, under="/library", template_folder="../templates")
public_bp = Blueprint("public_library", __name__, template_folder="../templates")

WORDS = {"kinds": KINDS, "licences": LICENCES, "audiences": AUDIENCES}


@bp.get("/")
@requires(Permission.LIBRARY_READ)
def list_resources() -> ResponseReturnValue:
    return _list("facilitators/resources/list.html", approved_only=_approved_only())


@bp.get("/own")
@requires(Permission.LIBRARY_READ)
def list_own_resources() -> ResponseReturnValue:
    page = page_of(queries.own_resources())
    rows = [(resource, wording.shown(resource.text)) for resource in page.items]
    return render_template("facilitators/resources/own.html", page=page, rows=rows, **WORDS)


@bp.get("/<uuid:resource_id>")
@requires(Permission.LIBRARY_READ, of=queries.get_resource)
def show_resource(resource: Resource) -> ResponseReturnValue:
    return render_template(
        "facilitators/resources/show.html",
        resource=resource,
        shown=wording.shown(resource.text, approved_only=_approved_only()),
        is_own=resource.group_id == scope.group_id(),
        own_use=queries.find_own_use(resource.id),
        translate_url=_translate_url(resource),
        **_about(resource),
    )


@bp.route("/write", methods=["GET", "POST"])
@requires(Permission.LIBRARY_WRITE)
def write_resource() -> ResponseReturnValue:
    form = WriteResourceForm(language=current_language().code)
    if form.validate_on_submit():
        try:
            resource = commands.write_resource(
                _content(form),
                language=form.language.data,
                made_by=form.made_by.data or "",
                by=current_user.id,
                now=clock.now(),
            )
        except commands.CannotKeep as refused:
            form.refuse(refused.refusal, REFUSALS, field=BESIDE.get(refused.refusal))
        else:
            flash(_("The draft is kept. Only your group sees it."))
            return redirect(url_for(".show_resource", resource_id=resource.id), 303)
    return render_form("facilitators/resources/write.html", form)


@bp.route("/<uuid:resource_id>/edit", methods=["GET", "POST"])
@requires(Permission.LIBRARY_WRITE, of=queries.get_own_resource)
def edit_resource(resource: Resource) -> ResponseReturnValue:
    original = wording.wording_in(resource.text, resource.text.source_language)
    form = ResourceForm(obj=resource, title=original.title, body=original.body)
    if form.validate_on_submit():
        try:
            commands.change_resource(resource, _content(form), by=current_user.id, now=clock.now())
        except commands.CannotKeep as refused:
            form.refuse(refused.refusal, REFUSALS, field=BESIDE.get(refused.refusal))
        else:
            flash(_("The change is kept."))
            return redirect(url_for(".show_resource", resource_id=resource.id), 303)
    return render_form("facilitators/resources/edit.html", form, resource=resource)


@bp.route("/<uuid:resource_id>/publish", methods=["GET", "POST"])
@requires(Permission.LIBRARY_WRITE, of=queries.get_own_resource)
def publish_resource(resource: Resource) -> ResponseReturnValue:
    form = PublishForm()
    if form.validate_on_submit():
        try:
            commands.publish_resource(resource, by=current_user.id, now=clock.now())
        except commands.CannotKeep as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Everybody can read it now, and translators can begin."))
            return redirect(url_for(".show_resource", resource_id=resource.id), 303)
    shown = wording.shown(resource.text, wanted=[resource.text.source_language])
    return render_form("facilitators/resources/publish.html", form, resource=resource, shown=shown, **WORDS)


@bp.post("/<uuid:resource_id>/used")
@requires(Permission.LIBRARY_USE, of=queries.get_resource)
def use_resource(resource: Resource) -> ResponseReturnValue:
    now = clock.now()
    today = clock.today(current_group().time_zone, at=now)
    commands.use_resource(resource, by=current_user.id, today=today, now=now)
    flash(_("Noted. Others see how many groups used it."))
    return redirect(url_for(".show_resource", resource_id=resource.id), 303)


@public_bp.get("/<language:language>/library/")
@public("what groups opened to all is for everybody")
def list_for_visitors(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language
    return _list("facilitators/resources/public_list.html", approved_only=False)


@public_bp.get("/<language:language>/library/<uuid:resource_id>")
@public("what groups opened to all is for everybody")
def show_to_visitors(language: str, resource_id: Any) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language
    resource = queries.get_resource(resource_id)
    shown = wording.shown(resource.text)
    return render_template(
        "facilitators/resources/public_show.html", resource=resource, shown=shown, **_about(resource)
    )


def _list(template: str, *, approved_only: bool) -> ResponseReturnValue:
    words = (clean_text(request.args.get("q", "")) or "").replace("\x00", "")[:120]
    kind = request.args.get("kind", "") if request.args.get("kind") in set(KINDS) else ""
    page = page_of(queries.library(language=current_language().code, words=words, kind=kind))
    rows = [(one, wording.shown(one.text, approved_only=approved_only)) for one in page.items]
    uses = queries.count_uses(one.id for one in page.items)
    return render_template(template, page=page, rows=rows, uses=uses, words=words, kind=kind, **WORDS)


def _about(resource: Resource) -> dict[str, Any]:
    original = wording.wording_in(resource.text, resource.text.source_language)
    translated = [one for one in resource.text.wordings if one.language != resource.text.source_language]
    return {
        **WORDS,
        "made_by": original.made_by,
        "translators": [one for one in translated if one.made_by],
        "uses": queries.count_uses([resource.id]).get(resource.id, 0),
    }


def _content(form: ResourceForm) -> commands.Content:
    return commands.Content(
        title=form.title.data,
        body=form.body.data,
        kind=form.kind.data,
        licence=form.licence.data,
        audience=form.audience.data,
        link=form.link.data or "",
    )


def _translate_url(resource: Resource) -> str | None:
    """Where somebody who may translate does it, into the language they are reading in."""
    into = current_language().code
    is_foreign = into not in {resource.text.source_language, PSEUDO}
    if not (is_foreign and can(TranslationPermission.TRANSLATION_WRITE)):
        return None
    return url_for("translations.translate", text_id=resource.text_id, into=into)


def _approved_only() -> bool:
    return queries.shows_approved_only(scope.group_id())

"""What one brought, was told of or hears, guarded by one's account alone: nobody cuts somebody off by letting them go."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.disputes import commands, queries, rules
from groups.disputes.forms import FOR_THEM, KINDS, NOBODY, ONLY_ONE, STATES, AnswerForm
from groups.disputes.models import Matter, MatterText, TextKind
from groups.disputes.views import parts_of, to_door, tried, written
from network import clock
from network.access.guard import requires
from network.accounts.queries import places_of
from network.key_pairs import door
from network.key_pairs.forms import DoorForm
from network.permissions import Permission
from network.tenancy.models import GroupKind
from network.tenancy.queries import get_group
from network.web import help_contacts
from network.web.forms import Form, render_form
from network.web.languages import current_language
from network.web.pages import local_path
from network.web.paging import page_of

bp = Blueprint("own_matters", __name__, url_prefix="/me/matters", template_folder="../templates")


@bp.context_processor
def whom_to_call() -> dict[str, Any]:
    """The numbers of the country one's group is in; by language only for whoever is in none."""
    country, groups = help_contacts.country_for(None, current_language().code), _own_groups()
    if groups:
        country = help_contacts.country_of_zone(groups[0].time_zone) or ""
    more = url_for("network.help_now", language=current_language().code, country=country)
    return {"contacts": help_contacts.contacts_of(country), "help_now_url": more}


def _own_groups() -> list[Any]:
    if not current_user.is_authenticated:
        return []
    found = [get_group(one) for one in places_of(current_user.id, now=clock.now())]
    return [one for one in found if one.kind == GroupKind.GROUP]


@bp.get("")
@requires(Permission.OWN_PAGE)
def list_matters() -> ResponseReturnValue:
    """Behind the door: whoever holds a phone that is signed in does not learn whether there is anything."""
    if door.opened_for(current_user.id) is None:
        return to_door()
    told = queries.told_to(current_user.id)
    return render_template(
        "groups/own_matters/list.html", page=page_of(queries.matters()), told=told, states=STATES
    )


@bp.route("/door", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def open_door() -> ResponseReturnValue:
    """One's own password, once more: without it nothing here can be read, by anybody. The only door, whichever page it is asked from."""
    form, wanted = DoorForm(), request.args.get("next")
    there = local_path(wanted) if wanted else url_for(".list_matters")
    if form.validate_on_submit() and door.try_password(form, current_user.id):
        return redirect(there, 303)
    group, _matters, _rest = there.partition("/matters")
    back = f"{group}/matters" if group.startswith("/g/") else url_for("mine.show_me")
    return render_form("groups/own_matters/door.html", form.without_question(), back=back)


@bp.post("/shut")
@requires(Permission.OWN_PAGE)
def shut_door() -> ResponseReturnValue:
    door.shut()
    flash(_("It is closed again. Your password opens it."))
    return redirect(url_for("mine.show_me"), 303)


@bp.get("/<uuid:matter_id>")
@requires(Permission.OWN_PAGE, of=queries.get_matter)
def show_matter(matter: Matter) -> ResponseReturnValue:
    """What one brought. Whoever hears it works on it in a group of theirs; from here they only read, and step aside."""
    private, is_own = door.opened_for(current_user.id), matter.brought_by_id == current_user.id
    if not is_own and (groups := _own_groups()):
        there = next((one for one in groups if one.id == matter.group_id), groups[0])
        return redirect(url_for("matters.show_matter", group_id=there.id, matter_id=matter.id), 303)
    if private is None:
        return to_door()
    texts = queries.texts_of(matter.id)
    return render_template(
        "groups/own_matters/show.html", matter=matter, state=STATES[matter.state], is_own=is_own, is_open=matter.state in rules.OPEN,
        parts=parts_of(texts, queries.opened(texts, current_user.id, private)), kinds=KINDS, unheard=_unheard(matter) if is_own else None,
        hearing=sorted(queries.names_of(queries.hearing(matter)).values()) if is_own else [],
    )  # fmt: skip


def _unheard(matter: Matter) -> Any:
    """What whoever brought a matter has to know about who is left to hear it."""
    hearing = len(queries.hearing(matter))
    if matter.state not in rules.OPEN or hearing >= rules.TWO:
        return None
    return ONLY_ONE if hearing else NOBODY


@bp.route("/<uuid:matter_id>/take-back", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE, of=queries.get_matter)
def take_back(matter: Matter) -> ResponseReturnValue:
    """Behind the door too: whoever holds a phone that is signed in destroys nothing."""
    if matter.brought_by_id != current_user.id:
        abort(403)
    if door.opened_for(current_user.id) is None:
        return to_door()
    form = Form()
    if form.validate_on_submit() and tried(form, lambda: commands.take_back(matter, by=current_user.id)):
        flash(_("It is taken back, and everything about it is destroyed."))
        return redirect(url_for(".list_matters"), 303)
    return render_form("groups/own_matters/take_back.html", form, matter=matter)


@bp.route("/<uuid:matter_id>/step-aside", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE, of=queries.get_matter)
def step_aside(matter: Matter) -> ResponseReturnValue:
    """Also for one of the panel who is in no group any more."""
    if current_user.id not in matter.sitting:
        abort(403)
    form = Form()
    if form.validate_on_submit():
        commands.step_aside(matter)
        flash(_("You have no part in that matter any more, and it is not shown to you."))
        return redirect(url_for(".list_matters"), 303)
    is_last = matter.is_spoken and len(queries.hearing(matter)) == 1
    return render_form("groups/disputes/step_aside.html", form, is_last=is_last, matter=matter)


@bp.get("/told/<uuid:text_id>")
@requires(Permission.OWN_PAGE, of=queries.get_told)
def show_told(text: MatterText) -> ResponseReturnValue:
    """What a panel told whoever asks, and the outcome once there is one."""
    private = door.opened_for(current_user.id)
    if private is None:
        return to_door()
    texts = [one for one in queries.texts_of(text.matter_id) if one.kind != TextKind.WORDS]
    parts = parts_of(texts, queries.opened(texts, current_user.id, private))
    return render_template(
        "groups/own_matters/show_told.html",
        parts=parts,
        kinds=FOR_THEM,
        text=text,
        may_answer=queries.may_answer(text),
        destroyed_on=queries.destroyed_on(text),
    )


@bp.route("/told/<uuid:text_id>/answer", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE, of=queries.get_told)
def answer(text: MatterText) -> ResponseReturnValue:
    """Whoever was told answers in words, closed for those who hear it."""
    form = AnswerForm()
    return written(
        form, lambda: commands.answer(text, form.words.data, by=current_user.id, now=clock.now()), done=_("Those who hear it find it when they sign in."),
        template="groups/own_matters/answer.html", then=url_for(".show_told", text_id=text.id), text=text,
    )  # fmt: skip

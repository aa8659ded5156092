"""Matters: bringing one, hearing it among a few, telling whom it concerns, agreeing, looking again."""

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.disputes import commands, queries, rules
from groups.disputes.commands import CannotGoOn
from groups.disputes.forms import (
    ASKS,
    KINDS,
    ONLY_ONE,
    REFUSALS,
    STATES,
    BringForm,
    CarefulForm,
    NotesForm,
    OutcomeForm,
    ReviewForm,
    TellForm,
    WriteDownForm,
)
from groups.disputes.models import AskState, Matter, MatterState, MatterText, TextKind
from groups.disputes.rules import About, Written
from groups.membership.queries import find_own_member, present_members
from groups.permissions import Permission, Role
from network import clock
from network.access.actor import Actor
from network.access.guard import can, current_group, requires
from network.db import db
from network.home.registry import Todo
from network.key_pairs import door
from network.tenancy import scope
from network.tenancy.models import Group
from network.web import help_contacts
from network.web.forms import Form, render_form
from network.web.languages import current_language

bp = Blueprint("matters", __name__, url_prefix="/g/<uuid:group_id>/matters", template_folder="../templates")
NEWS_FOR = timedelta(days=14)
"""So long somebody who was told finds that among what needs doing."""


@bp.context_processor
def whom_to_call() -> dict[str, Any]:
    """On every page: whom to call in an emergency, before anything else."""
    place = current_group() if g.get("is_let_in") else None  # before that, nothing is looked up
    country = help_contacts.country_for(None, current_language().code)
    if place:  # a country whose numbers nobody has said is not taken for another
        country = help_contacts.country_of_zone(place.time_zone) or ""
    return {"contacts": help_contacts.contacts_of(country)}


def _key() -> bytes | None:
    return door.opened_for(current_user.id)


def to_door() -> ResponseReturnValue:
    """To one's own password, and then back here."""
    back = request.path if request.method == "GET" else request.path.rpartition("/")[0]
    return redirect(url_for("own_matters.open_door", next=back), 303)


def _place(matter: Matter) -> str:
    return url_for("matters.show_matter", matter_id=matter.id)


def to_matter(matter: Matter) -> ResponseReturnValue:
    return redirect(_place(matter), 303)


def tried(form: Form, act: Callable[[], Any], field: str | None = None) -> bool:
    """Whether it could be done; where not, the form says why."""
    try:
        act()
    except CannotGoOn as refused:
        form.refuse(refused.refusal, REFUSALS, field=field)
        return False
    return True


@bp.get("")
@requires(Permission.MATTERS_USE)
def list_matters() -> ResponseReturnValue:
    """What a matter is, and the way to one's own, which is behind the door: whoever holds the phone learns nothing."""
    is_committee = can(Permission.MATTERS_COMMITTEE)
    return render_template(
        "groups/disputes/list.html",
        asks=queries.asks_waiting(current_user.id) if is_committee else [],
        offer=queries.find_offer() if is_committee else None,
    )


@bp.route("/bring", methods=["GET", "POST"])
@requires(Permission.MATTERS_USE)
def bring_matter() -> ResponseReturnValue:
    members = [one for one in db.session.scalars(present_members()) if one.account_id != current_user.id]
    form = BringForm.bringing(members, queries.groups_that_hear(current_group().id))
    if form.validate_on_submit():
        about = tuple(
            About(one.nickname, one.id, one.account_id) for one in members if str(one.id) in form.chosen()
        )
        written = Written(form.words.data, about, form.others.data or "")
        if tried(
            form, lambda: commands.bring_matter(written, by=current_user.id, now=clock.now(), to=form.to())
        ):
            flash(_("It is closed and with those who hear it. Nobody else can read it."))
            if len(next(db.session.scalars(queries.matters())).panel) < rules.TWO:
                flash(str(ONLY_ONE))
            return redirect(url_for(".list_matters"), 303)
    return render_form("groups/disputes/bring.html", form, has_key=commands.has_key(current_user.id))


@bp.route("/write-down", methods=["GET", "POST"])
@requires(Permission.MATTERS_COMMITTEE)
def write_down() -> ResponseReturnValue:
    """What a member without a sign-in tells one of the committee, who reads it out to them again."""
    members = [one for one in db.session.scalars(present_members()) if one.account_id != current_user.id]
    tellers = {str(one.id): one for one in members if not one.has_sign_in}
    form = WriteDownForm.writing(tellers.values(), members)
    if form.validate_on_submit():
        about = tuple(
            About(one.nickname, one.id, one.account_id) for one in members if str(one.id) in form.chosen()
        )
        teller = tellers[form.told_by.data]
        told = Written(form.words.data, about, form.others.data or "", About(teller.nickname, teller.id))
        if tried(form, lambda: commands.write_down(told, by=current_user.id, now=clock.now()), "told_by"):
            flash(_("It is closed and with those who hear it. Tell whoever told you who they are."))
            return redirect(url_for(".list_matters"), 303)
    return render_form("groups/disputes/write_down.html", form, has_key=commands.has_key(current_user.id))


@bp.get("/<uuid:matter_id>")
@requires(Permission.MATTER_SEE, of=queries.get_matter)
def show_matter(matter: Matter) -> ResponseReturnValue:
    if current_user.id == matter.brought_by_id:
        return redirect(url_for("own_matters.show_matter", matter_id=matter.id), 303)
    private = _key()
    if private is None:
        return to_door()
    texts = queries.texts_of(matter.id)
    said = queries.opened(texts, current_user.id, private)
    return _show_panel(matter, texts, said)


def parts_of(texts: Iterable[MatterText], said: dict[uuid.UUID, str]) -> list[dict[str, Any]]:
    """Texts as a page shows them: what could be opened, taken apart."""
    parts = []
    for text in texts:
        words, kind = said.get(text.id), text.kind
        opened: Any = words
        if words is not None and kind == TextKind.WORDS:
            opened = queries.written_in(words)
        elif words is not None and kind == TextKind.OUTCOME:
            opened = queries.outcome_in(words)
        parts.append({"text": text, "kind": kind, "opened": opened})
    return parts


def _show_panel(matter: Matter, texts: list[MatterText], said: dict[uuid.UUID, str]) -> ResponseReturnValue:
    outcomes = [text for text in texts if text.kind == TextKind.OUTCOME]
    answers = queries.answers_to(matter.id, outcomes[-1].id) if outcomes else set()
    asks, has = queries.asks_of(matter.id), queries.texts_by_reader(matter.id)
    today = clock.today(current_group().time_zone)
    told, sitting = queries.told_in(matter.id), queries.hearing(matter)
    reviews = [text for text in texts if text.kind == TextKind.REVIEW]
    over = queries.answers_to(matter.id, reviews[-1].id) if reviews else set()
    goes = (
        queries.answers_to(matter.id, texts[0].id)
        if matter.is_spoken and matter.state in rules.OPEN
        else None
    )
    return render_template(
        "groups/disputes/show_panel.html", matter=matter, state=STATES[matter.state], parts=parts_of(texts, said), kinds=KINDS,
        names=queries.names_of([*matter.panel, *told, matter.brought_by_id, *(ask.answered_by_id for ask in asks)]),
        can_read_all=len(said) == len(texts),
        sitting=sitting,
        left_out=[one for one in sitting if len(has.get(one, ())) < len(texts)],
        lost_theirs=[one for one in (matter.brought_by_id, *sorted(told)) if one and not has.get(one)],
        are_too_few=len(sitting) < rules.TWO,
        latest=outcomes[-1].id if outcomes else None,
        may_agree=matter.state == MatterState.HEARD and bool(outcomes) and current_user.id not in answers,
        may_propose=matter.state == MatterState.HEARD,
        may_review=rules.why_not_review(MatterState(matter.state), review_on=matter.review_on, today=today) is None,
        is_closed=matter.state == MatterState.CLOSED,
        may_tell=matter.state != MatterState.BROUGHT,
        goes=goes, has_said=goes is not None and current_user.id in goes,
        to_close=reviews[-1].id if over and current_user.id not in over else None, waits_to_close=current_user.id in over,
        asks=asks, ask_words=ASKS, groups=queries.group_names(ask.asked_group_id for ask in asks), accepted=AskState.ACCEPTED,
    )  # fmt: skip


@bp.route("/<uuid:matter_id>/notes", methods=["GET", "POST"])
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def note_down(matter: Matter) -> ResponseReturnValue:
    form = NotesForm()
    return written(
        form, lambda: commands.note_down(matter, form.words.data, by=current_user.id, now=clock.now()),
        done=_("It is kept, for the panel alone."), template="groups/disputes/notes.html", then=_place(matter), matter=matter,
    )  # fmt: skip


@bp.route("/<uuid:matter_id>/tell", methods=["GET", "POST"])
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def tell(matter: Matter) -> ResponseReturnValue:
    """The panel tells somebody it concerns, with care."""
    form = TellForm.telling(_people_to_tell(matter, _key()))
    return written(
        form,
        lambda: commands.tell(
            matter, uuid.UUID(form.who.data), form.words.data, by=current_user.id, now=clock.now()
        ),
        done=_("They find it when they sign in. Nothing was sent that says what it is."),
        template="groups/disputes/tell.html", then=_place(matter), field="who", matter=matter,
    )  # fmt: skip


def written(
    form: CarefulForm, act: Callable[[], Any], *, done: str, template: str, then: str, field: str | None = None, **shown: Any
) -> ResponseReturnValue:  # fmt: skip
    """A page on which something is written, kept while the door is open; what is sent to a shut door stays in the form, which says so."""
    if _key() is None:
        if request.method == "GET":
            return to_door()
        form.validate()
        form.say_shut()
    elif form.validate_on_submit() and tried(form, act, field):
        flash(done)
        return redirect(then, 303)
    return render_form(template, form, **shown)


def _people_to_tell(matter: Matter, private: bytes | None) -> dict[uuid.UUID, str]:
    """Whom it is about, as it was written; and whoever else signs in here and has no part in it."""
    words = [text for text in queries.texts_of(matter.id) if text.kind == TextKind.WORDS]
    said = queries.opened(words, current_user.id, private) if private else {}
    about = [one for text in said.values() for one in queries.written_in(text).about]
    named = {one.account_id: one.name for one in about if one.account_id}
    # Members of the group that hears it are nobody's business of a matter that came from elsewhere.
    is_from_here = matter.is_spoken or find_own_member(matter.brought_by_id) is not None
    is_ours = matter.group_id == scope.group_id() and is_from_here
    others = {one.account_id: one.nickname for one in db.session.scalars(present_members()) if one.account_id}
    others = others if is_ours else {}
    apart = {*matter.panel, matter.brought_by_id}
    return {one: name for one, name in {**others, **named}.items() if one not in apart}


@bp.route("/<uuid:matter_id>/outcome", methods=["GET", "POST"])
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def propose_outcome(matter: Matter) -> ResponseReturnValue:
    form = OutcomeForm()
    return written(
        form,
        lambda: commands.propose_outcome(
            matter, form.words.data, review_on=form.review_on.data, by=current_user.id, now=clock.now()
        ),
        done=_("It is written. It counts once another of the panel agrees."),
        template="groups/disputes/outcome.html", then=_place(matter), field="review_on", matter=matter,
    )  # fmt: skip


@bp.post("/<uuid:matter_id>/agree")
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def agree_outcome(matter: Matter) -> ResponseReturnValue:
    return with_key(
        matter,
        lambda private: commands.agree_outcome(
            matter, _text_read(matter), private=private, by=current_user.id, now=clock.now()
        ),
        _("The outcome is agreed. Whoever brought it can read it now, and everybody you told before."),
    )


def _text_read(matter: Matter) -> uuid.UUID | None:
    """The text that stood on the page somebody agrees from."""
    asked = request.form.get("text")
    return next((one.id for one in queries.texts_of(matter.id) if str(one.id) == asked), None)


def with_key(matter: Matter, act: Callable[[bytes], Any], done: str) -> ResponseReturnValue:
    """Do what takes an open door, and say on the matter's page how it went."""
    private, back = _key(), to_matter(matter)
    if private is None:
        return to_door()
    try:
        act(private)
    except CannotGoOn as refused:
        db.session.rollback()
        flash(str(REFUSALS[refused.refusal]))
    else:
        flash(done)
    return back


@bp.route("/<uuid:matter_id>/review", methods=["GET", "POST"])
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def review(matter: Matter) -> ResponseReturnValue:
    form = ReviewForm()
    return written(
        form,
        lambda: commands.review(
            matter, form.words.data, again_on=form.again_on.data, by=current_user.id, now=clock.now()
        ),
        done=_("It is kept."),
        template="groups/disputes/review.html", then=_place(matter), field="again_on", matter=matter,
    )  # fmt: skip


@bp.post("/<uuid:matter_id>/close")
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def close(matter: Matter) -> ResponseReturnValue:
    """A second one agrees that it is over."""
    return with_key(
        matter,
        lambda private: commands.close(
            matter, _text_read(matter), private=private, by=current_user.id, now=clock.now()
        ),
        _("It is closed. Everything about it is destroyed in ninety days."),
    )


@bp.post("/<uuid:matter_id>/let-in")
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def let_in_again(matter: Matter) -> ResponseReturnValue:
    """Close it anew for somebody who lost their password."""
    concerned = {*queries.hearing(matter), matter.brought_by_id, *queries.told_in(matter.id)} - {None}
    who = next((one for one in concerned if str(one) == request.form.get("who")), None) or abort(400)
    return with_key(
        matter,
        lambda private: commands.let_in_again(matter, who, private=private, by=current_user.id),
        _("With their password of today they can read it again."),
    )


@bp.post("/<uuid:matter_id>/taken-back")
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def take_back_for_teller(matter: Matter) -> ResponseReturnValue:
    """Whoever told it, and does not sign in, takes it back: two of the panel say so."""
    gone: list[bool] = []

    def go(private: bytes) -> None:
        gone.append(
            commands.take_back_for_teller(matter, private=private, by=current_user.id, now=clock.now())
        )

    answer = with_key(matter, go, _("It is noted that they take it back."))
    return redirect(url_for("own_matters.list_matters"), 303) if any(gone) else answer


@bp.route("/<uuid:matter_id>/step-aside", methods=["GET", "POST"])
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def step_aside(matter: Matter) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        commands.step_aside(matter)
        flash(_("You have no part in that matter any more, and it is not shown to you."))
        return redirect(url_for(".list_matters"), 303)
    return render_form(
        "groups/disputes/step_aside.html", form, is_last=matter.is_spoken and len(queries.hearing(matter)) == 1, matter=matter
    )  # fmt: skip


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:
    """Neutral words: whoever looks over a shoulder learns nothing."""
    today = clock.today(group.time_zone, at=now)
    waiting = [*queries.own_and_unheard(actor.account_id), *queries.waiting_for(actor.account_id, today)]
    places = [url_for("matters.show_matter", matter_id=matter.id) for matter in waiting]
    news = queries.news_for(actor.account_id, since=now - NEWS_FOR)
    told = {text.matter_id: text.id for text in queries.told_to(actor.account_id)} if news else {}
    places.extend(
        url_for("own_matters.show_told", text_id=told[matter_id])
        if matter_id in told
        else url_for("matters.show_matter", matter_id=matter_id)
        for matter_id in dict.fromkeys(text.matter_id for text in news)
    )
    if actor.holds(Role.DISPUTES):
        places.extend(
            url_for("hearings.answer_ask", ask_id=ask.id) for ask in queries.asks_waiting(actor.account_id)
        )
    for place in places:
        yield Todo(
            title=_("Something waits for you"),
            why=_("Open it where nobody looks over your shoulder."),
            href=place,
            soon=True,
            order=12,
        )

"""What waits to be translated, side by side, and what was offered; the same pages in groups and in offices."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from network import clock
from network.access.guard import can, current_group, requires
from network.tenancy import scope
from network.web.forms import render_form
from network.web.languages import current_language, known, named
from network.web.paging import page_of
from network.web.place_pages import PlacePages
from network.wording import commands as wording
from network.wording import registry
from network.wording.models import Text, Wording
from network.wording.rules import paragraphs
from translations.content import commands, queries, rules
from translations.content.forms import REFUSALS, AnswerForm, ApproveForm, TranslateForm, translate_form
from translations.content.models import TranslationOffer
from translations.permissions import Permission
from translations.terminology import guide

bp = PlacePages("translations", __name__, under="/translations", template_folder="../templates")
"""Opened twice: inside groups and inside offices."""


@bp.get("/")
@requires(Permission.TRANSLATION_WRITE)
def list_waiting() -> ResponseReturnValue:
    mine = queries.languages_of(current_group(), current_user.language)
    asked = request.args.get("into", "")
    into = asked if asked in {one.code for one in queries.languages_into()} else _first_foreign(mine)
    page = page_of(queries.waiting(into))
    to_us, from_here = page_of(queries.offers_to_us()), page_of(queries.offers_from_here(), per_page=10)
    texts = {text.id: text for text in page.items}
    texts |= queries.texts_by_id(offer.text_id for offer in (*to_us.items, *from_here.items))
    return render_template(
        "translations/content/list.html",
        page=page,
        to_us=to_us.items,
        from_here=from_here.items,
        answers=queries.answers_to(from_here.items),
        drafts=page_of(queries.drafts(into), per_page=10).items if can(Permission.TRANSLATION_REVIEW) else [],
        texts=texts,
        owners=queries.owners_by_id({text.group_id for text in texts.values()}),
        into=named(into),
        choices=queries.languages_into(),
        purposes=registry.purposes(),
        named=named,
        in_language=_in_language,
    )


def _first_foreign(mine: list[str]) -> str:
    """Somebody whose only language is English is shown what waits for it; most are asked for another."""
    return next((code for code in mine if code in known() and code != "en"), current_language().code)


def _in_language(text: Text, code: str) -> Wording | None:
    return next((one for one in text.wordings if one.language == code), None)


@bp.route("/<uuid:text_id>/<language:into>", methods=["GET", "POST"])
@requires(
    Permission.TRANSLATION_WRITE, of=lambda text_id, into: (queries.get_translatable_text(text_id), into)
)
def translate(subject: tuple[Text, str]) -> ResponseReturnValue:
    text, into = subject
    original = wording.wording_in(text, text.source_language)
    before = queries.find_own_offer(text.id, into) or _in_language(text, into)
    made_from = wording.find_original(text, before.of_version) if before else None
    laid = rules.pairs(
        paragraphs(original.body),
        paragraphs(before.body) if before else [],
        made_from=paragraphs(made_from.body) if made_from else None,
    )
    made_by = before.made_by if before else ""
    form = translate_form(
        laid, title=before.title if before else "", made_by=made_by, of_version=text.source_version
    )
    if not original.title:
        del form.title
    if form.validate_on_submit() and (kept := _keep(form, text, into)):
        flash(_("Thank you. It is kept as a draft."))
        if isinstance(kept, TranslationOffer):
            return redirect(url_for(".show_offer", offer_id=kept.id), 303)
        return redirect(url_for(".list_waiting", into=into), 303)
    return render_form(
        "translations/content/translate.html",
        form,
        text=text,
        original=original,
        laid=laid,
        into=named(into),
        source=named(text.source_language),
        is_own=text.group_id == scope.group_id(),
        owner=queries.owners_by_id([text.group_id])[text.group_id],
        changes=_changes(made_from, original, before),
        made_from=made_from,
        terms=guide.terms_in(original.body, text.source_language, into),
        hints=guide.words_to_reconsider(
            form.body if form.is_submitted() and not form.errors else _words(before), into
        ),
    )


def _keep(form: TranslateForm, text: Text, into: str) -> Wording | TranslationOffer | None:
    if form.of_version.data != text.source_version:
        form.refuse(rules.Refusal.CHANGED_MEANWHILE, REFUSALS)
        return None
    words = commands.Words(
        title=form.title.data if "title" in form else "",
        body=form.body,
        of_version=text.source_version,
        made_by=form.made_by.data or "",
    )
    try:
        return commands.keep_translation(text, into, words, by=current_user.id, now=clock.now())
    except commands.CannotTranslate as refused:
        form.refuse(refused.refusal, REFUSALS)
        return None


def _words(before: Wording | TranslationOffer | None) -> str:
    return before.body if before else ""


def _changes(made_from: Any, original: Wording, before: Any) -> list[tuple[rules.Change, str]]:
    if before is None or made_from is None or made_from.body == original.body:
        return []
    return rules.changes(paragraphs(made_from.body), paragraphs(original.body))


@bp.get("/offers/<uuid:offer_id>")
@requires(Permission.TRANSLATION_WRITE, of=queries.get_offer)
def show_offer(offer: TranslationOffer) -> ResponseReturnValue:
    seen = rules.mark(offer.title, offer.body)
    return _offer_page(offer, ApproveForm(reviewed_by=current_user.shown_name, seen=seen))


@bp.post("/offers/<uuid:offer_id>/approve")
@requires(Permission.TRANSLATION_REVIEW, of=queries.get_offer_from_here)
def approve_offer(offer: TranslationOffer) -> ResponseReturnValue:
    form = ApproveForm()
    if form.validate_on_submit():
        try:
            commands.approve_offer(
                offer,
                seen=form.seen.data or "",
                by=current_user.id,
                reviewed_by=form.reviewed_by.data,
                now=clock.now(),
            )
        except commands.CannotTranslate as refused:
            form.refuse(refused.refusal, REFUSALS, field="reviewed_by")
            form.seen.data = rules.mark(offer.title, offer.body)
        else:
            flash(_("Approved in your name. Its owners are told on their first page."))
            return redirect(url_for(".show_offer", offer_id=offer.id), 303)
    return _offer_page(offer, form)


@bp.post("/offers/<uuid:offer_id>/take")
@requires(Permission.TRANSLATION_TAKE, of=queries.get_offer_to_us)
def take_offer(offer: TranslationOffer) -> ResponseReturnValue:
    form, text = AnswerForm(), queries.get_translatable_text(offer.text_id)
    if form.validate_on_submit():
        try:
            commands.take_over(offer, text, revision=form.number, by=current_user.id, now=clock.now())
        except commands.CannotTranslate as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("The translation stands beside your text now."))
            return redirect(url_for(".list_waiting"), 303)
    return _offer_page(offer, form)


@bp.post("/offers/<uuid:offer_id>/decline")
@requires(Permission.TRANSLATION_TAKE, of=queries.get_offer_to_us)
def decline_offer(offer: TranslationOffer) -> ResponseReturnValue:
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            commands.decline(offer, revision=form.number, by=current_user.id, now=clock.now())
        except commands.CannotTranslate as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("The translation was left aside."))
            return redirect(url_for(".list_waiting"), 303)
    return _offer_page(offer, form)


def _offer_page(offer: TranslationOffer, form: Any) -> ResponseReturnValue:
    text = queries.get_translatable_text(offer.text_id)
    original = wording.wording_in(text, text.source_language)
    made_from = wording.find_original(text, offer.of_version)
    return render_form(
        "translations/content/offer.html",
        form,
        offer=offer,
        text=text,
        original=original,
        laid=rules.pairs(
            paragraphs(original.body),
            paragraphs(offer.body),
            made_from=paragraphs(made_from.body) if made_from else None,
        ),
        into=named(offer.language),
        source=named(text.source_language),
        is_ours=offer.owner_group_id == scope.group_id(),
        is_own_work=offer.translator_id == current_user.id,
        owner=queries.owners_by_id([text.group_id])[text.group_id],
        answer=queries.answers_to([offer]).get(offer.id),
        hints=guide.words_to_reconsider(offer.body, offer.language),
    )


@bp.route("/<uuid:text_id>/<language:into>/approve", methods=["GET", "POST"])
@requires(Permission.TRANSLATION_REVIEW, of=queries.get_own_wording)
def approve_wording(kept: Wording) -> ResponseReturnValue:
    form = ApproveForm(reviewed_by=current_user.shown_name, seen=rules.mark(kept.title, kept.body))
    if form.validate_on_submit():
        try:
            commands.approve_wording(
                kept,
                seen=form.seen.data or "",
                by=current_user.id,
                reviewed_by=form.reviewed_by.data,
                now=clock.now(),
            )
        except commands.CannotTranslate as refused:
            form.refuse(refused.refusal, REFUSALS, field="reviewed_by")
            form.seen.data = rules.mark(kept.title, kept.body)
        else:
            flash(_("Approved in your name."))
            return redirect(url_for(".list_waiting", into=kept.language), 303)
    original = wording.wording_in(kept.text, kept.text.source_language)
    return render_form(
        "translations/content/approve.html",
        form,
        kept=kept,
        original=original,
        laid=rules.pairs(paragraphs(original.body), paragraphs(kept.body)),
        into=named(kept.language),
        source=named(original.language),
        hints=guide.words_to_reconsider(kept.body, kept.language),
    )

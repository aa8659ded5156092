"""Sending an application, writing to and fro, opening the group, taking everything back."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa

from network import audit
from network.accounts import commands as accounts
from network.accounts.models import LinkPurpose, RoleAssignment
from network.accounts.queries import find_link
from network.data_map import period
from network.db import db
from network.invitations import commands as invitations
from network.invitations.models import Invitation, InvitationKind
from network.onboarding.applications import emails, queries, rules
from network.onboarding.applications.models import Application, ApplicationState, Arrival, Passage, Question
from network.onboarding.journey import commands as journey
from network.onboarding.journey.queries import find_step
from network.onboarding.phrases.commands import lay_out_phrases
from network.onboarding.phrases.queries import offered
from network.onboarding.volunteers.commands import erase_requests
from network.tenancy import commands as tenancy
from network.tenancy import scope
from network.tenancy.models import Group, Network
from network.wording.models import Text

CHAIRPERSON = "chairperson"


class CannotChange(Exception):
    """It cannot be done with the application; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def send_application(
    *, language: str, reach: str, answers: Mapping[Question, str], now: datetime, today: date,
    called: str = "", place: str = "",
) -> tuple[Application, str]:  # fmt: skip
    """Keep an application with the office in scope; returns it with the token of the applicant's own link."""
    journey.lay_out_journey(now=now)
    lay_out_phrases(now=now)
    application = Application(
        id=uuid.uuid4(), language=language, reach=reach, called=called or None, place=place or None, sent_at=now, waits_since=now
    )  # fmt: skip
    token = accounts.give_link(LinkPurpose.APPLICATION, application.id, lasts=rules.LINK_LASTS, now=now)
    application.code = accounts.give_code(
        LinkPurpose.APPLICATION, application.id, lasts=rules.LINK_LASTS, now=now
    )
    db.session.add(application)
    db.session.flush()  # its passages refer to it
    for question, words in answers.items():
        if words:
            _write(application, question, words, language=language, now=now)
    if first := find_step("application"):
        journey.mark_step(application.id, first, done_on=today, today=today, note="", by=None, now=now)
    return application, token


def _write(
    application: Application, question: Question, words: str, *, language: str, now: datetime,
    arrival: Arrival = Arrival.OWN, by: uuid.UUID | None = None, phrase_id: uuid.UUID | None = None,
) -> None:  # fmt: skip
    db.session.add(
        Passage(
            application_id=application.id,
            question=question,
            body=words,
            language=language,
            arrival=arrival,
            phrase_id=phrase_id,
            written_at=now,
            written_by=by,
        )
    )
    db.session.flush()


def write_message(application: Application, words: str, *, language: str, now: datetime) -> None:
    """The applicant writes to the office and waits for a word from it."""
    _write(application, Question.MESSAGE, words, language=language, now=now)
    application.waits_since = application.waits_since or now
    db.session.flush()


def answer(
    application: Application, *, phrase: Text | None, words: str, language: str, approved_only: bool,
    by: uuid.UUID, now: datetime,
) -> None:  # fmt: skip
    """Answer with a phrase, which arrives in the applicant's language, with words of one's own, or with both.

    What arrives is kept as it was sent: a phrase that changes later changes nothing that was said. Raises
    `CannotChange`.
    """
    if refusal := rules.why_not_answer(has_phrase=phrase is not None, words=words, state=application.state):
        raise CannotChange(refusal)
    if phrase is not None:
        said = offered(phrase, wanted=application.language, approved_only=approved_only)
        _write(
            application, Question.REPLY, said.body, language=said.language.code, now=now, arrival=said.arrival, by=by,
            phrase_id=phrase.id,
        )  # fmt: skip
    if words:
        arrival = rules.arrival_of_own_words(language, read_in=application.language)
        _write(application, Question.REPLY, words, language=language, now=now, arrival=arrival, by=by)
    application.waits_since = None
    accompany(application)
    emails.answer_waits(application, now=now)
    audit.record("application.answered", application, by=by, now=now)
    db.session.flush()


def accompany(application: Application) -> None:
    """From now on somebody in the office walks along."""
    if application.state == ApplicationState.RECEIVED:
        application.state = ApplicationState.ACCOMPANIED
        db.session.flush()


def open_group_for(
    application: Application, *, network: Network, name: str, locality: str, language: str,
    is_invitation_shown: bool, by: uuid.UUID, now: datetime,
) -> Group:  # fmt: skip
    """Open the group and invite its first chairperson. Raises `CannotChange`.

    The group's own rows can only be written in the group's scope, so the group and the invitation are kept in
    transactions of their own. The group's identifier follows from the application's: should this one fail
    afterwards, the next try finds the same group instead of opening a second.
    """
    application = queries.hold_application(application.id)
    if refusal := rules.why_not_open(application.state):
        raise CannotChange(refusal)
    group_id = uuid.uuid5(application.id, "group")
    with scope.visiting():
        group = db.session.get(Group, group_id) or tenancy.open_group(
            group_id=group_id, name=name, network=db.session.get_one(Network, network.id), language=language,
            locality=locality, band=group_id.int % 8 + 1, now=now,
        )  # fmt: skip
    application.state, application.opened_group_id = ApplicationState.OPENED, group.id
    application.waits_since, application.is_invitation_shown = None, is_invitation_shown
    _invite(application, group, by=by, now=now)
    audit.record("application.opened", application, by=by, now=now)
    db.session.flush()
    return group


def invite_again(application: Application, *, by: uuid.UUID, now: datetime) -> None:
    """Make a new invitation for the first chairperson, in place of the earlier one. Raises `CannotChange`."""
    application = queries.hold_application(application.id)
    is_chair_in = is_somebody_in(application)
    if refusal := rules.why_not_invite_again(application.state, is_chair_in=is_chair_in):
        raise CannotChange(refusal)
    _invite(application, db.session.get_one(Group, application.opened_group_id), by=by, now=now)
    audit.record("application.invited_again", application, by=by, now=now)
    db.session.flush()


def is_somebody_in(application: Application) -> bool:
    """Whether anybody has ever come into the opened group, also where they asked to be forgotten since. Nothing else is asked."""
    if application.opened_group_id is None:
        return False
    with scope.visiting(application.opened_group_id):
        held = sa.exists().where(RoleAssignment.group_id == application.opened_group_id)
        came = sa.exists().where(Invitation.accepted_at.is_not(None))
        return bool(db.session.scalar(sa.select(sa.or_(held, came))))


def _invite(application: Application, group: Group, *, by: uuid.UUID, now: datetime) -> None:
    with scope.visiting(group.id, by):
        for earlier in db.session.scalars(
            sa.select(Invitation).where(Invitation.kind == InvitationKind.FIRST_CHAIRPERSON)
        ):
            invitations.withdraw_invitation(earlier, by=by, now=now)
        given = invitations.give_invitation(
            InvitationKind.FIRST_CHAIRPERSON, office=CHAIRPERSON, language=group.language, by=by, now=now
        )
    application.invitation_token, application.invitation_code = given


def take_back(application: Application, *, now: datetime) -> None:
    """The applicant takes everything back: every word is erased, every door closed. A group that is open stays open."""
    accounts.end_links(LinkPurpose.APPLICATION, application.id, now=now)
    erase_requests(application.id, now=now)
    journey.erase_notes(application.id)
    db.session.execute(sa.delete(Passage).where(Passage.application_id == application.id))
    application.reach = application.called = application.place = application.code = None
    application.invitation_token = application.invitation_code = None
    application.waits_since, application.erased_at, application.is_invitation_shown = None, now, False
    if application.state != ApplicationState.OPENED:
        application.state = ApplicationState.TAKEN_BACK
    db.session.flush()


def forget_unfollowed(*, now: datetime) -> None:
    """A year after the last word or step nobody follows it any more: it goes as if taken back. A spent invitation goes at once."""
    for application in queries.unfollowed_since(now - period("application")):
        take_back(application, now=now)
    for application in queries.with_invitations():
        if not find_link(application.invitation_token or "", LinkPurpose.INVITATION, now=now):
            application.invitation_token = application.invitation_code = None
    db.session.flush()

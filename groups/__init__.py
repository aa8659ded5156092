"""What a group does for itself: members, officers, elections, meetings, objectives."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from groups import (
    demo,
    demo_decisions,
    demo_listings,
    demo_matters,
    demo_meetings,
    demo_members,
    demo_notices,
    demo_referrals,
    demo_returns,
    demo_wishes,
    mine,
    permissions,
)
from groups.arrivals import views as arrivals
from groups.assets import views as assets
from groups.ballots import jobs as ballot_jobs
from groups.ballots import queries as boxes
from groups.ballots import views as ballots
from groups.challenges import jobs as challenge_jobs
from groups.challenges import views as challenges
from groups.constitution import commands as constitution
from groups.constitution import views as constitution_views
from groups.counts import views as counts
from groups.decisions import commands as decisions
from groups.decisions import views as decision_views
from groups.disputes import jobs as dispute_jobs
from groups.disputes import views as matters
from groups.duplicates import views as duplicates
from groups.elections import views as election_views
from groups.elections.cli import elections
from groups.elections.queries import Elsewhere, count_elsewhere
from groups.hearings import views as hearings
from groups.introducing import views as introducing
from groups.listing import views as listing
from groups.looks import jobs as look_jobs
from groups.meetings import queries as count
from groups.meetings import views as meetings
from groups.membership import jobs as membership_jobs
from groups.membership import views as members
from groups.namings import commands as naming_commands
from groups.namings import views as namings
from groups.newcomers import views as newcomers
from groups.notes import views as notes
from groups.notices import commands as notices
from groups.notices import jobs as notice_jobs
from groups.notices import schemas
from groups.notices import views as notice_views
from groups.objectives import queries as aims
from groups.objectives import views as objectives
from groups.officers import queries as terms
from groups.officers import views as offices
from groups.own_matters import views as own_matters
from groups.referrals import jobs as referral_jobs
from groups.referrals import views as referrals
from groups.registration import queries as certificates
from groups.registration import views as registration
from groups.reminders import commands as reminders
from groups.reminders import jobs as reminder_jobs
from groups.reminders.schemas import ReminderPayload
from groups.returns import jobs as return_jobs
from groups.returns import views as returns
from groups.safeguarding import views as safeguarding
from groups.tallies import jobs as tally_jobs
from groups.tallies import views as tallies
from groups.vacancies import views as vacancies
from groups.wishes import views as wishes
from network import figures
from network.access import table
from network.accounts.models import LinkPurpose
from network.directory import registry as directory
from network.home import meeting_day, registry
from network.outbox import commands as outbox
from network.outbox import periodic
from network.signing_in import links
from network.standing import registry as standing
from network.tenancy.models import GroupKind
from network.web import navigation
from network.web.navigation import Way


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""
    table.register(permissions.LINES)
    app.cli.add_command(elections)
    demo.init_app()
    mine.init_app()
    _open_members(app)
    _open_doors(app)
    _open_elections(app)
    _open_decisions(app)
    _open_matters(app)
    _open_notices(app)
    _open_meetings(app)
    _open_registration(app)


def _open_members(app: Flask) -> None:
    app.register_blueprint(members.bp)
    for blueprint in (newcomers.bp, duplicates.bp, safeguarding.bp, wishes.bp):
        app.register_blueprint(blueprint)
    registry.register(GroupKind.GROUP, glances=members.glances)
    periodic.register("forget_old_looks", timedelta(hours=24), look_jobs.forget_old_looks)
    registry.register(GroupKind.GROUP, todos=safeguarding.todos, glances=safeguarding.glances)
    registry.register(GroupKind.GROUP, todos=wishes.todos)
    demo_members.init_app()
    demo_wishes.init_app()
    periodic.register("count_compositions", timedelta(hours=6), membership_jobs.count_compositions)
    periodic.register("forget_consents", timedelta(hours=24), membership_jobs.forget_consents)
    navigation.register(
        GroupKind.GROUP,
        Way("members.list_members", _l("Members"), permissions.Permission.MEMBERS_READ, 10),
    )


def _open_doors(app: Flask) -> None:
    for blueprint in (introducing.bp, introducing.doors, referrals.bp, arrivals.bp):
        app.register_blueprint(blueprint)
    demo_referrals.init_app()
    directory.register(introducing.ways_on)
    directory.register_first(introducing.rule_of_age)
    links.register(LinkPurpose.ASKING, "own_door.show_own")
    registry.register(GroupKind.GROUP, todos=referrals.todos)
    meeting_day.register(arrivals.parts_of_meeting)
    periodic.register("forget_askers", timedelta(hours=6), referral_jobs.forget_askers)


def _open_meetings(app: Flask) -> None:
    for blueprint in (listing.bp, meetings.bp, objectives.bp):
        app.register_blueprint(blueprint)
    demo_listings.init_app()
    demo_meetings.init_app()
    registry.register(GroupKind.GROUP, todos=listing.todos)
    registry.register(GroupKind.GROUP, todos=meetings.todos, glances=meetings.glances)
    registry.register(GroupKind.GROUP, todos=objectives.todos, glances=objectives.glances)
    meeting_day.register(objectives.parts_of_meeting)
    navigation.register(
        GroupKind.GROUP,
        Way("meetings.list_meetings", _l("Meetings"), permissions.Permission.MEETINGS_READ, 20),
    )
    standing.register(
        "met", _l("The group has met in the last three months"), count.has_met_lately,
        put_right=_l("Write down the last meeting"), endpoint="meetings.list_meetings", order=20,
    )  # fmt: skip
    figures.register(
        "meetings_held", _l("Meetings held"), count.count_meetings_held, zero_asks=True, order=10
    )
    figures.register(
        "people_attending", _l("People at meetings, heads counted"), count.count_people_attending, order=20
    )
    navigation.register(
        GroupKind.GROUP,
        Way("objectives.list_objectives", _l("Objectives"), permissions.Permission.OBJECTIVES_READ, 30),
    )
    figures.register(
        "objectives_set", _l("Objectives set"), aims.count_objectives_set, zero_asks=True, order=30
    )
    figures.register(
        "objectives_achieved", _l("Objectives achieved"), aims.count_objectives_achieved, order=40
    )


def _open_registration(app: Flask) -> None:
    for blueprint in (registration.bp, assets.bp, returns.bp):
        app.register_blueprint(blueprint)
    demo_returns.init_app()
    registry.register(GroupKind.GROUP, todos=registration.todos)
    registry.register(GroupKind.GROUP, todos=returns.todos)
    periodic.register("tell_what_is_due", timedelta(hours=6), return_jobs.tell_what_is_due)
    standing.register(
        "registered", _l("The group’s registration is in order"), certificates.is_registered,
        put_right=_l("See which certificate is missing or over"), endpoint="registration.list_registrations", order=30,
        # The first money often comes before a group is registered: it is what the fee is paid from.
        is_asked_first=False,
    )  # fmt: skip
    navigation.register(
        GroupKind.GROUP,
        Way(
            "registration.list_registrations",
            _l("Registration"),
            permissions.Permission.REGISTRATION_READ,
            60,
        ),
    )


def _open_elections(app: Flask) -> None:
    standing.register(
        "offices", _l("Chairperson, secretary and treasurer are in office"), terms.has_officers_for_money,
        put_right=_l("See who is in office, and elect whoever is missing"), endpoint="offices.list_offices", order=10,
    )  # fmt: skip
    for blueprint in (
        offices.bp,
        notes.bp,
        election_views.bp,
        counts.bp,
        tallies.bp,
        tallies.tellers,
        ballots.bp,
        ballots.slips,
        challenges.bp,
        vacancies.bp,
        namings.bp,
    ):
        app.register_blueprint(blueprint)
    links.register(LinkPurpose.TELLER, "tallies.enter_tally")
    links.register(LinkPurpose.BALLOT, "slips.vote_with_slip")
    registry.register(GroupKind.GROUP, todos=election_views.todos)
    registry.register(GroupKind.GROUP, todos=ballots.todos)
    registry.register(GroupKind.GROUP, todos=challenges.todos)
    periodic.register("certify-results", timedelta(hours=1), challenge_jobs.certify_results)
    periodic.register("forget-words-of-challenges", timedelta(days=1), challenge_jobs.forget_words)
    registry.register(GroupKind.GROUP, todos=notes.todos)
    registry.register(GroupKind.GROUP, todos=namings.todos)
    registry.register(GroupKind.GROUP, todos=vacancies.todos)
    count_elsewhere(
        Elsewhere(boxes.is_settled, boxes.count_taking_part, boxes.papers_by_contest, ballots.page_of_box)
    )
    periodic.register("let-go-of-boxes", timedelta(hours=12), ballot_jobs.let_go_of_boxes)
    periodic.register("forget_papers", timedelta(hours=12), tally_jobs.forget_papers)
    navigation.register(
        GroupKind.GROUP,
        Way("elections.list_elections", _l("Elections"), permissions.Permission.ELECTIONS_READ, 40),
    )


def _open_matters(app: Flask) -> None:
    for blueprint in (matters.bp, hearings.bp, own_matters.bp):
        app.register_blueprint(blueprint)
    demo_matters.init_app()
    outbox.register(reminders.WAITS, ReminderPayload(), reminder_jobs.write_letter)
    registry.register(GroupKind.GROUP, todos=matters.todos)
    periodic.register("destroy_matters", timedelta(hours=1), dispute_jobs.destroy_matters)
    navigation.register(
        GroupKind.GROUP, Way("matters.list_matters", _l("Matters"), permissions.Permission.MATTERS_USE, 48)
    )


def _open_notices(app: Flask) -> None:
    app.register_blueprint(notice_views.bp)
    demo_notices.init_app()
    outbox.register(notices.LETTERS, schemas.NoticePayload(), notice_jobs.write_letters)
    outbox.register(notices.REMINDER, schemas.ReminderPayload(), notice_jobs.remind)
    registry.register(GroupKind.GROUP, todos=notice_views.todos)
    periodic.register("forget_notices", timedelta(hours=24), notice_jobs.forget_old)


def _open_decisions(app: Flask) -> None:
    for blueprint in (decision_views.bp, decision_views.counting, constitution_views.bp):
        app.register_blueprint(blueprint)
    demo_decisions.init_app()
    links.register(LinkPurpose.COUNTER, "motion_counts.enter_count")
    registry.register(GroupKind.GROUP, todos=decision_views.todos)
    meeting_day.register(decision_views.parts_of_meeting)
    navigation.register(
        GroupKind.GROUP,
        Way("decisions.list_motions", _l("Decisions"), permissions.Permission.DECISIONS_READ, 45),
    )
    for kind in (
        decisions.Kind(
            "other", _l("Something else, in our own words"), is_in_own_words=True,
            follows=_l("It is written down here for ever. Nothing else happens by itself."),
        ),
        decisions.Kind(
            "charter", _l("Join the network’s charter"), is_in_own_words=True, carry=decisions.tell_network_of_charter,
            came_of=decision_views.where_asked,
            follows=_l("The network’s office is told at once, and answers what comes next. Nothing else happens by itself."),
        ),
        decisions.Kind(
            "close_group", _l("Close the group"), is_in_own_words=True, is_weighty=True, carry=decisions.ask_network_to_close,
            came_of=decision_views.where_asked,
            follows=_l(
                "The network’s office is told at once, and goes through the closing with you: the money, the book, the papers."
                " Until then everything here goes on as before; nothing is switched off by the vote alone."
            ),
        ),
        decisions.Kind(
            naming_commands.KIND, _l("Give an office that is not elected"), carry=naming_commands.carry, say=namings.said_of_motions,
            href=namings.href_of_motion, asked_at="namings.list_namings", follows=_l("They come into the office at that moment."),
        ),
        decisions.Kind(
            "constitution", _l("The constitution"), is_weighty=True, carry=constitution.carry, say=constitution_views.said_of_motions,
            href=constitution_views.href_of_motion, asked_at="constitution.propose", follows=_l("It holds from that moment on."),
        ),
    ):  # fmt: skip
        decisions.register(kind)

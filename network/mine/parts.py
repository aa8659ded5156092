"""What the ground floor itself holds about people, in words."""

from flask_babel import lazy_gettext as _l

from network.mine.diary import EVENTS
from network.mine.registry import Part, register, say
from network.permissions import Role

NOBODY = _l("Nobody but you")
STAFF = {
    Role.ONBOARDING: _l("Staff: starting groups"),
    Role.FINANCE: _l("Staff: money"),
    Role.TRANSLATION: _l("Staff: translations"),
    Role.ADMINISTRATION: _l("Staff: everything in the office"),
}
OFFICE = _l("The network’s office")


def init_app() -> None:
    """Register the ground floor's parts."""
    say("role_assignments.role", STAFF)
    say("audit_events.event", EVENTS)
    for part in (
        Part("account", _l("Your sign-in and your devices"), ("accounts", "account_identifiers", "sessions", "key_pairs"), NOBODY, order=10),
        Part(
            "sheet", _l("If you are having a hard time"), ("support_sheets", "sheet_shares"),
            _l("Only those you chose; it is closed with your four words, and nobody here can read it"), order=20,
        ),
        Part("roles", _l("What you may open here"), ("role_assignments",), NOBODY, order=120),
        Part("invitations", _l("Your invitations"), ("invitations",), _l("The chairperson and the secretary"), order=110),
        Part(
            "diary", _l("What was done, and when"), ("audit_events",),
            _l("Nobody in everyday use; it is looked at where something went wrong"), order=130,
        ),
        Part(
            "beginnings", _l("What you did for people who start a group"),
            ("application_passages", "onboarding_marks", "translation_requests"), OFFICE, order=90,
        ),
    ):  # fmt: skip
        register(part)

"""What is held about people where money is, in words."""

from flask_babel import lazy_gettext as _l

from funding.diary import EVENTS
from funding.welfare.commands import forget_what_others_wrote
from funding.welfare.forms import NEEDS
from network.mine import registry
from network.mine.registry import Part

BOOK = (
    "agreed_amounts", "budgets", "cash_counts", "contribution_sheets", "drafts", "grant_applications", "grant_closings", "handovers",
    "journals", "line_matches", "onward_grants", "period_changes", "reserve_shares", "statement_lines", "statement_mappings",
    "statement_uploads", "statements",
)  # fmt: skip


def init_app() -> None:
    """Register what concerns money."""
    registry.say("audit_events.event", EVENTS)
    registry.on_leaving(forget_what_others_wrote)
    for part in (
        Part(
            "gifts", _l("What you gave, and its receipts"), ("contributions", "receipts"),
            _l("You, and those who write on the sheet and in the book"), endpoint="cards.show_card", order=45,
        ),
        Part(
            "hardship", _l("Help you asked for, or decided about"), ("hardship_requests", "hardship_answers"),
            _l("You, and those who decide about it"), words={"hardship_requests.need": NEEDS}, order=75,
        ),
        Part(
            "book", _l("What you did for the money of the group"), BOOK,
            _l("Everybody who may read the book"), order=85,
        ),
    ):  # fmt: skip
        registry.register(part)

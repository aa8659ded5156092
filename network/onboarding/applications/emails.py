"""Letters to applicants who left an e-mail address."""

from datetime import datetime

from network.accounts.models import IdentifierKind
from network.accounts.rules import kind_of
from network.messages import commands as messages
from network.onboarding.applications.models import Application
from network.web.pages import public_url


def answer_waits(application: Application, *, now: datetime) -> None:
    """Say that an answer is there, and nothing of what it says or of whom it is about: others may read the phone."""
    reach = (application.reach or "").strip()
    if kind_of(reach) is not IdentifierKind.EMAIL:
        return
    messages.write(
        to=reach, template="network/onboarding/emails/answer_waits", language=application.language,
        now=now, code_page=public_url("accounts.enter_code"),
    )  # fmt: skip

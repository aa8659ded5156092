"""One letter, the same whatever waits: it names nobody, no group and nothing that it is about."""

from datetime import datetime

from network.messages import commands as messages
from network.web.languages import Language


def something_waits(to: str, *, link: str, language: Language, now: datetime) -> None:
    """Somebody finds something when they sign in."""
    messages.write(
        to=to, template="groups/reminders/emails/waits", language=language.code, now=now, link=link
    )

"""The short note that carries an invitation. It names no group and says nothing about anybody's health."""

from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import force_locale
from flask_babel import gettext as _

from network.web.languages import Language, language_of


@dataclass(frozen=True)
class Note:
    """Words to share, in the language of whoever receives them, and ways to send them from this phone."""

    language: Language
    subject: str
    body: str

    @property
    def sms(self) -> str:
        return f"sms:?&body={quote(self.body)}"

    @property
    def mail(self) -> str:
        return f"mailto:?subject={quote(self.subject)}&body={quote(self.body)}"


def note_of_invitation(*, link: str, code: str, language: str) -> Note:
    """The note for an invitation: somebody else may be looking at the phone it arrives on."""
    reads = language_of(language)
    with force_locale(reads.babel):
        return Note(
            language=reads,
            subject=_("Your invitation"),
            body=_(
                "Here is your invitation:\n%(link)s\n\nOr type this code on the first page: %(code)s",
                link=link,
                code=code,
            ),
        )

"""The short note that asks a volunteer. It says nothing about whom the sentences are from."""

from flask_babel import force_locale
from flask_babel import gettext as _

from network.invitations.emails import Note
from network.web.languages import language_of


def note_of_request(*, link: str, code: str, into: str) -> Note:
    """The note, in the language the volunteer translates into."""
    reads = language_of(into)
    with force_locale(reads.babel):
        return Note(
            language=reads, subject=_("A few sentences to translate"),
            body=_("Could you translate a few sentences? They are here:\n%(link)s\n\nOr type this code on the first page: %(code)s", link=link, code=code),
        )  # fmt: skip

"""The words that are ready: what the person reads, and the short note that tells them where. The note names no group."""

from urllib.parse import quote

from flask_babel import force_locale
from flask_babel import gettext as _

from groups.referrals.models import Answer, Referral, ReferralState
from network.invitations.emails import Note
from network.web.languages import language_of


def words_of_answer(answer: Answer, language: str, *, when: str = "", where: str = "") -> str:
    """What the person reads, to begin with; the group changes it as it likes."""
    with force_locale(language_of(language).babel):
        if answer is Answer.WELCOME:
            return _("You are welcome with us. Come as you are; you need not say anything the first time.")
        if answer is Answer.NOT_HERE:
            return _(
                "Thank you for turning to us. We are not the right place for you just now; that is about us, not about you."
                " There are other places like ours, and you would be welcome there."
            )
        if when and where:
            return _(
                "Come and see us first: %(when)s, %(where)s. You can just listen.", when=when, where=where
            )
        if when:
            return _("Come and see us first: %(when)s. You can just listen.", when=when)
        return _("Come and see us first. We will tell you when and where we meet next.")


def note_to_send(referral: Referral, link: str) -> Note:
    """The note that carries the link: somebody else may be looking at the phone it arrives on."""
    reads = language_of(referral.language)
    with force_locale(reads.babel):
        return Note(language=reads, subject=_("A few words for you"), body=_body(referral, link))


def _body(referral: Referral, link: str) -> str:
    if referral.state == ReferralState.ASKED:
        return _(
            "A while ago you said that we may ask you again. Here we are, this once:\n%(link)s",
            link=link,
        )
    if referral.is_own:
        return _("There is an answer to what you wrote:\n%(link)s", link=link)
    return _(
        "Somebody asked us to write to you, and told us that you agree:\n%(link)s\n\n"
        "If you would rather not, say so there. Then nothing is kept.",
        link=link,
    )


def by_phone(number: str, note: Note) -> str:
    """The note, ready to be sent to this number from this phone."""
    return f"sms:{quote(number)}?&body={quote(note.body)}"

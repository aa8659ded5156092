"""What officers of a group are written when the network's office did something: no group, no amount, nobody's name."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from funding.onward.rules import News
from groups.notices import emails
from network.web.languages import Language


def words_of(news: News, *, language: Language, link: str) -> str:
    """What there is to do, and where."""
    with force_locale(language.babel):
        said = {
            News.ON_ITS_WAY: _("Something your network promised is on its way. Write it down when it has arrived."),
            News.WORD_AWAITED: _("Your network waits for a word on how things stand, before its next step."),
        }  # fmt: skip
        return f"{said[news]} {_('Read more here: %(link)s', link=link)}"


def write_letter(to: str, news: News, *, language: Language, link: str, now: datetime) -> None:
    """A letter to one of them."""
    emails.letter(to, words_of(news, language=language, link=link), language=language, now=now)

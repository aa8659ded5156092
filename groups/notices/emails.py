"""What members are told, in their language. No group is named, nobody who votes or stands, and nothing about anybody's health:
somebody else may be looking at the phone it arrives on.
"""

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_time
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from groups.notices.models import About, Channel, Notice
from network.messages import commands as messages
from network.web.formatting import whole_day
from network.web.languages import Language, language_of


def words_of(notice: Notice, *, language: str, time_zone: str, link: str = "") -> str:
    """What somebody is told, and where they can read more or whom they can ask."""
    with force_locale(language_of(language).babel):
        more = _("Read more here: %(link)s", link=link) if link else _("Ask whoever sent you this for more.")
    return f"{sentence_of(notice, language=language, time_zone=time_zone)} {more}"


def sentence_of(notice: Notice, *, language: str, time_zone: str) -> str:
    """What it is about, in one or two sentences, as it can be said aloud too."""
    with force_locale(language_of(language).babel):
        return _SAID[About(notice.about)](notice.on_day, _clock(notice.until, time_zone))


def _clock(until: datetime | None, time_zone: str) -> str:
    """A time with its day, on the group's clock."""
    if until is None:
        return ""
    local = until.astimezone(ZoneInfo(time_zone))
    return f"{whole_day(local.date())}, {format_time(local, 'short', locale=get_locale())}"


def _election_called(on_day: date, until: str) -> str:  # noqa: ARG001 - every sentence takes both
    return _(
        "There will be an election on %(day)s. People can be named for it until then.", day=whole_day(on_day)
    )


def _vote_open(on_day: date, until: str) -> str:
    if until:
        return _("The vote is open until %(when)s.", when=until)
    return _("The vote is on %(day)s.", day=whole_day(on_day))


def _vote_closing(on_day: date, until: str) -> str:
    return _(
        "The vote closes soon: %(when)s. Everybody gets this, whoever has voted and whoever has not.",
        when=until or whole_day(on_day),
    )


def _result_declared(on_day: date, until: str) -> str:  # noqa: ARG001 - every sentence takes both
    return _("The election of %(day)s has its result.", day=whole_day(on_day))


def _decision_called(on_day: date, until: str) -> str:  # noqa: ARG001 - every sentence takes both
    return _("There is something to decide together on %(day)s.", day=whole_day(on_day))


def _constitution_put(on_day: date, until: str) -> str:  # noqa: ARG001 - every sentence takes both
    return _(
        "On %(day)s we decide together about a change of what we agreed. You can read it before.",
        day=whole_day(on_day),
    )


def _result_fell(on_day: date, until: str) -> str:  # noqa: ARG001 - every sentence takes both
    return _("The result of the election of %(day)s no longer counts.", day=whole_day(on_day))


def _called_off(on_day: date, until: str) -> str:  # noqa: ARG001 - every sentence takes both
    return _("What was to be decided on %(day)s is called off.", day=whole_day(on_day))


def _renewal_ahead(on_day: date, until: str) -> str:  # noqa: ARG001 - every sentence takes both
    return _("There is a certificate to renew. It ends on %(day)s.", day=whole_day(on_day))


def _renewal_near(on_day: date, until: str) -> str:  # noqa: ARG001 - every sentence takes both
    return _("A certificate ends soon, on %(day)s, and is not renewed yet.", day=whole_day(on_day))


def _report_ahead(on_day: date, until: str) -> str:  # noqa: ARG001 - every sentence takes both
    return _("A quarter ended on %(day)s. There may be a report to send about it.", day=whole_day(on_day))


_SAID: dict[About, Callable[[date, str], str]] = {
    About.ELECTION_CALLED: _election_called,
    About.VOTE_OPEN: _vote_open,
    About.VOTE_CLOSING: _vote_closing,
    About.RESULT_DECLARED: _result_declared,
    About.DECISION_CALLED: _decision_called,
    About.CONSTITUTION_PUT: _constitution_put,
    About.RESULT_FELL: _result_fell,
    About.CALLED_OFF: _called_off,
    About.RENEWAL_AHEAD: _renewal_ahead,
    About.RENEWAL_NEAR: _renewal_near,
    About.REPORT_AHEAD: _report_ahead,
}


SENT_BY_HAND = (Channel.SMS, Channel.WHATSAPP)


def link_to_send(channel: str, address: str | None, words: str) -> str | None:
    """What opens a message with these words on this phone, ready to be sent; `None` where nothing is sent by hand."""
    if address and channel == Channel.SMS:
        return f"sms:+{address}?&body={quote(words)}"
    if address and channel == Channel.WHATSAPP:
        return f"https://wa.me/{address}?text={quote(words)}"
    return None


def letter(to: str, words: str, *, language: Language, now: datetime) -> None:
    """A letter to one member."""
    messages.write(
        to=to, template="groups/notices/emails/notice", language=language.code, now=now, words=words
    )

"""Money, dates and numbers as the reader's language has them, remembered because formatting is a third of a page's time."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal
from flask import Flask
from flask_babel import get_locale

from network import clock
from network.access.guard import current_group
from network.currencies import minor_digits


def money(amount: int, currency: str) -> str:
    """Minor units as money; whole amounts without decimals."""
    return _money(str(get_locale() or "en"), amount, currency)


@lru_cache(maxsize=4096)
def _money(locale: str, amount: int, currency: str) -> str:
    digits = minor_digits(currency)
    value = Decimal(amount).scaleb(-digits)
    whole = amount % 10**digits == 0
    pattern = "¤\xa0#,##0" if whole else "¤\xa0#,##0." + "0" * digits
    return format_currency(value, currency, pattern, locale=locale, currency_digits=False)


def amount_text(amount: int, currency: str) -> str:
    """Minor units as somebody would type them into a field."""
    digits = minor_digits(currency)
    value = Decimal(amount).scaleb(-digits)
    return f"{value:.0f}" if amount % 10**digits == 0 else f"{value:.{digits}f}"


def number(value: int | Decimal) -> str:
    """A number with the reader's separators."""
    return str(format_decimal(value, locale=get_locale()))


def day(value: date | datetime) -> str:
    """A date, or the day a moment fell on, as people say it; with the year when it is not this one."""
    value = _day_of(value)
    return _day(str(get_locale() or "en"), value, with_year=value.year != clock.today(_zone()).year)


@lru_cache(maxsize=4096)
def _day(locale: str, value: date, *, with_year: bool) -> str:
    if with_year:
        return str(format_date(value, "d MMMM y" if locale != "ar" else "long", locale=locale))
    return str(format_skeleton("MMMEd", value, locale=locale))


def whole_day(value: date | datetime) -> str:
    """The same with its year always, for what is kept: paper, receipts."""
    return _day(str(get_locale() or "en"), _day_of(value), with_year=True)


def month(value: date) -> str:
    """A month with its year."""
    return str(format_skeleton("yMMMM", value, locale=get_locale()))


def months(first: date, last: date) -> str:
    """A stretch of months with its year."""
    return str(format_interval(first, last, "yMMMM", locale=get_locale()))


def _day_of(value: date | datetime) -> date:
    """The day a moment fell on, where the group is; not the one it was in Greenwich. A date is that day already."""
    return clock.today(_zone(), at=value) if isinstance(value, datetime) else value


def moment(value: datetime) -> str:
    """A moment on the group's clock."""
    local = value.astimezone(ZoneInfo(_zone()))
    return f"{day(local.date())}, {format_time(local, 'short', locale=get_locale())}"


def clock_time(value: time) -> str:
    """A time of day."""
    return str(format_time(datetime.combine(date(2000, 1, 1), value), "short", locale=get_locale()))


def _zone() -> str:
    group = current_group()
    return group.time_zone if group else "UTC"


def init_app(app: Flask) -> None:
    """Offer the formatters to templates."""
    app.jinja_env.globals.update(
        money=money,
        amount_text=amount_text,
        day=day,
        whole_day=whole_day,
        month=month,
        months=months,
        moment=moment,
        number=number,
        clock_time=clock_time,
    )

"""Amounts as people really type them: understood, or refused, never guessed at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.currencies import minor_digits
from network.web.formatting import _money, amount_text, money
from network.web.forms import LARGEST_AMOUNT, minor_units
from network.web.unit_of_work import Pamoja

CURRENCIES = st.sampled_from(["KES", "GBP", "UGX", "XOF", "KWD", "TND"])
AMOUNTS = st.integers(min_value=0, max_value=LARGEST_AMOUNT)

TYPED = [
    ("250", "KES", 25000),
    ("1,250.50", "KES", 125050),
    ("1.250,50", "KES", 125050),
    ("1 250,50", "KES", 125050),
    ("1\u202f250,5", "KES", 125050),
    ("1'250.50", "KES", 125050),
    ("1’250", "KES", 125000),
    ("1,250", "KES", 125000),
    ("1.250", "KES", 125000),
    ("1,250,000", "KES", 125000000),
    ("12,50,000.75", "KES", 125000075),
    ("0.250", "KES", 25),
    (".5", "KES", 50),
    ("5.", "KES", 500),
    ("007", "KES", 700),
    ("KSh 200", "KES", 20000),
    ("ksh.200", "KES", 20000),
    ("Kshs 1,250/=", "KES", 125000),
    ("200/-", "KES", 20000),
    ("200 KES", "KES", 20000),
    ("£5", "GBP", 500),
    ("5 €", "EUR", 500),
    ("US$ 4,000", "USD", 400000),
    ("٢٥٠٫٥٠", "KES", 25050),
    ("١٬٢٥٠", "KES", 125000),
    ("۲۵۰", "KES", 25000),
    ("２５０．５", "KES", 25050),
    ("२५०", "KES", 25000),
    ("1250.00", "UGX", 1250),
    ("1.250", "UGX", 1250),
    ("1.250", "KWD", 1250),
    ("1,250.500", "KWD", 1250500),
    ("0", "KES", 0),
    ("\u200f٢٥٠", "KES", 25000),
]
REFUSED = [
    ("", "KES"), (" ", "KES"), (".", "KES"), ("abc", "KES"), ("£5", "KES"), ("$5", "KES"), ("5 EUR", "KES"), ("KES 5", "GBP"),
    ("-5", "KES"), ("\u22125", "KES"), ("\u20105", "KES"), ("\u20145", "KES"), ("፪፻፶", "KES"), ("5-", "KES"),
    ("KES -5", "KES"), ("(5)", "KES"), ("NaN", "KES"), ("Infinity", "KES"),
    ("-inf", "KES"), ("1e9", "KES"), ("1E9", "KES"), ("1_000", "KES"), ("0x10", "KES"), ("1.2.3", "KES"), ("1,,2", "KES"),
    ("1,25,0", "KES"), ("12,34", "UGX"), ("1.5", "UGX"), ("1.2345", "KWD"),
    ("1,250.50.5", "KES"), ("1.250,500", "KES"), ("12 50", "KES"), ("1/2", "KES"), ("5%", "KES"), ("5+5", "KES"), ("½", "KES"),
    ("9" * 5000, "KES"), ("10000000000000000", "KES"), ("\u202e250", "KES"), ("2\u200b50", "KES"), ("250\x00", "KES"), ("VI", "KES"),
]  # fmt: skip


def _said(app: Pamoja, typed: str) -> str:
    with app.test_request_context("/"), pytest.raises(ValueError, match=r"\w+ \w+") as refused:
        minor_units(typed, "KES")
    return str(refused.value)


class TestTyped:
    @pytest.mark.parametrize(("typed", "currency", "minor"), TYPED)
    def test_is_understood(self, app: Pamoja, typed: str, currency: str, minor: int) -> None:
        with app.test_request_context("/"):
            assert minor_units(typed, currency) == minor

    @pytest.mark.parametrize(("typed", "currency"), REFUSED)
    def test_is_refused_with_a_sentence(self, app: Pamoja, typed: str, currency: str) -> None:
        with app.test_request_context("/"), pytest.raises(ValueError, match=r"\w+ \w+"):
            minor_units(typed, currency)

    @pytest.mark.parametrize(("typed", "other"), [("abc", "12a"), ("1e5", "x"), ("5 EUR", "£5")])
    def test_letters_are_told_otherwise_than_another_countrys_money(
        self, app: Pamoja, typed: str, other: str
    ) -> None:
        """The same sentence for both of a kind: numbers only, or the group's own money."""
        said = [_said(app, one) for one in (typed, other)]
        assert said[0] == said[1]
        assert (said[0] == _said(app, "$5")) is (typed == "5 EUR")

    @pytest.mark.parametrize("typed", ["-5", "\u22125", "\u20105", "\u20145", "5-"])
    def test_every_minus_is_told_as_one(self, app: Pamoja, typed: str) -> None:
        assert _said(app, typed) == _said(app, "-1")

    def test_more_than_the_page_takes_is_refused(self, app: Pamoja) -> None:
        with app.test_request_context("/"):
            assert minor_units("10.00", "KES", most=1000) == 1000
            with pytest.raises(ValueError, match=r"\w+ \w+"):
                minor_units("10.01", "KES", most=1000)


class TestEveryAmount:
    @given(AMOUNTS, CURRENCIES)
    def test_comes_back_as_it_stood_in_the_field(self, amount: int, currency: str) -> None:
        assert minor_units(amount_text(amount, currency), currency) == amount

    @given(AMOUNTS, CURRENCIES, st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]))
    def test_with_its_decimals_is_read_in_every_style(
        self, amount: int, currency: str, style: tuple[str, str]
    ) -> None:
        digits = minor_digits(currency)
        whole, part = divmod(amount, 10**digits)
        thousands, point = style
        typed = f"{whole:,}".replace(",", thousands) + (f"{point}{part:0{digits}d}" if digits else "")
        assert minor_units(typed, currency) == amount

    @given(st.text(max_size=12), CURRENCIES)
    def test_or_any_other_words_are_a_number_or_a_sentence(self, typed: str, currency: str) -> None:
        try:
            assert 0 <= minor_units(typed, currency) <= LARGEST_AMOUNT
        except ValueError as refused:
            assert refused.args[0]  # noqa: PT017 - either is right


class TestShown:
    @pytest.mark.parametrize(
        ("amount", "currency", "shown"),
        [(125050, "KES", "1,250.50"), (125000, "KES", "1,250"), (1250, "UGX", "1,250"), (1250500, "KWD", "1,250.500"), (-500, "KES", "5")],
    )  # fmt: skip
    def test_with_the_decimals_its_money_has(
        self, app: Pamoja, amount: int, currency: str, shown: str
    ) -> None:
        with app.test_request_context("/en/"):
            assert money(amount, currency).endswith(shown)

    def test_in_each_readers_language_though_it_is_remembered(self, app: Pamoja) -> None:
        seen = {}
        for _ in range(2):
            for language in ("en", "fr", "sw"):
                with app.test_request_context(f"/{language}/"):
                    seen.setdefault(language, set()).add(money(123456789, "KES"))
        assert {len(each) for each in seen.values()} == {1}
        assert seen["en"] != seen["fr"]
        assert _money("en", 100, "KES") != _money("en", 100, "UGX")

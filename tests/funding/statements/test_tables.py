"""Airtel Money, any other CSV, and how amounts and days are told apart."""

import json

import pytest

from funding.statements.formats import amounts, choosing, dates, mapped
from funding.statements.formats.statement import NotReadable, Status
from tests.factories.statements import warned

AIRTEL = """Airtel Money Statement
MSISDN:,256700000111

Transaction ID,Transaction Date,Description,Transaction Type,Status,Amount,Credit/Debit,Fee,Balance
PP260903.1015.C12345,03-09-26 10:15 AM,To Hall,Send Money,Transaction Success,UGX 20000,Debit,500,UGX 29500
CI260902.0900.B11111,02-09-26 09:00 PM,From 2567****011,Receive Money,Transaction Success,"UGX 50,000",Credit,,UGX 50000
CI260902.0800.B11110,02-09-26 08:00 AM,From 2567****011,Receive Money,Transaction Failed,"UGX 1,000",Credit,,UGX 0
"""
BANK = """Account No: 0123;;;
Buchungstag;Verwendungszweck;Betrag;Währung
01.09.2026;Beitrag;1.234,50;EUR
02.09.2026;Miete;-1.000,00;EUR
"""


class TestAirtel:
    def test_is_known_and_fees_become_lines(self) -> None:
        (statement,) = choosing.read(AIRTEL.encode())
        assert (statement.format, statement.account, statement.currency) == ("airtel", "256700000111", "UGX")
        assert [line.amount for line in statement.lines] == [1000, 50000, -20000, -500]
        assert [line.status for line in statement.lines] == [Status.FAILED] + [Status.BOOKED] * 3
        assert (statement.opening, statement.closing) == (0, 29500)
        assert warned([statement]) == [[]]

    def test_two_columns_and_a_format_that_somebody_names(self) -> None:
        text = "Reference,Date,Description,Credit,Debit,Balance\nA1,2026-09-03,Dues,10.00,,10.00\nA2,2026-09-04,Tea,,4.00,6.00\n"
        (statement,) = choosing.read(text.encode(), format_name="airtel", currency="ZMW")
        assert [line.amount for line in statement.lines] == [1000, -400]
        assert statement.warnings == ()

    def test_references_of_its_shape_are_enough(self) -> None:
        text = AIRTEL.partition("\n\n")[2]
        assert choosing.read(text.encode())[0].format == "airtel"

    def test_an_assumed_currency_is_told(self) -> None:
        text = AIRTEL.partition("\n\n")[2].replace("UGX ", "")
        (statement,) = choosing.read(text.encode())
        assert statement.currency == "KES"
        assert len(statement.warnings) == 1


class TestAnyCsv:
    def test_common_words_are_known_and_decimals_told_apart(self) -> None:
        (statement,) = choosing.read(BANK.encode("cp1252"), currency="EUR")
        assert (statement.format, statement.account) == ("csv", "0123")
        assert [(line.amount, line.text) for line in statement.lines] == [
            (123450, "Beitrag"),
            (-100000, "Miete"),
        ]
        assert (statement.opening, statement.closing) == (None, None)

    @pytest.mark.parametrize(
        "columns",
        [
            ("date=When,amount=How much,text=Who+Why",),
            ("date=When", "amount=How much", "text=Who+Why"),
            (json.dumps({"date": "When", "amount": "How much", "text": ["Who", "Why"]}),),
            ("date=1,amount=2,text=3+4",),
        ],
    )
    def test_columns_may_be_mapped(self, columns: tuple[str, ...]) -> None:
        text = "When,How much,Who,Why\n2026-09-03,-5,Achieng,Tea\n"
        (statement,) = choosing.read(text.encode(), columns=mapped.mapping(columns), currency="KES")
        assert [(line.amount, line.text) for line in statement.lines] == [(-500, "Achieng; Tea")]

    def test_columns_may_be_mapped_where_there_is_no_header(self) -> None:
        (statement,) = choosing.read(
            b"x\n2026-09-03,5\n2026-09-04,6\n", columns=mapped.mapping(("date=1,in=2",)), currency="KES"
        )
        assert [line.amount for line in statement.lines] == [500, 600]

    @pytest.mark.parametrize(
        "columns",
        [
            ("date=When",),
            ("when",),
            ("colour=1,date=1,amount=2",),
            ("{",),
            ("date=0,amount=1",),
            ("date=Nope,amount=No",),
        ],
    )
    def test_a_mapping_that_does_not_fit_is_told(self, columns: tuple[str, ...]) -> None:
        with pytest.raises(NotReadable, match=r"\.$"):
            choosing.read(
                b"When,How much\n2026-09-03,5\n", format_name="csv", columns=mapped.mapping(columns)
            )

    def test_days_with_the_month_in_front_are_seen_from_all_together(self) -> None:
        (statement,) = choosing.read(b"Date,Amount\n09/03/2026,1\n09/13/2026,1\n", currency="USD")
        assert [line.date.isoformat() for line in statement.lines] == ["2026-09-03", "2026-09-13"]

    def test_balances_stated_as_rows_are_no_movements(self) -> None:
        text = (
            "Date,Description,Amount,Balance\n2026-09-01,Opening balance,,100.00\n"
            "2026-09-03,Dues,5.00,105.00\n2026-09-30,Closing balance,,106.00\n"
        )
        (statement,) = choosing.read(text.encode(), currency="KES")
        assert (statement.opening, statement.closing, len(statement.lines)) == (10000, 10600, 1)
        assert "KES 1.00" in warned([statement])[0][0]


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "currency", "mark", "amount"),
        [
            ("1,131,340.00", "KES", ".", 113134000),
            ("-30", "KES", ".", -3000),
            ("(30.5)", "KES", ".", -3050),
            ("30.00-", "KES", ".", -3000),
            ("KSh 1,200.00", "KES", ".", 120000),
            ("-KES 5", "KES", ".", -500),
            ("1.234,5", "EUR", ",", 123450),
            ("1'234.50", "CHF", ".", 123450),
            ("1 234,50", "EUR", ",", 123450),
            ("1,31,340.00", "INR", ".", 13134000),
            ("\u22125.00", "KES", ".", -500),
            ("5.00 DR", "KES", ".", -500),
            ("5000.00", "UGX", ".", 5000),
            ("1.5", "KWD", ".", 1500),
            (".5", "KES", ".", 50),
        ],
    )
    def test_are_read_as_people_write_them(self, text: str, currency: str, mark: str, amount: int) -> None:
        assert amounts.minor(text, currency, mark) == amount

    @pytest.mark.parametrize(
        "text", ["", "-", ".", "1,2", "1,,000", "1.2.3", "5 apples", "0x10", "1e5", "٣apples", "--5", "5.001"]
    )
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(NotReadable):
            amounts.minor(text, "KES")

    @pytest.mark.parametrize(
        ("texts", "currency", "mark"),
        [
            (["1,000", "2.50"], "KES", "."),
            (["1.000", "2,50"], "KES", ","),
            (["1,000"], "KES", "."),
            (["1.000"], "KES", ","),
            (["1.000"], "KWD", "."),
            (["1.000.000"], "UGX", ","),
            (["100"], "KES", "."),
        ],
    )
    def test_the_decimal_mark_is_seen_from_all_together(
        self, texts: list[str], currency: str, mark: str
    ) -> None:
        assert amounts.decimal_mark(texts, currency) == mark


class TestDays:
    @pytest.mark.parametrize(
        "text", ["", "soon", "2026-02-30", "2026-13-01", "31/04/2026", "2026-09-03 25:00", "1026-09-03"]
    )
    def test_that_there_are_not_are_refused(self, text: str) -> None:
        with pytest.raises(NotReadable):
            dates.read(text)

    def test_may_have_twelve_hours(self) -> None:
        assert dates.read("31-08-25 11:14 PM").hour == 23
        assert dates.read("31-08-25 12:14 AM").hour == 0

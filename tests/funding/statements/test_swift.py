"""MT940 and MT942, after the standard's examples and what banks make of them."""

import logging

import pytest

from funding.statements.formats import choosing
from funding.statements.formats.statement import NotReadable, Status
from tests.factories.statements import warned

STATEMENT = """{1:F01ABNANL2AAXXX0000000000}{2:O9401200260903ABNANL2AXXXX}{4:
:20:ABN AMRO BANK NV
:25:517852257
:28C:19321/1
:60F:C260901EUR3236,28
:61:2609020902D9,00N944NONREF
:86:GIRO 428428 KPN BETALINGSKENMERK 000000
 018503995
:61:2609030903C1500,00NTRFDUES-7//B4401
EXTRA WORDS
:86:166?00GUTSCHRIFT?20SVWZ+Beitrag?21 September?30BANKDEFF?31DE02120300000000202051?32WANJIRU ACHIENG
:61:2609030903RC10,NTRFNONREF//B4402
:61:2609030903RD2,5NTRFNONREF
:62F:C260903EUR4719,78
:64:C260903EUR4719,78
:86:about the whole statement
-}
"""
INTERIM = """:20:INTERIM1
:25:517852257
:28C:1/1
:34F:KESD1000,
:34F:KESC500,
:13D:2609031200+0300
:61:2609030903C5000,NTRFDUES-8
:86:Dues
:61:2609030903D1200,NCHGNONREF
:90D:1KES1200,
:90C:1KES5000,
-
"""


def read(text: str) -> list:
    return choosing.read(text.encode())


class TestStatement:
    def test_is_read_with_its_balances(self) -> None:
        (statement,) = read(STATEMENT)
        assert (statement.format, statement.account, statement.currency) == ("mt940", "517852257", "EUR")
        assert (statement.opening, statement.closing) == (323628, 471978)
        assert warned([statement]) == [[]]

    def test_marks_say_which_way_money_went(self) -> None:
        (statement,) = read(STATEMENT)
        assert [line.amount for line in statement.lines] == [-900, 150000, -1000, 250]
        assert {line.status for line in statement.lines} == {Status.BOOKED}

    def test_references_are_the_owners_or_the_banks(self) -> None:
        (statement,) = read(STATEMENT)
        assert [line.reference for line in statement.lines] == ["", "DUES-7", "B4402", ""]

    def test_details_are_taken_apart_and_stay_with_their_line(self) -> None:
        texts = [line.text for line in read(STATEMENT)[0].lines]
        assert texts[0] == "GIRO 428428 KPN BETALINGSKENMERK 000000 018503995"
        assert texts[1].startswith("WANJIRU ACHIENG; Beitrag September")
        assert texts[3] == ""

    def test_a_point_before_the_decimals_is_no_loss(self) -> None:
        (statement,) = read(STATEMENT.replace("1500,00", "1500.00").replace("EUR3236,28", "EUR3236.28"))
        assert (statement.opening, statement.lines[1].amount) == (323628, 150000)

    def test_overdrawn_balances_are_negative(self) -> None:
        (statement,) = read(STATEMENT.replace("60F:C", "60F:D"))
        assert statement.opening == -323628
        assert "does not add up" in warned([statement])[0][0]

    def test_entry_dates_cross_the_year(self) -> None:
        (statement,) = read(STATEMENT.replace(":61:2609020902", ":61:2601021231"))
        assert statement.lines[0].date.isoformat() == "2025-12-31"

    def test_expected_movements_are_pending(self) -> None:
        (statement,) = read(STATEMENT.replace(":61:2609020902D9,00", ":61:2609020902ED9,00"))
        assert (statement.lines[0].amount, statement.lines[0].status) == (-900, Status.PENDING)

    def test_a_line_without_a_type_does_not_swallow_the_next(self) -> None:
        (statement,) = read(STATEMENT.replace("D9,00N944NONREF", "D9,00"))
        assert [line.amount for line in statement.lines] == [-900, 150000, -1000, 250]

    def test_other_ways_of_numbering_are_no_matter(self) -> None:
        assert len(read(STATEMENT.replace(":28C:19321/1", ":28C:19321/1/2 X"))) == 1

    def test_nobodys_payments_get_into_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            read(STATEMENT)
        assert "WANJIRU" not in caplog.text


class TestSeveralStatements:
    def test_are_told_apart(self) -> None:
        second = STATEMENT.replace("517852257", "999").replace("EUR", "KWD")
        one, two = read(STATEMENT + second)
        assert (one.account, two.account) == ("517852257", "999")
        assert two.opening == 3236280

    def test_that_do_not_follow_each_other_are_told(self) -> None:
        warnings = warned(read(STATEMENT + STATEMENT))
        assert warnings[0] == []
        assert "statement 1 of the same account" in warnings[1][0]

    def test_the_pages_of_one_are_put_together(self) -> None:
        first, _, rest = STATEMENT.partition(":61:2609030903C")
        pages = (
            f"{first}:62M:C260902EUR3227,28\n-}}\n:20:ABN\n:25:517852257\n:28C:19321/2\n"
            f":60M:C260902EUR3227,28\n:61:2609030903C{rest}"
        )
        (statement,) = read(pages)
        assert (statement.opening, statement.closing, len(statement.lines)) == (323628, 471978, 4)
        assert warned([statement]) == [[]]


class TestInterimReport:
    def test_is_pending_and_has_no_balances(self) -> None:
        (statement,) = read(INTERIM)
        assert (statement.format, statement.currency) == ("mt942", "KES")
        assert (statement.opening, statement.closing) == (None, None)
        assert [(line.amount, line.status) for line in statement.lines] == [
            (500000, Status.PENDING),
            (-120000, Status.PENDING),
        ]
        assert warned([statement]) == [[]]

    def test_totals_that_differ_are_told(self) -> None:
        assert len(warned(read(INTERIM.replace(":90C:1KES5000", ":90C:1KES5001")))[0]) == 1

    def test_a_floor_for_both_sides_is_enough(self) -> None:
        assert read(INTERIM.replace(":34F:KESD1000,\n:34F:KESC500,", ":34F:KES0,"))[0].currency == "KES"


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(
        ("part", "instead"),
        [
            (":62F:C260903EUR4719,78\n:64:C260903EUR4719,78\n:86:about the whole statement\n-}\n", ""),
            ("D9,00N944", "D9.000,00N944"),
            ("D9,00N944", "XN944"),
            ("C260901EUR3236,28", "C260901EUR"),
            ("C260901EUR3236,28", "C261301EUR3236,28"),
            (":61:2609020902", ":61:26ab020902"),
            ("D9,00N944", "D9,001N944"),
            ("62F:C260903EUR", "62F:C260903USD"),
        ],
    )
    def test_is_refused_with_a_sentence(self, part: str, instead: str) -> None:
        assert part in STATEMENT
        with pytest.raises(NotReadable, match=r"\.$"):
            read(STATEMENT.replace(part, instead, 1))

    def test_a_message_of_words_alone_is_no_statement(self) -> None:
        with pytest.raises(NotReadable, match=r"\.$"):
            read(":86:words\n:20:A\n:25:1\n")

"""M-Pesa statements, with every way that real files differ."""

import pytest

from funding.statements import rules
from funding.statements.formats import choosing
from funding.statements.formats.statement import NotReadable, Statement, Status
from tests.factories.statements import warned

CUSTOMER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance"
PORTAL = (
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,"
    "Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No."
)
ROWS = """SKC5,2026-09-04 08:00:00,Reversal of SKC3,Completed,100.00,,"1,130,970.00"
SKC4,2026-09-03 10:15:00,Pay Bill Charge,Completed,,-30.00,"1,130,870.00"
SKC3,2026-09-03 10:15:00,Pay Bill to 123,Completed,,-100.00,"1,130,900.00"
SKC2,2026-09-02 19:00:00,Withdrawal,Failed,0.00,-500.00,"1,131,000.00"
SKC1,2026-09-01 07:30:00,Funds received from 2547****0111 - MARY ATIENO,Completed,"1,000.00",,"1,131,000.00"
"""
AMOUNTS = [100000, -50000, -10000, -3000, 10000]


def only(text: str | bytes, **options: object) -> Statement:
    content = text.encode() if isinstance(text, str) else text
    (statement,) = choosing.read(content, **options)  # type: ignore[arg-type]
    return statement


def warnings_of(statement: Statement) -> list[str]:
    return warned([statement])[0]


class TestCustomerStatement:
    def test_is_read_oldest_first_with_the_balances_around_it(self) -> None:
        statement = only(f"{CUSTOMER}\n{ROWS}")
        assert statement.format == "mpesa"
        assert statement.currency == "KES"
        assert [line.amount for line in statement.lines] == AMOUNTS
        assert [line.reference for line in statement.lines] == ["SKC1", "SKC2", "SKC3", "SKC4", "SKC5"]
        assert statement.lines[0].text == "Funds received from 2547****0111 - MARY ATIENO"
        assert (statement.opening, statement.closing) == (113000000, 113097000)
        assert warnings_of(statement) == []

    def test_failed_rows_are_told_and_do_not_count(self) -> None:
        statement = only(f"{CUSTOMER}\n{ROWS}")
        assert [line.status for line in statement.lines].count(Status.FAILED) == 1
        assert rules.moved(statement) == 97000

    def test_lines_above_the_header_are_passed_and_give_the_account(self) -> None:
        above = "M-PESA STATEMENT\n\nCustomer Name:,MARY ATIENO\nMobile Number:,254711000111\n,,\n"
        statement = only(f"{above}{CUSTOMER}\n{ROWS}")
        assert statement.account == "254711000111"
        assert [line.amount for line in statement.lines] == AMOUNTS

    def test_money_out_without_a_minus_is_money_out(self) -> None:
        statement = only(f"{CUSTOMER}\n{ROWS}".replace(",-", ","))
        assert [line.amount for line in statement.lines] == AMOUNTS

    def test_nought_on_the_other_side_is_nothing(self) -> None:
        statement = only(f"{CUSTOMER}\n{ROWS}".replace(",,", ",0.00,"))
        assert [line.amount for line in statement.lines] == AMOUNTS

    @pytest.mark.parametrize(
        "written",
        [
            "2026-09-03 10:15:00",
            "03-09-2026 10:15:00",
            "03/09/2026 10:15:47",
            "03-09-2026 10:15",
            "3/9/2026 10:15 AM",
            "2026-09-03T10:15:00+03:00",
            "03.09.2026 10:15",
            "3-Sep-2026 10:15",
            "03 September 2026 10:15",
        ],
    )
    def test_days_are_read_however_they_are_written(self, written: str) -> None:
        statement = only(f"{CUSTOMER}\nSKC1,{written},Pay,Completed,10.00,,10.00\n")
        assert statement.lines[0].date.isoformat() == "2026-09-03"

    def test_a_file_without_the_status_column_has_only_booked_lines(self) -> None:
        header = CUSTOMER.replace("Transaction Status,", "")
        rows = ROWS.replace("Completed,", "").replace(
            "SKC2,2026-09-02 19:00:00,Withdrawal,Failed,0.00,-500.00", ""
        )
        rows = "\n".join(row for row in rows.splitlines() if row.startswith("SKC"))
        statement = only(f"{header}\n{rows}\n")
        assert {line.status for line in statement.lines} == {Status.BOOKED}
        assert warnings_of(statement) == []

    def test_receipts_are_capitals(self) -> None:
        assert only(f"{CUSTOMER}\n{ROWS.lower()}").lines[0].reference == "SKC1"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
    def test_letters_are_read_in_every_encoding(self, encoding: str) -> None:
        text = f"{CUSTOMER}\n{ROWS}".replace("MARY", "MÁRY")
        statement = only(text.encode(encoding))
        assert "MÁRY" in statement.lines[0].text

    @pytest.mark.parametrize("separator", [";", "\t", "|"])
    def test_columns_are_found_whatever_separates_them(self, separator: str) -> None:
        bare = f"{CUSTOMER}\n{ROWS}".replace('"1,', '"1~').replace("~131,", "~131~").replace("~130,", "~130~")
        bare = bare.replace('"1~000.00"', '"1~000.00"').replace(",", separator).replace("~", ",")
        statement = only(bare)
        assert [line.amount for line in statement.lines] == AMOUNTS

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_lines_end_as_on_any_machine(self, end: str) -> None:
        statement = only(f"{CUSTOMER}\n{ROWS}".replace("\n", end))
        assert [line.amount for line in statement.lines] == AMOUNTS

    def test_a_file_that_runs_the_other_way_is_the_same(self) -> None:
        rows = "\n".join(reversed(ROWS.splitlines()))
        statement = only(f"{CUSTOMER}\n{rows}\n")
        assert [line.amount for line in statement.lines] == AMOUNTS
        assert warnings_of(statement) == []

    def test_a_charge_above_or_below_its_payment_is_put_where_the_balance_says(self) -> None:
        rows = ROWS.splitlines()
        rows[1], rows[2] = rows[2], rows[1]
        statement = only(f"{CUSTOMER}\n" + "\n".join(rows) + "\n")
        assert [line.amount for line in statement.lines] == AMOUNTS
        assert warnings_of(statement) == []

    def test_totals_notes_and_repeated_headers_below_are_no_movements(self) -> None:
        rows = ROWS.splitlines()
        text = "\n".join(
            [CUSTOMER, *rows[:2], CUSTOMER, *rows[2:], ",,Total,,1100.00,130.00,", "", "Disclaimer: ask us"]
        )
        assert [line.amount for line in only(text).lines] == AMOUNTS

    def test_a_stated_opening_is_believed_and_checked(self) -> None:
        text = f"Opening Balance:,1.00\n{CUSTOMER}\n{ROWS}"
        statement = only(text)
        assert statement.opening == 100
        assert "does not add up" in warnings_of(statement)[0]

    def test_other_countries_are_read_in_their_currency(self) -> None:
        text = f"{CUSTOMER.replace('Paid In', 'Paid In (UGX)')}\nA1,2026-09-03 10:15:00,Pay,Completed,5000,,5000\n"
        statement = only(text)
        assert (statement.currency, statement.lines[0].amount) == ("UGX", 5000)

    def test_no_movements_are_a_statement_too(self) -> None:
        statement = only(f"{CUSTOMER}\n")
        assert (statement.lines, statement.opening, statement.closing) == ((), None, None)


class TestWhatDoesNotFollow:
    def test_a_missing_row_is_told_with_its_place(self) -> None:
        rows = [row for row in ROWS.splitlines() if not row.startswith("SKC3")]
        statement = only(f"{CUSTOMER}\n" + "\n".join(rows) + "\n")
        assert any("SKC4" in warning and "Line 3" in warning for warning in warnings_of(statement))

    def test_a_missing_row_is_told_when_the_file_runs_forward(self) -> None:
        rows = [row for row in reversed(ROWS.splitlines()) if not row.startswith("SKC3")]
        statement = only(f"{CUSTOMER}\n" + "\n".join(rows) + "\n")
        assert any("SKC4" in warning for warning in warnings_of(statement))

    def test_an_unknown_status_is_pending_and_told(self) -> None:
        statement = only(f"{CUSTOMER}\nA1,2026-09-03 10:15:00,Pay,Odd,10.00,,10.00\n")
        assert statement.lines[0].status == Status.PENDING
        assert "Odd" in warnings_of(statement)[0]


class TestOrganisationStatement:
    ROWS = """SKD2,06-10-2026 09:31:00,06-10-2026 09:30:59,Pay merchant Charge,Completed,,-2.75,497.25,true,Charge,Safaricom,SKD1,
SKD1,06-10-2026 09:30:15,06-10-2026 09:30:14,From 2547****0111 - MARY ATIENO,Completed,500.00,,500.00,true,Pay Bill,2547****0111 - MARY ATIENO,,MEMBER-7
"""

    def test_is_known_by_its_columns(self) -> None:
        above = "Organization Name,HARAMBEE\nShort Code,600111\n\n"
        statement = only(f"{above}{PORTAL}\n{self.ROWS}")
        assert (statement.format, statement.account) == ("mpesa-org", "600111")
        assert [(line.reference, line.amount) for line in statement.lines] == [
            ("SKD1", 50000),
            ("SKD2", -275),
        ]
        assert "MEMBER-7" in statement.lines[0].text
        assert statement.lines[0].text.count("MARY ATIENO") == 1
        assert (statement.opening, statement.closing) == (0, 49725)
        assert warnings_of(statement) == []

    def test_may_lack_the_account_column(self) -> None:
        header = PORTAL.removesuffix(",A/C No.")
        rows = "\n".join(row.rpartition(",")[0] for row in self.ROWS.splitlines())
        assert only(f"{header}\n{rows}\n").format == "mpesa-org"

    def test_is_read_as_a_customers_when_somebody_says_so(self) -> None:
        assert only(f"{PORTAL}\n{self.ROWS}", format_name="mpesa").format == "mpesa"


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xef\xbb\xbf\n \n",
            b"%PDF-1.7 ...",
            b"PK\x03\x04...",
            b"\x00\x01\x02\x03binary",
            b"hello",
            f"{CUSTOMER}\nA1,2026-09-03 10:15:00,Pay,Completed,1,131,340.00,10.00\n".encode(),
            f'{CUSTOMER}\nA1,2026-09-03 10:15:00,"Pay,Completed,10.00,,10.00\n'.encode(),
            f"{CUSTOMER}\nA1,2026-09-31 10:15:00,Pay,Completed,10.00,,10.00\n".encode(),
            f"{CUSTOMER}\nA1,2026-09-03 10:15:00,Pay,Completed,ten,,10.00\n".encode(),
            f"{CUSTOMER}\nA1,2026-09-03 10:15:00,Pay,Completed,10.005,,10.00\n".encode(),
            f"{CUSTOMER}\nA1,2026-09-03 10:15:00,Pay,Completed,,,10.00\n".encode(),
            f"{CUSTOMER}\nA1,,Pay,Completed,10.00,,10.00\n".encode(),
            f"{CUSTOMER}\nA1,2026-09-03 10:15:00,Pay,Completed,10.00\n".encode(),
            f"{CUSTOMER}\nA1,2026-09-03 10:15:00,Pay,Completed,99999999999999999999,,10.00\n".encode(),
            f"{CUSTOMER}\nSKC1".encode(),
        ],
    )
    def test_is_refused_with_a_sentence(self, content: bytes) -> None:
        with pytest.raises(NotReadable) as refused:
            choosing.read(content)
        assert str(refused.value).endswith((".", "NAME."))

    def test_a_line_is_named(self) -> None:
        with pytest.raises(NotReadable, match="Line 3"):
            only(
                f"{CUSTOMER}\nA1,2026-09-03 10:15:00,Pay,Completed,10.00,,10.00\nA2,soon,Pay,Completed,1.00,,11.00\n"
            )

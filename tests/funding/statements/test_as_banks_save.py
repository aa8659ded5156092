"""Quirks of files that banks and mobile money really hand out, each in words and numbers of our own; and hostile files."""

import pytest

from funding.statements.formats import choosing
from funding.statements.formats.statement import NotReadable, Status
from tests.factories.statements import warned
from tests.funding.statements.test_camt import OUT, document, stmt
from tests.funding.statements.test_dialects import only
from tests.funding.statements.test_ofx import HEADER, SGML, XML
from tests.funding.statements.test_swift import STATEMENT

AMOUNTS = [-900, 150000, -1000, 250]


class TestSwift:
    def test_a_space_may_stand_behind_the_amount(self) -> None:
        text = STATEMENT.replace("D9,00N944NONREF", "D9,00 N944KREF+//B4400").replace(
            "RC10,NTRF", "RC10, NTRF"
        )
        assert [line.amount for line in only(text).lines] == AMOUNTS
        assert [line.reference for line in only(text).lines[::2]] == ["KREF+", "B4402"]

    def test_a_line_may_be_broken_before_its_amount(self) -> None:
        text = STATEMENT.replace("0903C1500,00", "0903C\n1500,00").replace("0902D9,00", "0902DR\n9,00")
        assert [line.amount for line in only(text).lines] == AMOUNTS

    def test_statements_may_have_no_reference_of_their_own(self) -> None:
        bare = "\n".join(STATEMENT.splitlines()[2:-1])
        second = bare.replace("EUR3236,28", "EUR4719,78").replace(
            "62F:C260903EUR4719,78", "62F:C260903EUR6203,28"
        )
        found = choosing.read(
            f"JUMUIYA1\n940\nJUMUIYA1\n{bare}\n-\nJUMUIYA1\n940\nJUMUIYA1\n{second}\n-\n".encode()
        )
        assert [(s.account, s.opening, s.closing) for s in found] == [
            ("517852257", 323628, 471978),
            ("517852257", 471978, 620328),
        ]
        assert [[line.amount for line in s.lines] for s in found] == [AMOUNTS, AMOUNTS]
        assert warned(found) == [[], []]

    @pytest.mark.parametrize("account", ["/517852257", "//517852257EUR"])
    def test_strokes_before_the_account_are_no_part_of_it(self, account: str) -> None:
        assert only(STATEMENT.replace("517852257", account)).account == "517852257"

    def test_words_that_look_like_an_account_begin_nothing(self) -> None:
        text = STATEMENT.replace("000000\n", "000000\n:25:166?00WORDS\n", 1)
        assert [line.amount for line in only(text).lines] == AMOUNTS

    def test_words_may_stand_in_two_fields(self) -> None:
        text = STATEMENT.replace(":61:2609030903RC10", ":86:and for the hall\n:61:2609030903RC10")
        assert [line.amount for line in only(text).lines] == AMOUNTS


class TestOfx:
    def test_the_tag_around_all_may_hold_more(self) -> None:
        for text in (HEADER + SGML, XML):
            for tag in ("<OFX >", '<OFX xmlns="urn:a-bank">'):
                spaced = text.replace("<OFX>", tag).replace("</OFX>", "</OFX >")
                assert repr(choosing.read(spaced.encode())) == repr(choosing.read(text.encode()))

    def test_a_cards_statement_may_end_as_an_accounts(self) -> None:
        (statement,) = choosing.read(XML.replace("</CCSTMTRS>", "</STMTRS>").encode())
        assert (statement.account, len(statement.lines)) == ("4111********1111", len(only(XML).lines))

    def test_letters_of_an_older_code_page_are_read_all_the_same(self) -> None:
        text = (HEADER + SGML).replace("Achieng", "Ach?eng").encode("cp1252").replace(b"Ach?", b"Ach\x81")
        assert b"CHARSET:1252" in text
        assert len(only(text).lines) == 3

    def test_a_balance_among_the_movements_is_none(self) -> None:
        row = "<STMTTRN><TRNTYPE>OTHER<DTPOSTED>00000000<TRNAMT>500.00<FITID>{}<MEMO>{}</STMTTRN>"
        for words in ("Saldo Anterior", "Saldo do dia", "Opening Balance"):
            text = SGML.replace("<STMTTRN>", f"{row.format('', words)}<STMTTRN>", 1)
            assert repr(only(HEADER + text).lines) == repr(only(HEADER + SGML).lines)
        dues = row.format("", "Opening balance of the hall").replace("00000000", "20260903")
        assert len(only(HEADER + SGML.replace("<STMTTRN>", f"{dues}<STMTTRN>", 1)).lines) == 4


class TestTables:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("BALANCE B/FWD", "BALANCE C/FWD"),
            ("Balance brought fwd", "Balance carried fwd"),
            ("Beginning balance as of 01/09/2026", "Ending balance as of 30/09/2026"),
            ("Bal b/d", "Bal c/d"),
            ("Previous Balance", "Closing Balance"),
        ],
    )
    def test_balances_go_by_many_names(self, before: str, after: str) -> None:
        text = (
            "Date,Details,Money Out,Money In,Balance,Reference\n"
            f'01.09.2026,{before},,,"10,000.00",\n'
            '02.09.2026,DUES,0.00,"2,000.00","12,000.00",FT1\n'
            '03.09.2026,LEDGER FEE,-100.00,0.00,"11,900.00",FT2\n'
            f'30.09.2026,{after},,,"11,900.00",\n'
            'Totals,,-100.00,"2,000.00",,\n'
        )
        statement = only(text)
        assert [line.amount for line in statement.lines] == [200000, -10000]
        assert (statement.opening, statement.closing) == (1000000, 1190000)

    def test_a_table_taken_out_of_a_pdf_is_read(self) -> None:
        header = '"Receipt No.","Completion Time","Details","Transaction\nStatus","Paid In","Withdraw\nn","Balance"\n'
        text = (
            f'{header}"TJ1AB2","2026-09-02 10:11:12","Customer Transfer to\n2547****111 - A","COMPLETED","","-500.00","1,500.00"\n'
            f'{header}"TJ1AB1","2026-09-01 10:11:12","Funds received","COMPLETED","2,000.00","","2,000.00"\n'
            "Disclaimer: this record is for your own use.\n"
        )
        statement = only(text)
        assert [(line.reference, line.amount) for line in statement.lines] == [
            ("TJ1AB1", 200000),
            ("TJ1AB2", -50000),
        ]
        assert (statement.opening, statement.closing) == (0, 150000)

    def test_a_header_and_words_may_be_broken_over_two_rows(self) -> None:
        text = (
            "MPESA FULL STATEMENT;;;;;;\n"
            "Receipt;Completion;Details;Transaction;Paid In;Withdrawn;Balance\nNo.;Time;;Status;;;\n"
            "TJ1AB1;2026-09-01 10:11:12;Funds received;Completed;2,000.00;;2,000.00\n"
            "TJ1AB2;2026-09-02 10:11:12;Pay Bill to THE;Completed;;-500.00;1,500.00\n;;HALL;;;;\n"
            "Receipt No.;Completion Time;Details;Transaction Status;Paid In;Withdrawn;Balance\n"
            "TJ1AB3;2026-09-03 10:11:12;Charge;Completed;;-7.00;1,493.00\n;;Total;;;;\n"
        )
        statement = only(text)
        assert [(line.amount, line.text) for line in statement.lines] == [
            (200000, "Funds received"),
            (-50000, "Pay Bill to THE HALL"),
            (-700, "Charge"),
        ]
        assert (statement.format, statement.opening, statement.closing) == ("mpesa", 0, 149300)

    def test_words_below_the_lines_belong_to_none(self) -> None:
        text = "Details,Date,Amount\nDues,2026-09-01,5.00\nThis is the end of the statement.,,\n"
        assert [line.text for line in only(text).lines] == ["Dues"]

    def test_figures_may_be_dressed_as_formulas(self) -> None:
        text = 'Account No ,="0180"\n\nDate,Details,Withdrawal Amt.,Deposit Amt.\n="03/09/2026",="DUES",=" ",="150.00"\n'
        statement = only(text)
        assert (statement.account, [line.text for line in statement.lines]) == ("0180", ["DUES"])
        assert [line.amount for line in statement.lines] == [15000]

    def test_a_file_of_mpesas_rows_alone_is_read(self) -> None:
        rows = "TJ80ABCDEF,2026-09-04 10:00:00,Hall,Completed,,-250.00,1000.00\n"
        older = "TJ80ABCDEE,2026-09-03 10:00:00,Dues,Completed,50.00,,1250.00\n"
        statement = only(rows + older)
        assert (statement.format, [line.amount for line in statement.lines]) == ("mpesa", [5000, -25000])
        assert (statement.opening, statement.closing, warned([statement])) == (120000, 100000, [[]])
        with pytest.raises(NotReadable):
            only(rows + older.replace(",Completed,", ",,"))

    def test_a_column_called_account_may_be_the_groups_own(self) -> None:
        rows = "0180,02/09/2026,DUES,T1,5.00\n0180,03/09/2026,HALL,T2,-1.00\n"
        header = "Account,Date,Transaction Remarks,Transaction Ref,Amount (KES)\n"
        statement = only(header + rows)
        assert (statement.account, [line.reference for line in statement.lines]) == ("0180", ["T1", "T2"])
        assert [line.text for line in statement.lines] == ["DUES", "HALL"]
        for other in (
            header + rows.replace("0180", "0190", 1),
            header + rows.replace("0180,", ",", 1),
            header + rows.replace("0180", "Savings"),
            header.replace("Transaction Remarks", "Payee") + rows,
        ):
            assert only(other).account is None

    def test_what_was_reversed_did_not_happen(self) -> None:
        text = (
            "Receipt No,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance\n"
            "A1,2026-09-01 10:00:00,Dues,Completed,500.00,,500.00\n"
            "A2,2026-09-01 11:00:00,Dues,Reversed,700.00,,500.00\n"
        )
        assert [line.status for line in only(text).lines] == [Status.BOOKED, Status.FAILED]
        assert warned([only(text)]) == [[]]


class TestAirtel:
    HEADER = "Date,Transation ID,Transaction Type,Description,From,To,Status,Amount,Fee,Balance\n"
    ROWS = (
        "2026-09-01 07:16:11,11,Merchant,Cash In,256700000001,256700000002,SUCCESS,+15000,0,16000\n"
        "2026-09-01 09:16:11,12,Merchant,Cash Out,256700000002,256700000001,SUCCESS,-+5000,25,11000\n"
        "2026-09-01 09:20:11,13,Merchant,Cash Out,256700000002,256700000001,ROLLBACKED,-5000,25,11000\n"
        "2026-09-02 09:16:11,14,Merchant,Cash Out,256700000002,256700000001,SUCCESS,-1000,5,10000\n"
    )

    def test_fees_that_the_amounts_hold_already_are_no_lines(self) -> None:
        statement = only(
            f"USER STATEMENT\nMobile Number : 256700000002\nCurrency,UGX\n\n{self.HEADER}{self.ROWS}"
        )
        assert (statement.format, statement.account, statement.currency) == ("airtel", "256700000002", "UGX")
        assert [(line.reference, line.amount, line.status.value) for line in statement.lines] == [
            ("11", 15000, "booked"),
            ("12", -5000, "booked"),
            ("13", -5000, "failed"),
            ("14", -1000, "booked"),
        ]
        assert (statement.opening, statement.closing, warned([statement])) == (1000, 10000, [[]])

    def test_fees_beside_the_amounts_are_lines(self) -> None:
        rows = self.ROWS.replace(",11000", ",10975").replace(",5,10000", ",5,9970")
        statement = only(f"Currency,UGX\n{self.HEADER}{rows}")
        assert [line.amount for line in statement.lines if line.status == Status.BOOKED] == [
            *(15000, -5000, -25, -1000, -5)
        ]
        assert warned([statement]) == [[]]

    def test_a_merchants_report_says_which_way_the_money_went(self) -> None:
        text = (
            "USER_TRANSACTION_REPORT\nAirtel,KES\n\n"
            "Transaction ID,Transaction Date and Time,Transaction Type,Service Name,Transaction Amount\n"
            "1,24-MAR-2026  18:35:57,MR,Merchant Payment,5000\n"
            "2,05-APR-26,MP,Wallet To Bank,4000\n"
            "3,05-APR-26,SCP,Charge,100\n"
        )
        assert [line.amount for line in only(text).lines] == [500000, -400000, -10000]


class TestNotifications:
    def test_entries_of_two_currencies_are_two_accounts(self) -> None:
        other = OUT.replace("EUR", "USD")
        text = document(stmt(OUT + other + OUT), "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08")
        text = text.replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn").replace("Stmt>", "Ntfctn>")
        found = choosing.read(text.encode())
        assert [(s.format, s.currency, len(s.lines)) for s in found] == [
            ("camt054", "EUR", 2),
            ("camt054", "USD", 1),
        ]
        assert len({s.account for s in found}) == 1
        with pytest.raises(NotReadable, match="entry 2"):
            only(document(stmt(OUT + other)))

    def test_what_comes_back_names_who_had_been_paid(self) -> None:
        parties = "<RltdPties><Dbtr><Nm>Ourselves</Nm></Dbtr><Cdtr><Nm>The hall</Nm></Cdtr></RltdPties>"
        back = (
            f'<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts>'
            f"<BookgDt><Dt>2026-09-02</Dt></BookgDt><NtryDtls><TxDtls>{parties}</TxDtls></NtryDtls></Ntry>"
        )
        (line,) = only(document(stmt(back))).lines
        assert (line.amount, line.text) == (500, "The hall; Reversal")
        (line,) = only(document(stmt(back.replace("CRDT", "DBIT")))).lines
        assert (line.amount, line.text) == (-500, "Ourselves; Reversal")


class TestWhatIsNoStatement:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"\n\n%PDF-1.4\n", "PDF"),
            (b"\xef\xbb\xbf%PDF-1.7\n", "PDF"),
            (b"GIF89a....", "picture"),
            (b"BZh91AY&SY", "packed"),
            (b"<!-- saved -->\n<html><body>Sign in again</body></html>", "web page"),
            (
                b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">\n<html></html>',
                "web page",
            ),
            (b"Date,Amount\n2026-09-01," + b"1" * 1_000_001, "longer"),
            (
                (HEADER + "<OFX>" + "<BANKTRANLIST>" * 5000 + "</BANKTRANLIST>" * 5000 + "</OFX>").encode(),
                "too deep",
            ),
            ((HEADER + SGML).encode() + b" " * 1_000_000 + b"x", "no end"),
        ],
    )
    def test_is_told_for_what_it_is(self, content: bytes, said: str) -> None:
        with pytest.raises(NotReadable, match=said):
            only(content)

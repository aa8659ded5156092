"""What banks and mobile money make of the formats, and what is no statement at all."""

import pytest

from funding.statements.formats import choosing, sheet
from funding.statements.formats.statement import NotReadable, Statement, Status
from tests.factories.statements import warned
from tests.funding.statements.test_camt import BALANCE, OUT, SOON, WHOLE, document, stmt
from tests.funding.statements.test_mpesa import CUSTOMER, PORTAL
from tests.funding.statements.test_ofx import HEADER, SGML
from tests.funding.statements.test_swift import INTERIM, STATEMENT


def only(content: str | bytes, **more: object) -> Statement:
    (statement,) = choosing.read(content.encode() if isinstance(content, str) else content, **more)  # type: ignore[arg-type]
    return statement


class TestSwiftDialects:
    def test_a_time_broken_over_two_lines_is_no_field(self) -> None:
        for time in ("16\n:26:37 Fo", "19\n:20:15 Uhr", "19\n:61:07 x", "10\n:25:00"):
            text = STATEMENT.replace("000000\n", f"000000 T{time}\n", 1)
            assert [line.amount for line in only(text).lines] == [-900, 150000, -1000, 250]

    def test_a_word_that_only_says_where_the_reference_stands_is_none(self) -> None:
        text = STATEMENT.replace("N944NONREF", "N944EREF            \nNL70ABNA0987654321", 1)
        assert only(text).lines[0].reference == ""

    @pytest.mark.parametrize("word", ["EREF", "PREF"])
    def test_a_reference_among_the_words_is_found(self, word: str) -> None:
        text = STATEMENT.replace("N944NONREF", f"N944{word}", 1).replace(
            "GIRO 428428", f"/{word}/DUES-9 2026/BENM//NAME/Hall"
        )
        assert only(text).lines[0].reference == "DUES-9 2026"
        assert only(text.replace("DUES-9 2026", "NOTPROVIDED")).lines[0].reference == ""

    def test_the_owners_among_the_words_comes_before_the_banks(self) -> None:
        text = STATEMENT.replace("N944NONREF", "N944EREF//B77", 1).replace(
            "GIRO 428428", "/EREF/DUES-9//MARF/M1"
        )
        assert only(text).lines[0].reference == "DUES-9"
        assert only(text.replace("/EREF/DUES-9/", "")).lines[0].reference == "B77"

    @pytest.mark.parametrize("account", ["517852257EUR", "517852257 EUR"])
    def test_the_currency_behind_the_account_is_no_part_of_it(self, account: str) -> None:
        assert only(STATEMENT.replace("517852257", account)).account == "517852257"

    def test_a_balance_may_leave_out_its_currency(self) -> None:
        statement = only(STATEMENT.replace("62F:C260903EUR", "62F:C260903"))
        assert (statement.currency, statement.closing, warned([statement])) == ("EUR", 471978, [[]])

    def test_noughts_before_an_amount_are_no_matter(self) -> None:
        assert only(STATEMENT.replace("EUR3236,28", "EUR000000000000003236,28")).opening == 323628

    def test_a_whole_message_may_say_nothing_of_a_closing_balance(self) -> None:
        text = STATEMENT.replace(":62F:C260903EUR4719,78\n:64:C260903EUR4719,78\n", "")
        for ended in (text, text.replace("-}\n", "-\n")):
            assert (only(ended).closing, len(only(ended).lines), len(warned([only(ended)])[0])) == (
                None,
                4,
                1,
            )
        assert [s.closing for s in choosing.read((text.replace("-}", "") + STATEMENT).encode())] == [
            None,
            471978,
        ]

    def test_a_stroke_among_the_words_ends_nothing(self) -> None:
        assert [line.amount for line in only(STATEMENT.replace("000000\n", "000000\n-\n")).lines] == [
            -900,
            150000,
            -1000,
            250,
        ]

    def test_a_piece_of_a_statement_is_known_for_what_it_is(self) -> None:
        with pytest.raises(NotReadable, match="SWIFT"):
            only(":60F:C260901EUR3236,28\n:61:2609020902D9,00N944NONREF\n")

    def test_words_in_a_field_of_the_banks_own_are_read(self) -> None:
        text = STATEMENT.replace(
            ":86:GIRO 428428 KPN BETALINGSKENMERK 000000\n 018503995",
            ":NS:01526715\n15Jumuiya Hall\n16Kibera",
        )
        assert "Jumuiya Hall" in only(text).lines[0].text

    def test_fields_may_be_indented_and_small(self) -> None:
        text = "\n".join(f" {line}" for line in STATEMENT.splitlines()[1:-1]).replace(
            "61:2609030903C", "61:2609030903c"
        )
        assert [line.amount for line in only(text).lines] == [-900, 150000, -1000, 250]

    def test_an_interim_report_may_lack_its_floor(self) -> None:
        text = "\n".join(line for line in INTERIM.splitlines() if not line.startswith(":34F"))
        assert (only(text).currency, len(only(text).lines)) == ("KES", 2)

    def test_many_messages_in_envelopes_are_many_statements(self) -> None:
        second = STATEMENT.replace("3236,28", "4719,78").replace(
            "62F:C260903EUR4719,78", "62F:C260903EUR6203,28"
        )
        found = choosing.read((STATEMENT + "{5:{CHK:1}}\n" + second).encode())
        assert warned(found) == [[], []]
        assert [str(s.closed_on) for s in found] == ["2026-09-03", "2026-09-03"]


class TestCamtDialects:
    def test_letters_that_are_not_what_the_file_says(self) -> None:
        assert (
            only(WHOLE.replace("The hall", "The hállo").encode("cp1252"))
            .lines[0]
            .text.startswith("The hállo")
        )

    def test_several_documents_in_one_file(self) -> None:
        assert len(choosing.read((WHOLE + "\n" + WHOLE).encode())) == 2
        within = f"<File>{WHOLE.partition('?>')[2]}{WHOLE.partition('?>')[2]}</File>"
        assert len(choosing.read(within.encode())) == 2

    def test_a_page_within_the_day_opens_and_closes_with_interim_balances(self) -> None:
        page = BALANCE.format("ITBD", "50.00", "CRDT", "2026-09-02") + BALANCE.format(
            "ITBD", "37.70", "CRDT", "2026-09-02"
        )
        statement = only(document(stmt(page + OUT)))
        assert (statement.opening, statement.closing, warned([statement])) == (5000, 3770, [[]])

    def test_a_balance_in_another_currency_is_none_of_this_account(self) -> None:
        other = BALANCE.format("CLBD", "9.00", "CRDT", "2026-09-04").replace("EUR", "SEK")
        statement = only(document(stmt(BALANCE.format("OPBD", "9.00", "CRDT", "2026-09-04") + other)))
        assert (statement.opening, statement.closing) == (900, None)

    def test_what_is_pending_may_have_no_day_yet(self) -> None:
        soon = SOON.replace("<ValDt><Dt>2026-09-05</Dt></ValDt>", "")
        made = "<CreDtTm>2026-09-04T18:00:00</CreDtTm>"
        assert [str(line.date) for line in only(document(stmt(made + soon))).lines] == ["2026-09-04"]

    def test_a_status_of_the_banks_own_is_pending_and_told(self) -> None:
        statement = only(WHOLE.replace("<Sts>PDNG</Sts>", "<Sts><Prtry>SOON</Prtry></Sts>"))
        assert statement.lines[-1].status == Status.PENDING
        assert "SOON" in warned([statement])[0][0]

    def test_the_day_of_the_closing_balance_is_known(self) -> None:
        assert str(only(WHOLE).closed_on) == "2026-09-04"

    def test_what_is_booked_without_a_day_has_that_of_the_file(self) -> None:
        bare = OUT.replace("<BookgDt><Dt>2026-09-02</Dt></BookgDt><ValDt><Dt>2026-09-04</Dt></ValDt>", "")
        text = document(stmt(bare)).replace(
            "<MsgId>1</MsgId>", "<MsgId>1</MsgId><CreDtTm>2026-09-05T08:00:00</CreDtTm>"
        )
        assert [str(line.date) for line in only(text).lines] == ["2026-09-05"]
        assert "no date" in warned([only(text)])[0][0]
        with pytest.raises(NotReadable, match="entry 1: There is no date"):
            only(document(stmt(bare)))

    def test_a_reversal_says_so_and_goes_the_way_that_is_written(self) -> None:
        back = next(line for line in only(WHOLE).lines if line.text == "Reversal")
        assert back.amount == 1230

    def test_a_bank_may_be_who_was_paid(self) -> None:
        bank = WHOLE.replace(
            "<Cdtr><Nm>The hall</Nm></Cdtr>",
            "<Cdtr><Agt><FinInstnId><Nm>A bank</Nm></FinInstnId></Agt></Cdtr>",
        )
        assert only(bank).lines[0].text.startswith("A bank; ")

    def test_a_report_of_the_day_is_told_from_a_statement(self) -> None:
        report = document("<Rpt/>", "urn:iso:std:iso:20022:tech:xsd:camt.052.001.08").replace(
            "BkToCstmrStmt", "BkToCstmrAcctRpt"
        )
        with pytest.raises(NotReadable, match=r"camt\.052"):
            only(report)


class TestOfxDialects:
    def test_the_currency_may_stand_with_the_movements_only(self) -> None:
        own = SGML.replace("<CURDEF>USD", "<CURDEF>").replace(
            "<FITID>", "<CURRENCY><CURRATE>1<CURSYM>AUD</CURRENCY><FITID>"
        )
        assert only(HEADER + own).currency == "AUD"

    @pytest.mark.parametrize("tag", ["", "<CURDEF>"])
    def test_a_currency_left_out_is_assumed_and_told(self, tag: str) -> None:
        text = HEADER + SGML.replace("<CURDEF>USD", tag)
        assert (only(text).currency, len(warned([only(text)])[0])) == ("KES", 1)
        assert (only(text, currency="EUR").currency, warned([only(text, currency="EUR")])[0]) == ("EUR", [])

    def test_movements_and_balances_may_have_other_marks(self) -> None:
        statement = only(HEADER + SGML.replace("<TRNAMT>-200.00", "<TRNAMT>+1 200,00"))
        assert (statement.closing, 120000 in {line.amount for line in statement.lines}) == (20029, True)

    def test_a_list_may_end_before_every_movement(self) -> None:
        again = SGML.replace("</STMTTRN>", "</STMTTRN></BANKTRANLIST>").replace(
            "</BANKTRANLIST></BANKTRANLIST>", "</BANKTRANLIST>"
        )
        assert len(only(HEADER + again).lines) == 3

    def test_a_program_may_sign_below_the_end(self) -> None:
        assert len(only(HEADER + SGML + "<!-- made by a program -->\n\x1a").lines) == 3

    def test_sections_that_never_end_are_words(self) -> None:
        with pytest.raises(NotReadable):
            only(HEADER + "<OFX>" + "<![CDATA[" * 50_000 + "</OFX>")


class TestBanksInKenya:
    @pytest.mark.parametrize(
        "header",
        [
            "Transaction Date,Value Date,Narrative,Transaction Reference,Debit,Credit,Running Balance",
            "TRANSACTION DATE,VALUE DATE,TRANSACTION DETAILS,BANK REFERENCE NUMBER,MONEY OUT,MONEY IN,LEDGER BALANCE",
            "Tran Date,Value Date,Tran Particulars,Ref No.,Withdrawals,Deposits,Balance",
            "Date,Value Date,Description,Cheque No.,Debit (KES),Credit (KES),Book Balance",
        ],
    )
    def test_are_read_without_a_mapping(self, header: str) -> None:
        rows = '01-09-2026,01-09-2026,Deposit,S1,,"15,000.00","75,000.00"\n02-09-2026,02-09-2026,FEE,S2,-150.00,,"74,850.00"'
        named = {"Tran Particulars": "Particulars", "Ref No.": "Ref No"}
        for one, other in named.items():
            header = header.replace(one, other)
        statement = only(f"Account Name,SOS MOTHERS\nAccount Number:,0180\n\n{header}\n{rows}\n")
        assert (statement.account, statement.currency) == ("0180", "KES")
        assert [(line.amount, line.reference) for line in statement.lines] == [
            (1500000, "S1"),
            (-15000, "S2"),
        ]
        assert (statement.opening, statement.closing) == (6000000, 7485000)

    def test_a_column_may_say_which_way_the_money_went(self) -> None:
        text = "Date,Description,Amount,Type\n01/09/2026,a,100.00,Debit\n02/09/2026,b,200.00,CR\n"
        assert [line.amount for line in only(text).lines] == [-10000, 20000]

    def test_shillings_are_written_in_many_ways(self) -> None:
        text = "Date,Description,Debit,Credit,Balance\n01/09/2026,a,Ksh. 100.00,,KSh 900/=\n02/09/2026,b,,1000 KES,1900.00Cr\n"
        statement = only(text)
        assert [line.amount for line in statement.lines] == [-10000, 100000]
        assert (statement.currency, warned([statement])[0]) == ("KES", [])


class TestColumnsThatTellMore:
    def test_the_currency_of_the_rows_counts(self) -> None:
        header = PORTAL.replace("Transaction Status,", "Transaction Status,Currency,")
        row = 'VF1,2026-01-15 10:00:00,,Collection,Completed,UGX,"125,000",,"125,000",true,,,,'
        assert (only(f"{header}\n{row}\n").currency, only(f"{header}\n{row}\n").lines[0].amount) == (
            "UGX",
            125000,
        )

    @pytest.mark.parametrize(
        "text",
        [
            "Date,Amount,Currency\n2026-09-01,1,KES\n2026-09-02,2,USD\n",
            "Date,Amount,Account Number\n2026-09-01,1,A1\n2026-09-02,2,A2\n",
            "Date,Account number,Counterparty name,Amount\n2026-09-01,A1,Ann,1\n2026-09-02,A2,Bea,2\n",
            "Date,IBAN,Name,Amount\n2026-09-01,A1,Ann,1\n2026-09-02,A2,Ann,2\n",
            "Date,IBAN,Name,Amount\n2026-09-01,A1,Ann,1\n2026-09-01,A1,Bea,1\n2026-09-02,A2,Cat,2\n2026-09-02,A2,Ann,2\n",
            "Date,IBAN,Amount\n2026-09-01,A1,1\n2026-09-02,A2,2\n",
            'Date,Amount\n2026-09-01,"KES 1,000.00"\n2026-09-02,USD 50.00\n',
            "Date,Amount,Balance\n2026-09-01,KES 10.00,KES 10.00\n2026-09-02,usd 5.00,15.00\n",
            "Date,Amount (KES)\n2026-09-01,10.00\n2026-09-02,USD 5.00\n",
            "Date,Amount,Currency\n2026-09-01,1,KES\n2026-09-02,€2.00,KES\n",
            "Currency:,KES\nDate,Amount,Fee\n2026-09-01,10.00,\n2026-09-02,5.00,1.00 USD\n",
            "Airtel Money\nTransaction ID,Transaction Date,Status,Amount\nA1,01-09-26,Success,UGX 50\nA2,02-09-26,Success,KES 5\n",
            f"{CUSTOMER}\nA1,2026-09-03 10:15:00,x,Completed,KES 500,,\nA2,2026-09-04 10:15:00,x,Completed,USD 5,,\n",
        ],
    )
    def test_a_mixture_is_refused(self, text: str) -> None:
        with pytest.raises(NotReadable, match="each account"):
            only(text)

    def test_one_who_pays_from_two_accounts_is_still_the_other_side(self) -> None:
        rows = "2026-09-01,D1,Ann,1\n2026-09-02,D2,Ann,2\n2026-09-03,D3,Bea,3\n2026-09-04,D4,Cat,4\n"
        assert only(f"Date,IBAN,Name,Amount\n{rows}").account is None

    def test_the_currency_beside_an_amount_counts_in_any_letters(self) -> None:
        assert only("Date,Amount\n2026-09-01,ugx 5000\n2026-09-02,1000 Cr\n").currency == "UGX"
        assert only(f"{CUSTOMER}\nA1,2026-09-03 10:15:00,x,Completed,UGX 500,,\n").currency == "UGX"

    def test_rows_without_an_amount_are_not_looked_for_among_all(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compared = []
        monkeypatch.setattr(sheet.Row, "__eq__", lambda one, other: compared.append(1) or one is other)
        rows = "2026-09-01,Note,,100.00\n" * 300
        statement = only(f"Date,Description,Amount,Balance\n{rows}")
        assert (len(statement.lines), {line.amount for line in statement.lines}) == (300, {0})
        assert len(compared) <= 300

    def test_what_is_not_completed_has_the_day_it_began(self) -> None:
        text = (
            "Type,Started Date,Completed Date,Description,Amount,Currency,State\n"
            "Transfer,2026-09-01 10:00:00,2026-09-01 10:00:05,In,50.00,EUR,COMPLETED\n"
            "Card,2026-09-02 10:00:00,,Shop,-5.00,EUR,PENDING\n"
        )
        assert [(str(line.date), line.status.value) for line in only(text).lines] == [
            ("2026-09-01", "booked"),
            ("2026-09-02", "pending"),
        ]

    def test_digits_of_other_scripts_are_digits(self) -> None:
        text = f"{CUSTOMER}\nA1,٢٠٢٦-٠٩-٠٣ ١٠:١٥:٠٠,x,Completed,٥٠٠٫٢٥,,۵۰۰٫۲۵\n"
        assert (only(text).lines[0].amount, only(text).closing) == (50025, 50025)


class TestWhatIsNoStatement:
    @pytest.mark.parametrize(
        "content",
        [
            b"<!DOCTYPE html><html><body>Session expired</body></html>",
            b"<html><head></head></html>",
            b"\x89PNG\r\n\x1a\n....",
            b"7z\xbc\xaf\x27\x1c",
            b'{"error": "expired"}',
            b"\n" * 500_000,
            b"Date,Amount\n" + b"\n" * 500_000,
            b'"' * 100_001 + b",\nDate,Amount\n2026-01-01,1\n",
            b"Date,Amount\n2026-01-01," + b"9" * 100_000,
            b"Date,Amount\n2026-01-01,1\x00\n",
        ],
    )
    def test_is_refused_with_a_sentence(self, content: bytes) -> None:
        with pytest.raises(NotReadable, match=r"\.$"):
            only(content)

    def test_an_older_code_page_is_read_all_the_same(self) -> None:
        assert only(b"Date,Description,Amount\n2026-09-01,caf\x82 \x81,5\n").lines[0].amount == 500

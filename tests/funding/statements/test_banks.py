"""Statements as banks of several countries save them; names and sums are invented, the shapes are not."""

import pytest

from funding.statements.formats import choosing
from funding.statements.formats.statement import NotReadable, Statement, Status
from tests.factories.statements import warned
from tests.funding.statements.test_mpesa import CUSTOMER, PORTAL

HEADER = "Date,Particulars,Money Out,Money In,Balance"
ROWS = "01-09-2026,Dues,,1000.00,11000.00\n02-09-2026,CHARGE,25.00,,10975.00"


def only(text: str, encoding: str = "utf-8") -> Statement:
    (statement,) = choosing.read(text.encode(encoding))
    return statement


NETHERLANDS = """"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mededelingen";"Saldo na mutatie"
"20260903";"J. Bakker";"NL01BANK0000000001";"NL02BANK0000000002";"GT";"Bij";"1100,00";"Huur";"1200,00"
"20260902";"Winkel";"NL01BANK0000000001";"";"BA";"Af";"12,50";"Pas 1";"100,00"
"""
GERMANY = """"Konto";"DE02 1203 0000 0000 2020 51"

"Buchungstag";"Wertstellung";"Vorgang";"Buchungstext";"Umsatz in EUR";
"03.09.2026";"03.09.2026";"Lastschrift";" Strom";"-12,34";
"02.09.2026";"02.09.2026";"Gutschrift";" Spende";"1.000,00";
"Alter Kontostand";"246,90 EUR";
"""
TWO_SIDES = """Letzter Kontostand;;;;1.234,56;EUR
Buchungstag;Wert;Begünstigter / Auftraggeber;Verwendungszweck;IBAN;Betrag;Soll;Haben;Währung
03.09.2026;03.09.2026;Strom;Abschlag;DE01;-12,34;-12,34;;EUR
02.09.2026;02.09.2026;Achieng;Spende;DE02;1.000,00;;1.000,00;EUR
Kontostand;03.09.2026;;;1.234,56;EUR
"""
FRANCE = """Date;Libellé;Débit euros;Crédit euros;
03/09/2026;MARCHE;12,34;;
02/09/2026;DON;;1 000,00;
"""
POLAND = """#Data operacji;#Opis operacji;#Rachunek;#Kwota;
2026-09-03;"SKLEP  ";"konto 1";-12,34 PLN;;
2026-09-02;"WPLATA";"konto 1";1 000,00 PLN;;
"""
SWITZERLAND = """Produit;Monn.;Date de valeur;Description;N° de transaction;Débit;Crédit;Solde
0123 A;CHF;03.09.2026;Prix;A01;10.00;;11'373.94
0123 A;CHF;02.09.2026;Don;A02;;240.00;11'383.94
"""
WALLET = """Date,Time,Name,Status,Currency,Gross,Fee,Net,Transaction ID,Balance
03/09/2026,10:00:00,Shop,Completed,EUR,-12.34,0.00,-12.34,1AB,87.66
02/09/2026,10:00:00,Donor,Completed,EUR,103.00,-3.00,100.00,2AB,100.00
"""


class TestBanks:
    @pytest.mark.parametrize(
        ("text", "currency", "opening", "closing", "amounts"),
        [
            (NETHERLANDS, "EUR", 11250, 120000, [-1250, 110000]),
            (GERMANY, "EUR", 24690, None, [100000, -1234]),
            (TWO_SIDES, "EUR", None, 123456, [100000, -1234]),
            (FRANCE, "EUR", None, None, [100000, -1234]),
            (POLAND, "PLN", None, None, [100000, -1234]),
            (SWITZERLAND, "CHF", 1114394, 1137394, [24000, -1000]),
            (WALLET, "EUR", 0, 8766, [10300, -300, -1234]),
        ],
    )
    def test_are_read_as_they_are_saved(
        self, text: str, currency: str, opening: int | None, closing: int | None, amounts: list[int]
    ) -> None:
        statement = only(text)
        assert (statement.currency, statement.opening, statement.closing) == (currency, opening, closing)
        assert [line.amount for line in statement.lines] == amounts
        assert warned([statement]) == [[]]

    def test_in_older_letters(self) -> None:
        texts = [[line.text for line in only(TWO_SIDES, e).lines] for e in ("utf-8", "cp1252", "utf-16")]
        assert texts[0] == texts[1] == texts[2]

    def test_numbers_of_those_who_paid_are_not_the_account(self) -> None:
        assert only(TWO_SIDES).account is None
        assert only(NETHERLANDS).account == "NL01BANK0000000001"

    def test_what_was_taken_back_before_it_moved_has_failed(self) -> None:
        text = "Type,Completed Date,Description,Amount,Currency,State\nCard,2026-09-02 10:00:00,Shop,-5.00,EUR,REVERTED\n"
        assert only(text).lines[0].status == Status.FAILED


class TestBalancesBesideTheLines:
    def test_may_be_torn_by_the_marks_between_thousands(self) -> None:
        text = f"A BANK\nOpening Balance: 10,000.00\nCurrency: KES\n{HEADER}\n{ROWS}\nClosing Balance: 10,975.00\nPage 1\n"
        statement = only(text)
        assert (statement.opening, statement.closing, warned([statement])) == (1000000, 1097500, [[]])

    def test_may_stand_in_a_column_of_money(self) -> None:
        text = (
            'Balance at end of period,,,,"+31070,11"\nDate,Operation Number,Label,Debit,Credit,Detail\n'
            '01/09/26,OP 1,ONE,"-50,00",,X\n02/09/26,OP 2,TWO,,"1119,34",Y\nBalance at start of period,,,,"+30000,77",\n'
        )
        statement = only(text)
        assert (statement.opening, statement.closing) == (3000077, 3107011)
        assert [line.amount for line in statement.lines] == [-5000, 111934]

    def test_name_the_currency_in_any_letters(self) -> None:
        text = (
            'Airtel Money\nMobile Number,0700000001\nOpening Balance,"Ugx 10,000"\nClosing Balance,"Ugx 4,000"\n\n'
            "Transaction ID,Transaction Date,Description,Status,Transaction Amount,Credit/Debit,Fee,Balance\n"
            "9001,01-09-26 08:17 AM,In,Success,5000,Credit,0,15000\n9002,02-09-26 08:17 PM,Out,Success,10000,Debit,1000,4000\n"
        )
        statement = only(text)
        assert (statement.format, statement.currency) == ("airtel", "UGX")
        assert (statement.opening, statement.closing, warned([statement])) == (10000, 4000, [[]])


class TestMobileMoney:
    def test_a_time_alone_is_of_the_day_on_which_it_began(self) -> None:
        statement = only(
            f"{PORTAL}\nQA1,15:50,20-04-2026 15:49,Pay Bill,Completed,100,,66,TRUE,Pay,2547,,12345\n"
        )
        assert [(str(line.date), line.amount) for line in statement.lines] == [("2026-04-20", 10000)]

    def test_the_words_may_be_called_transaction_details(self) -> None:
        header = "Receipt No,Completion Time,Transaction Type,Transaction Details,Transaction Status,Paid In,Withdrawn,Balance"
        statement = only(
            f'{header}\nSJ8,2026-09-03 09:14:22,Deposit,Paybill 1 - dues,Completed,"35,000.00","0.00","135,000.00"\n'
        )
        assert (statement.format, statement.lines[0].text) == ("mpesa", "Paybill 1 - dues")

    def test_a_line_that_moved_nothing_is_kept_and_told(self) -> None:
        rows = "QJ2,2026-09-16 09:10:00,Pay,Completed,,-500.00,500.00\nQJ3,2026-09-16 09:12:00,Charge,Completed,,,500.00"
        statement = only(f"{CUSTOMER}\n{rows}\n")
        assert [line.amount for line in statement.lines] == [-50000, 0]
        assert len(warned([statement])[0]) == 1
        with pytest.raises(NotReadable, match="Line 3 has no amount"):
            only(f"{CUSTOMER}\n{rows.replace(',,,500.00', ',,,400.00')}\n")


class TestQuotationMarksInsideNames:
    QUOTED = '"Date","Name","Details","Amount"\n"2026-09-02","Duka "Jamii"","Rent, hall","-10.00"\n\n"2026-09-03","A ""B"" C","x","5.00",\n'

    def test_are_part_of_the_name(self) -> None:
        lines = only(self.QUOTED).lines
        assert [line.amount for line in lines] == [-1000, 500]
        assert [line.text for line in lines] == ['Rent, hall; Duka "Jamii"', 'x; A "B" C']

    def test_one_that_is_not_closed_is_told_with_its_line(self) -> None:
        with pytest.raises(NotReadable, match=r"^Line "):
            only(self.QUOTED.replace('"x","5.00",', '"x","5.00'))

"""OFX in both syntaxes, after the specification's own examples."""

import pytest

from funding.statements.formats import choosing
from funding.statements.formats.statement import NotReadable, Status

HEADER = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""
SGML = """<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260930<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1001<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>121099999<ACCTID>999988<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260901<DTEND>20260930
<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20260904120000.000[-5:EST]<TRNAMT>-200.00<FITID>00002<CHECKNUM>1000<MEMO></STMTTRN>
<STMTTRN><TRNTYPE>ATM<DTPOSTED>20260920<TRNAMT>-300.5<FITID>00003<NAME>Caf&eacute; &amp; Co<MEMO>Tea</STMTTRN>
<STMTTRN><TRNTYPE>DEP<DTPOSTED>20260921<TRNAMT>+50<FITID>00004<PAYEE><NAME>Achieng<CITY>Kisumu</PAYEE></STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>200.29<DTASOF>20260930</LEDGERBAL><AVAILBAL><BALAMT>1.00<DTASOF>20260930</AVAILBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
XML = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><TRNUID>1</TRNUID><CCSTMTRS><CURDEF>JPY</CURDEF>
<CCACCTFROM><ACCTID>4111********1111</ACCTID></CCACCTFROM>
<BANKTRANLIST><DTSTART>20260901</DTSTART><DTEND>20260930</DTEND>
<STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20260905</DTPOSTED><TRNAMT>-1200</TRNAMT><FITID>X2</FITID><NAME><![CDATA[Tea <&> Co]]></NAME></STMTTRN>
<STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20260904</DTPOSTED><TRNAMT>-800</TRNAMT><FITID>X1</FITID><NAME>Hall</NAME><MEMO/></STMTTRN>
</BANKTRANLIST>
<BANKTRANLISTP><DTASOF>20260930</DTASOF><STMTTRNP><TRNTYPE>DEBIT</TRNTYPE><DTTRAN>20260930</DTTRAN><TRNAMT>-5</TRNAMT><NAME>Soon</NAME></STMTTRNP></BANKTRANLISTP>
<LEDGERBAL><BALAMT>-2000</BALAMT><DTASOF>20260930</DTASOF></LEDGERBAL></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>
"""


class TestSgml:
    def test_is_read_with_its_closing_balance_only(self) -> None:
        (statement,) = choosing.read((HEADER + SGML).encode())
        assert (statement.format, statement.account, statement.currency) == ("ofx", "999988", "USD")
        assert (statement.opening, statement.closing) == (None, 20029)
        assert [line.amount for line in statement.lines] == [-20000, -30050, 5000]
        assert [line.reference for line in statement.lines] == ["00002", "00003", "00004"]
        assert [line.text for line in statement.lines] == ["", "Café & Co; Tea", "Achieng"]
        assert statement.lines[0].date.isoformat() == "2026-09-04"

    def test_letters_are_what_the_header_says(self) -> None:
        (statement,) = choosing.read((HEADER + SGML.replace("Tea", "Thé")).encode("cp1252"))
        assert statement.lines[1].text.endswith("Thé")

    def test_a_comma_may_stand_before_the_decimals(self) -> None:
        content = (HEADER + SGML.replace("-300.5<", "-300,5<").replace("-200.00", "-200,00")).encode()
        (statement,) = choosing.read(content.replace(b"200.29", b"200,29").replace(b"1.00<DT", b"1,00<DT"))
        assert [line.amount for line in statement.lines] == [-20000, -30050, 5000]

    def test_may_stand_on_one_line(self) -> None:
        assert (
            choosing.read((HEADER.replace("\n", " ") + SGML.replace("\n", "")).encode())[0].closing == 20029
        )


class TestXml:
    def test_is_read_oldest_first_with_what_is_pending(self) -> None:
        (statement,) = choosing.read(XML.encode())
        assert (statement.account, statement.currency, statement.closing) == (
            "4111********1111",
            "JPY",
            -2000,
        )
        booked = [line for line in statement.lines if line.status == Status.BOOKED]
        assert [(line.reference, line.amount) for line in booked] == [("X1", -800), ("X2", -1200)]
        assert [line.text for line in statement.lines if line.status == Status.PENDING] == ["Soon"]
        assert "Tea <&> Co" in {line.text for line in statement.lines}

    def test_several_accounts_are_several_statements(self) -> None:
        inner = XML[XML.index("<CREDITCARDMSGSRSV1>") : XML.index("</OFX>")]
        both = XML.replace("</OFX>", inner.replace("4111", "5222") + "</OFX>")
        assert [s.account for s in choosing.read(both.encode())] == ["4111********1111", "5222********1111"]


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(
        "text",
        [
            HEADER,
            HEADER + SGML[: len(SGML) // 2],
            HEADER + SGML.replace("</STMTTRN>", "", 1),
            HEADER + SGML.replace("<CURDEF>USD", "<CURDEF>shillings"),
            HEADER + SGML.replace("<TRNAMT>-200.00", "<TRNAMT>"),
            HEADER + SGML.replace("<DTPOSTED>20260920", ""),
            HEADER + SGML.replace("<DTPOSTED>20260920", "<DTPOSTED>20260020"),
            HEADER + SGML.replace("<FITID>00003", "<FITID>00003<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY>"),
            HEADER + "<OFX><SIGNONMSGSRSV1></SIGNONMSGSRSV1></OFX>",
            XML.replace("<OFX>", '<!DOCTYPE a [<!ENTITY b "c">]><OFX>'),
        ],
    )
    def test_is_refused_with_a_sentence(self, text: str) -> None:
        with pytest.raises(NotReadable, match=r"\.$|\)$"):
            choosing.read(text.encode())

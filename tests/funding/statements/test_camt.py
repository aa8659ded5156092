"""camt.053 and camt.054 in old and new versions, after the standard's examples."""

import pytest

from funding.statements.formats import choosing
from funding.statements.formats.statement import NotReadable, Status
from tests.factories.statements import warned

BALANCE = (
    "<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{}</Amt>"
    "<CdtDbtInd>{}</CdtDbtInd><Dt><Dt>{}</Dt></Dt></Bal>"
)
ACCOUNT = "<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>"
OUT = """<Ntry><NtryRef>7</NtryRef><Amt Ccy='EUR'>12.30</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-09-02</Dt></BookgDt><ValDt><Dt>2026-09-04</Dt></ValDt><AcctSvcrRef>BANK-1</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Nm>Us</Nm></Dbtr><Cdtr><Nm>The hall</Nm></Cdtr></RltdPties>
<RmtInf><Ustrd>Rent</Ustrd><Ustrd>September</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
BATCH = """<Ntry><Amt Ccy='EUR'>30</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-09-03T09:30:47+02:00</DtTm></BookgDt>
<AcctSvcrRef>BANK-2</AcctSvcrRef><NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>
<TxDtls><Refs><EndToEndId>DUES-1</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy='EUR'>10.00</Amt></TxAmt></AmtDtls>
<RltdPties><Dbtr><Nm>Achieng</Nm></Dbtr></RltdPties></TxDtls>
<TxDtls><Refs><EndToEndId>DUES-2</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy='EUR'>20.00</Amt></TxAmt></AmtDtls>
<RltdPties><Dbtr><Nm>Baraka</Nm></Dbtr></RltdPties></TxDtls>
</NtryDtls></Ntry>"""
BACK = """<Ntry><Amt Ccy='EUR'>12.30</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts><BookgDt><Dt>2026-09-03</Dt></BookgDt></Ntry>"""
SOON = """<Ntry><Amt Ccy='EUR'>5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><ValDt><Dt>2026-09-05</Dt></ValDt></Ntry>"""
BALANCES = BALANCE.format("OPBD", "100.00", "CRDT", "2026-09-01") + BALANCE.format(
    "CLBD", "130.00", "CRDT", "2026-09-04"
)


def document(inside: str, namespace: str = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02") -> str:
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='{namespace}'><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>"
        f"{inside}</BkToCstmrStmt></Document>"
    )


def stmt(inside: str) -> str:
    return f"<Stmt><Id>1</Id>{ACCOUNT}{inside}</Stmt>"


WHOLE = document(stmt(BALANCES + OUT + BATCH + BACK + SOON))


class TestStatement:
    def test_is_read_with_its_balances(self) -> None:
        (statement,) = choosing.read(WHOLE.encode())
        assert (statement.format, statement.account) == ("camt053", "DE02120300000000202051")
        assert (statement.currency, statement.opening, statement.closing) == ("EUR", 10000, 13000)
        assert warned([statement]) == [[]]

    def test_payments_of_a_batch_are_lines_of_their_own(self) -> None:
        lines = choosing.read(WHOLE.encode())[0].lines
        assert [line.amount for line in lines] == [-1230, 1000, 2000, 1230, 500]
        assert [line.reference for line in lines] == ["BANK-1", "DUES-1", "DUES-2", "", ""]
        assert [line.text for line in lines[:3]] == ["The hall; Rent; September", "Achieng", "Baraka"]
        assert lines[0].date.isoformat() == "2026-09-02"
        assert lines[-1].status == Status.PENDING

    def test_a_batch_whose_payments_do_not_make_it_up_stays_one_line(self) -> None:
        (statement,) = choosing.read(WHOLE.replace(">20.00<", ">21.00<").encode())
        assert [line.amount for line in statement.lines] == [-1230, 3000, 1230, 500]
        assert len(warned([statement])[0]) == 1

    def test_several_statements_are_told_apart(self) -> None:
        two = document(
            stmt(BALANCES + OUT) + stmt(BALANCES.replace("100.00", "130.00")).replace("EUR", "TND")
        )
        one, other = choosing.read(two.encode())
        assert (one.currency, other.currency, other.opening) == ("EUR", "TND", 130000)

    def test_the_balance_before_stands_in_for_the_opening(self) -> None:
        assert choosing.read(WHOLE.replace("OPBD", "PRCD").encode())[0].opening == 10000

    def test_of_many_days_the_first_and_the_last_balance_count(self) -> None:
        more = BALANCE.format("CLBD", "1.00", "CRDT", "2026-09-02") + BALANCE.format(
            "OPBD", "9.00", "CRDT", "2026-09-02"
        )
        (statement,) = choosing.read(document(stmt(BALANCES + more)).encode())
        assert (statement.opening, statement.closing) == (10000, 13000)

    def test_no_balances_are_no_balances(self) -> None:
        (statement,) = choosing.read(document(stmt(OUT)).encode())
        assert (statement.opening, statement.closing) == (None, None)

    def test_overdrawn_is_negative_and_what_does_not_add_up_is_told(self) -> None:
        (statement,) = choosing.read(
            WHOLE.replace("100.00</Amt><CdtDbtInd>CRDT", "100.00</Amt><CdtDbtInd>DBIT").encode()
        )
        assert statement.opening == -10000
        assert "does not add up" in warned([statement])[0][0]

    @pytest.mark.parametrize(
        "version", ["001.01", "001.02", "001.04", "001.06", "001.08", "001.10", "001.13"]
    )
    def test_every_version_is_read(self, version: str) -> None:
        text = WHOLE.replace("camt.053.001.02", f"camt.053.{version}")
        if version >= "001.07":
            text = text.replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>").replace(
                "<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>"
            )
            text = text.replace("<Dbtr><Nm>Baraka</Nm></Dbtr>", "<Dbtr><Pty><Nm>Baraka</Nm></Pty></Dbtr>")
        lines = choosing.read(text.encode())[0].lines
        assert [line.status for line in lines].count(Status.PENDING) == 1
        assert "Baraka" in [line.text for line in lines]

    def test_prefixes_and_encodings_are_no_matter(self) -> None:
        text = (
            WHOLE.replace("xmlns=", "xmlns:n=")
            .replace("</", "</n:")
            .replace("<", "<n:")
            .replace("<n:/n:", "</n:")
        )
        text = text.replace("<n:?", "<?").replace("UTF-8", "UTF-16")
        assert len(choosing.read(text.encode("utf-16"))[0].lines) == 5

    def test_entries_are_counted(self) -> None:
        summary = "<TxsSummry><TtlNtries><NbOfNtries>9</NbOfNtries></TtlNtries></TxsSummry>"
        assert len(choosing.read(document(stmt(BALANCES + summary)).encode())[0].warnings) == 1


class TestNotification:
    def test_has_lines_and_no_balances(self) -> None:
        text = document(stmt(OUT + BATCH), "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08")
        text = text.replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn").replace("Stmt>", "Ntfctn>")
        (statement,) = choosing.read(text.encode())
        assert (statement.format, statement.opening, statement.closing) == ("camt054", None, None)
        assert [line.amount for line in statement.lines] == [-1230, 1000, 2000]


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(
        "text",
        [
            WHOLE[: len(WHOLE) // 2],
            WHOLE.replace("<CdtDbtInd>DBIT</CdtDbtInd>", ""),
            WHOLE.replace("12.30", "12.345"),
            WHOLE.replace("12.30", "twelve"),
            WHOLE.replace("<Amt Ccy='EUR'>30</Amt>", "<Amt Ccy='USD'>30</Amt>"),
            WHOLE.replace("<BookgDt><Dt>2026-09-03</Dt></BookgDt>", ""),
            WHOLE.replace("<Ccy>EUR</Ccy>", "").replace("Ccy='EUR'", ""),
            document(""),
            "<Document><Nothing/></Document>",
            WHOLE.replace("UTF-8", "KLINGON"),
        ],
    )
    def test_is_refused_with_a_sentence(self, text: str) -> None:
        with pytest.raises(NotReadable, match=r"\.$|\)$"):
            choosing.read(text.encode())

    @pytest.mark.parametrize(
        "declared",
        [
            '<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;"><!ENTITY n "&m;&m;&m;&m;">]>',
            '<!DOCTYPE a [<!ENTITY l SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
            '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
        ],
    )
    def test_entities_are_not_followed(self, declared: str) -> None:
        text = WHOLE.replace("?><", f"?>{declared}<", 1).replace("Rent", "&l;")
        with pytest.raises(NotReadable, match="entities"):
            choosing.read(text.encode())

    def test_a_format_that_somebody_named_wrongly_is_told(self) -> None:
        with pytest.raises(NotReadable, match="camt054"):
            choosing.read(WHOLE.encode(), format_name="camt054")

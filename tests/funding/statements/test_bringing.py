"""Bringing statements: whole or not at all, and nothing twice."""

import pytest

from funding.statements import commands, queries
from funding.statements.commands import CannotBring
from funding.statements.formats import choosing
from funding.statements.models import AccountPlace, Booked, Details, LineState
from funding.statements.rules import Refusal, is_too_long
from network import clock
from tests.factories.funding import Officers, make_officers
from tests.factories.statements import Moved, a_day, adding_up, bring, lines_of, mpesa
from tests.support.app import in_scope

MOVES = [
    Moved("SKC1", a_day(9), 500),
    Moved("SKC2", a_day(8), -200, "Pay Bill to 123"),
    Moved("SKC2", a_day(8), -5, "Pay Bill Charge"),
    Moved("SKC3", a_day(7), -50, "Withdrawal", "Failed"),
    Moved("SKC4", a_day(6), 100, "Reversal of SKC2"),
]


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def undated(reference: str, ago: int) -> bytes:
    """A bank's statement with one entry that has no date."""
    return (
        "<Document><BkToCstmrStmt><Stmt>"
        f"<CreDtTm>{a_day(ago)}T08:00:00</CreDtTm><Acct><Id><IBAN>DE01</IBAN></Id><Ccy>KES</Ccy></Acct>"
        "<Ntry><Amt Ccy='KES'>50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"
        f"<AcctSvcrRef>{reference}</AcctSvcrRef><AddtlNtryInf>Dues</AddtlNtryInf></Ntry></Stmt></BkToCstmrStmt></Document>"
    ).encode()


class TestBringStatements:
    def test_each_line_is_kept_once_with_what_names_nobody(self, people: Officers) -> None:
        brought = bring(people, mpesa(MOVES))
        assert (brought.new, brought.known) == (5, 0)
        lines = lines_of(people)
        assert sorted(line.amount for line in lines) == [-20000, -5000, -500, 10000, 50000]
        assert {line.details for line in lines} == {Details.PAYMENT, Details.CHARGE, Details.REVERSAL}
        assert [line.status for line in lines].count(Booked.FAILED) == 1
        assert {line.state for line in lines} == {LineState.OPEN}
        assert lines[0].words == "Funds received from 2547****0111 - MARY ATIENO"

    def test_the_same_file_again_adds_nothing(self, people: Officers) -> None:
        first = bring(people, mpesa(MOVES))
        again = bring(people, mpesa(MOVES))
        assert (again.new, again.known) == (0, 5)
        assert again.statements[0].id == first.statements[0].id
        assert len(lines_of(people)) == 5

    def test_a_file_that_overlaps_adds_only_what_is_new(self, people: Officers) -> None:
        bring(people, mpesa(MOVES[:3]))
        brought = bring(people, mpesa(MOVES[1:], opening=1500))
        assert (brought.new, brought.known) == (2, 2)
        assert len(lines_of(people)) == 5

    def test_a_charge_with_the_receipt_of_its_payment_is_a_line_of_its_own(self, people: Officers) -> None:
        same = [Moved("S1", a_day(), -10, "Pay Bill"), Moved("S1", a_day(), -10, "Pay Bill Charge")]
        assert bring(people, mpesa(same)).new == 2
        assert bring(people, mpesa([*same, Moved("S2", a_day(), 1)])).new == 1

    def test_two_that_are_equal_in_everything_are_two(self, people: Officers) -> None:
        text = f"Date,Description,Amount\n{a_day(3)},Tea,-50\n{a_day(3)},Tea,-50\n{a_day(2)},Tea,-50\n"
        assert bring(people, text.encode(), place=AccountPlace.BANK).new == 3
        longer = f"{text}{a_day(1)},Tea,-50\n"
        brought = bring(people, longer.encode(), place=AccountPlace.BANK)
        assert (brought.new, brought.known) == (1, 3)

    def test_a_file_that_begins_between_two_equals_is_told_by_its_balances(self, people: Officers) -> None:
        head = "Date,Description,Amount,Balance\n"
        first, second = f"{a_day(3)},Tea,-50,950\n", f"{a_day(3)},Tea,-50,900\n"
        bring(people, f"{head}{first}".encode(), place=AccountPlace.BANK)
        assert bring(people, f"{head}{second}".encode(), place=AccountPlace.BANK).new == 1
        assert bring(people, f"{head}{first}{second}".encode(), place=AccountPlace.BANK).new == 0

    def test_what_was_pending_is_the_same_line_once_it_is_booked(self, people: Officers) -> None:
        text = f"Date,Description,Reference,Amount,Status\n{a_day(3)},Card,R1,-50,Pending\n"
        bring(people, text.encode(), place=AccountPlace.BANK)
        brought = bring(people, text.replace("Pending", "Booked").encode(), place=AccountPlace.BANK)
        assert (brought.new, brought.known) == (0, 1)
        assert [line.status for line in lines_of(people)] == [Booked.BOOKED]

    def test_an_entry_without_a_day_is_known_again_by_its_code(self, people: Officers) -> None:
        first, second = undated("BANK-1", 4), undated("BANK-1", 2)
        bring(people, first, place=AccountPlace.BANK)
        brought = bring(people, second, place=AccountPlace.BANK)
        assert (brought.new, brought.known) == (0, 1)
        assert [line.booked_on for line in lines_of(people)] == [a_day(4)]
        assert brought.statements[0].notes

    @pytest.mark.parametrize("reference", ["", "7", "254711000111"])
    def test_without_a_code_the_dues_of_two_months_are_two(self, people: Officers, reference: str) -> None:
        bring(people, undated(reference, 32), place=AccountPlace.BANK)
        assert bring(people, undated(reference, 2), place=AccountPlace.BANK).new == 1

    def test_without_a_code_whoever_brings_it_is_asked_whether_it_is_the_same(self, people: Officers) -> None:
        """Nothing tells an overlapping file's line from another gift of the same amount: a person decides."""
        said = []
        for content in (undated("", 32), undated("", 30), undated("", 2).replace(b"50.00", b"60.00")):
            brought = bring(people, content, place=AccountPlace.BANK)
            with in_scope(people.group):
                said.append(len(queries.notes_of(queries.get_statement(brought.statements[0].id))))
        assert said == [1, 2, 1]
        assert len(lines_of(people)) == 3

    def test_a_line_of_nothing_is_left_aside_at_once(self, people: Officers) -> None:
        text = f"Date,Description,Amount\n{a_day(3)},Note,0.00\n{a_day(2)},Tea,-50\n"
        bring(people, text.encode(), place=AccountPlace.BANK)
        assert [line.state for line in lines_of(people)] == [LineState.IGNORED, LineState.OPEN]

    def test_a_reference_that_may_be_a_name_or_a_number_is_kept_with_the_words(
        self, people: Officers
    ) -> None:
        text = (
            f"Date,Description,Reference,Amount\n{a_day(4)},Dues,MARY ATIENO,50\n{a_day(3)},Dues,254711000111,50\n"
            f"{a_day(2)},Dues,FT26-244/9,50\n"
        )
        bring(people, text.encode(), place=AccountPlace.BANK)
        lines = lines_of(people)
        assert [line.reference for line in lines] == [None, None, "FT26-244/9"]
        assert [line.words for line in lines] == ["MARY ATIENO; Dues", "254711000111; Dues", "Dues"]


class TestAccounts:
    def test_an_account_gets_its_name_when_a_file_names_it(self, people: Officers) -> None:
        bring(people, mpesa(MOVES[:2]))
        named = b"Short Code,600111\n" + mpesa(MOVES)
        assert bring(people, named).known == 2
        other = b"Short Code,600222\n" + mpesa(MOVES)
        assert bring(people, other).new == 5
        with in_scope(people.group):
            assert [one.number for one in queries.accounts()] == ["600111", "600222"]

    def test_where_there_are_several_somebody_says_which(self, people: Officers) -> None:
        for number in ("600111", "600222"):
            bring(people, f"Short Code,{number}\n".encode() + mpesa(MOVES))
        with pytest.raises(CannotBring) as refused:
            bring(people, mpesa(MOVES))
        assert refused.value.refusal == Refusal.WHICH_ACCOUNT
        with in_scope(people.group):
            account = queries.accounts()[0]
        assert bring(people, mpesa(MOVES), account=account).new == 0


class TestWhatIsNotBrought:
    @pytest.mark.parametrize(
        ("content", "place", "refusal"),
        [
            (mpesa(MOVES), AccountPlace.BANK, Refusal.MOBILE_MONEY_SAYS),
            (b"Date,Amount,Currency\n2026-01-01,1,USD\n", AccountPlace.BANK, Refusal.OTHER_CURRENCY),
            (b"Date,Description,Amount\n", AccountPlace.BANK, Refusal.NOTHING_IN_IT),
            (b"Date,Amount\n" + b"2026-01-01,1\n" * 5001, AccountPlace.BANK, Refusal.TOO_MANY_LINES),
            (b"Date,Amount\n" + b" " * 1_500_000, AccountPlace.BANK, Refusal.TOO_LARGE),
        ],
    )
    def test_leaves_nothing_behind(
        self, people: Officers, content: bytes, place: AccountPlace, refusal: Refusal
    ) -> None:
        with pytest.raises(CannotBring) as refused:
            bring(people, content, place=place)
        assert refused.value.refusal == refusal
        with in_scope(people.group):
            assert (queries.accounts(), lines_of(people)) == ([], [])

    @pytest.mark.parametrize(
        "content",
        [
            b"Date,Amount\n" + b"2026-01-01,1\n" * 20_100,
            b"<Document>" + b"<a:Ntry><x/></a:Ntry>\n" * 5_100,
            b"<OFX>" + b"<stmttrn>" * 5_100,
            b":20:X\n" + b":61:2601010101C1,00NMSC\n" * 5_100,
            ("<Document>" + "<Ntry >" * 5_100).encode("utf-16"),
            b"Date,Amount,:61:\n" + b"2026-01-01,1\n" * 20_100,
            b"<Document><Ntry>" + b"<TxDtls>\n" * 5_100,
        ],
        ids=["csv", "camt", "ofx", "mt940", "utf-16", "csv that has the mark of another", "a batch"],
    )
    def test_what_is_far_too_long_is_not_even_read(
        self, people: Officers, monkeypatch: pytest.MonkeyPatch, content: bytes
    ) -> None:
        monkeypatch.setattr(choosing, "read", lambda *_, **__: pytest.fail("it was read"))
        with in_scope(people.group), pytest.raises(CannotBring) as refused:
            commands.read(content, format_name=None, columns=None)
        assert refused.value.refusal == Refusal.TOO_MANY_LINES

    def test_what_is_only_written_on_many_lines_is_read(self) -> None:
        payment = b":61:2601010101C1,00NMSC\n:86:one\n" + b"two\n" * 5
        transaction = b"<STMTTRN>\n" + b"<A>1\n" * 9 + b"</STMTTRN>\n"
        pretty = b"<Document>\n" + (b"<Ntry>\n" + b"<x/>\n" * 40 + b"</Ntry>\n") * 1_000
        for content in (payment * 4_900, b"OFXHEADER:100\n<OFX>\n" + transaction * 4_900, pretty):
            assert not is_too_long(content)


class TestAddingUp:
    def test_is_asked_again_from_the_lines(self, people: Officers) -> None:
        sums = adding_up(people, bring(people, mpesa(MOVES)).statements[0])
        assert (sums.came_in, sums.went_out, sums.difference, sums.breaks) == (60000, 20500, 0, {})

    @pytest.mark.parametrize("runs", ["latest first", "oldest first"])
    def test_where_it_breaks_is_found_in_either_direction(self, people: Officers, runs: str) -> None:
        head, *rows = mpesa(MOVES).decode().strip().split("\n")
        del rows[3]  # the charge is missing
        if runs == "oldest first":
            rows.reverse()
        sums = adding_up(people, bring(people, "\n".join([head, *rows]).encode()).statements[0])
        assert sums.difference == -500 or sums.breaks
        assert len(sums.breaks) == 1


class TestTakeAway:
    def test_goes_with_the_lines_no_other_statement_lists(self, people: Officers) -> None:
        bring(people, mpesa(MOVES[:3]))
        second = bring(people, mpesa(MOVES[1:], opening=1500)).statements[0]
        with in_scope(people.group, people.treasurer):
            commands.take_away_statement(
                queries.get_statement(second.id), by=people.treasurer.id, now=clock.now()
            )
        assert len(lines_of(people)) == 3
        assert bring(people, mpesa(MOVES[1:], opening=1500)).new == 2

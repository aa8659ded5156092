"""What must hold for any statement, and for any file that was one once."""

import contextlib
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.statements.formats import amounts, choosing, dates
from funding.statements.formats.statement import NotReadable
from network.currencies import minor_digits
from tests.factories.statements import warned
from tests.funding.statements.test_camt import WHOLE
from tests.funding.statements.test_command import ONE_OF_EACH
from tests.funding.statements.test_mpesa import CUSTOMER, PORTAL, TestOrganisationStatement
from tests.funding.statements.test_ofx import XML
from tests.funding.statements.test_swift import STATEMENT
from tests.funding.statements.test_tables import AIRTEL

CURRENCIES = st.sampled_from(["KES", "UGX", "KWD", "EUR"])
AMOUNTS = st.integers(-(10**12), 10**12)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
SHAPES = ("%Y-%m-%d %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d-%b-%Y %I:%M:%S %p", "%Y%m%d")
FILES = [
    *(text.encode() for text in ONE_OF_EACH.values()),
    f"{PORTAL}\n{TestOrganisationStatement.ROWS}".encode("utf-8-sig"),
    AIRTEL.encode("utf-16"),
    XML.encode(),
    WHOLE.replace("053", "054")
    .replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
    .replace("Stmt>", "Ntfctn>")
    .encode(),
]


def written(amount: int, currency: str, mark: str) -> str:
    digits = minor_digits(currency)
    whole, part = divmod(abs(amount), 10**digits)
    grouped = f"{whole:,}".replace(",", "." if mark == "," else ",")
    return ("-" if amount < 0 else "") + grouped + (f"{mark}{part:0{digits}d}" if digits else "")


@given(AMOUNTS, CURRENCIES, st.sampled_from([".", ","]))
def test_an_amount_comes_back_as_it_was_written(amount: int, currency: str, mark: str) -> None:
    assert amounts.minor(written(amount, currency, mark), currency, mark) == amount
    assert amounts.minor(amounts.shown(amount, currency), currency) == amount


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)), st.sampled_from(SHAPES))  # noqa: DTZ001 - files name no zone
def test_a_day_comes_back_as_it_was_written(moment: datetime, shape: str) -> None:
    assert dates.read(moment.strftime(shape)).date() == moment.date()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-(10**9), 10**9).filter(bool), st.integers(0, 1)), min_size=1, max_size=25
    ),
    st.integers(0, 10**9),
    st.sampled_from(["onward", "latest first"]),
    DAYS,
)
def test_any_mobile_money_statement_comes_back_and_adds_up(
    movements: list[tuple[int, int]], opening: int, runs: str, day: date
) -> None:
    rows, balance, moment = [], opening, datetime(day.year, day.month, day.day)  # noqa: DTZ001
    for number, (amount, pause) in enumerate(movements):
        balance += amount
        moment += timedelta(minutes=pause)  # now and then two in the same minute
        money_in = written(amount, "KES", ".") if amount > 0 else ""
        money_out = written(amount, "KES", ".") if amount < 0 else ""
        rows.append(
            f'R{number},{moment:%d/%m/%Y %H:%M},x,Completed,"{money_in}","{money_out}","{written(balance, "KES", ".")}"'
        )
    if runs == "latest first":
        rows.reverse()
    (statement,) = choosing.read("\n".join([CUSTOMER, *rows]).encode())
    assert sum(line.amount for line in statement.lines) == sum(amount for amount, _ in movements)
    assert (statement.opening, statement.closing) == (opening, balance)
    assert warned([statement]) == [[]]


@given(st.lists(AMOUNTS.filter(bool), max_size=20), AMOUNTS)
def test_any_swift_statement_comes_back_and_adds_up(movements: list[int], opening: int) -> None:
    def mark(amount: int) -> str:
        return "D" if amount < 0 else "C"

    def money(amount: int) -> str:
        return f"{abs(amount) // 100},{abs(amount) % 100:02d}"

    closing = opening + sum(movements)
    head, _, _ = STATEMENT.partition(":60F:")
    lines = [f":61:260902{mark(amount)}{money(amount)}NTRFNONREF" for amount in movements]
    balances = [
        f":60F:{mark(opening)}260901EUR{money(opening)}",
        f":62F:{mark(closing)}260903EUR{money(closing)}",
    ]
    (statement,) = choosing.read((head + "\n".join([balances[0], *lines, balances[1], "-"])).encode())
    assert [line.amount for line in statement.lines] == movements
    assert warned([statement]) == [[]]


def tried(content: bytes, name: str | None = None) -> bool:
    """Whether it was read; anything but a plain sentence comes through."""
    with contextlib.suppress(NotReadable):
        warned(choosing.read(content, format_name=name))
        return True
    return False


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(FILES), st.data())
def test_a_cut_file_is_read_or_refused_with_a_sentence(content: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(content)))
    assert tried(content[:cut]) in {True, False}
    assert tried(content[cut:]) in {True, False}


@settings(deadline=None, max_examples=600)
@given(
    st.sampled_from(FILES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8)
)
def test_a_file_with_flipped_bytes_is_read_or_refused_with_a_sentence(
    content: bytes, flips: list[tuple[float, int]]
) -> None:
    broken = bytearray(content)
    for where, byte in flips:
        broken[int(where * (len(content) - 1))] = byte
    assert tried(bytes(broken)) in {True, False}


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300), st.sampled_from([None, *choosing.NAMES]))
def test_garbage_is_refused_with_a_sentence(content: bytes, name: str | None) -> None:
    assert tried(content, name) in {True, False}


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(FILES), st.sampled_from(list(choosing.NAMES)))
def test_a_file_of_another_format_is_refused_with_a_sentence(content: bytes, name: str) -> None:
    assert tried(content, name) in {True, False}


@pytest.mark.parametrize("content", [f for f in FILES if b"<" in f or b":62F:" in f])
def test_a_cut_file_of_messages_is_never_read(content: bytes) -> None:
    ends = [content.rstrip(b"\n-}").rfind(b"\n:62F:") + 8, len(content) - 8]
    stop = ends[0] if b":62F:" in content else ends[1]
    assert not any(tried(content[:cut]) for cut in range(0, stop, 7))

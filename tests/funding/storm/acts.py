"""What people do in a storm: choosing an act, and doing it as the person whose it is. Told "done", or why not."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from funding.budgets.commands import CannotBudget
from funding.closings import commands as closings
from funding.closings.commands import CannotClose
from funding.closings.rules import Wish
from funding.contributions import commands as contributions
from funding.contributions.rules import Given
from funding.counts.commands import CannotCount
from funding.expenses import commands as expenses
from funding.grants import commands as grants
from funding.grants.commands import CannotGrant
from funding.grants.models import Closing, ClosingState, Grant, Tranche
from funding.handover.commands import CannotHandOver
from funding.income import commands as income
from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.ledger.commands import CannotPost
from funding.ledger.models import Draft, Journal
from funding.ledger.rules import Cost, DraftState, EntryKind, Fund, Place
from funding.matching.commands import CannotSettle
from funding.periods import commands as periods
from funding.periods import queries as periods_read
from funding.periods.commands import CannotChange
from funding.periods.rules import end_of_month, end_of_month_before
from funding.statements.commands import CannotBring
from funding.welfare import commands as welfare
from funding.welfare.commands import CannotHelp
from funding.welfare.models import HardshipRequest, Need
from funding.welfare.queries import get_request
from network import clock
from network.db import db
from tests.factories.grants import END, START
from tests.funding.storm import handing_over, outside_acts
from tests.funding.storm.world import NOTHING_TO_DO, Act, Scene
from tests.support.app import in_scope

REFUSED = (
    CannotPost,
    CannotChange,
    CannotGrant,
    CannotClose,
    CannotBudget,
    CannotHelp,
    CannotBring,
    CannotSettle,
    CannotCount,
    CannotHandOver,
)
DONE, GONE = "done", "gone"
DRAFTED = {EntryKind.EXPENSE, EntryKind.BETWEEN_FUNDS, EntryKind.REVERSAL}
Work = Callable[[Act, Scene], object]


def choose(chance: Random, world: list[Scene]) -> Act:
    """Something somebody might do now, with its key made before it is sent."""
    what = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    where = chance.randrange(len(world))
    place = world[where]
    with in_scope(place.group_id, place.treasurer):
        values = CHOOSE.get(what, _amounts)(chance, place)
    return Act(what, where, str(uuid.UUID(int=chance.getrandbits(128), version=4)), values)


def perform(act: Act, world: list[Scene]) -> str:
    """Do it, in a transaction of its own."""
    place = world[act.where]
    by = act.values.get("by") or str(place.treasurer)
    try:
        with in_scope(place.group_id, uuid.UUID(by)):
            return NOTHING_TO_DO if PERFORM[act.what](act, place) is NOTHING_TO_DO else DONE
    except NotFound:  # somebody took it back meanwhile
        return GONE
    except REFUSED as refused:
        return str(refused.refusal)


def _today() -> date:
    return clock.today("Africa/Nairobi")


def _day(chance: Random) -> str:
    """Mostly lately; often around the end of a month; now and then where it cannot be."""
    ends = end_of_month_before(_today())
    near = [ends + timedelta(days=days) for days in (-1, 0, 1, -31, -62)]
    back = [_today() - timedelta(days=chance.randrange(70)) for _ in range(9)]
    return str(
        chance.choice([*near, *back, _today(), _today() + timedelta(days=1), _today() - timedelta(days=367)])
    )


def _amounts(chance: Random, place: Scene) -> dict[str, Any]:
    source, target = chance.sample(list(Place), 2)
    return {"amount": chance.choice([1, chance.randrange(1, 3_000), 99_999]), "place": source, "target": target, "on": _day(chance)}  # fmt: skip


def _income(chance: Random, place: Scene) -> dict[str, Any]:
    return _amounts(chance, place) | {
        "fund": chance.choice(list(Fund)),
        "words": chance.choice(["", "from a friend"]),
    }


def _sheet(chance: Random, place: Scene) -> dict[str, Any]:
    given = [
        [str(member), where, chance.randrange(1, 2_000)]
        for member in place.members for where in (Place.CASH, Place.MOBILE_MONEY) if chance.random() < 0.5
    ]  # fmt: skip
    return {"given": given or [[str(place.members[0]), Place.CASH, 7]], "on": _day(chance)}


def _expense(chance: Random, place: Scene) -> dict[str, Any]:
    funds = [Fund.GENERAL, Fund.WELFARE, *(fund.code for fund in book.open_funds())]
    return _amounts(chance, place) | {"fund": chance.choice(funds)}


def _fund_move(chance: Random, place: Scene) -> dict[str, Any]:
    source, target = chance.sample(list(Fund), 2)
    return _amounts(chance, place) | {"source": source, "into": target}


def _one_of(chance: Random, ids: sa.Select[Any]) -> str:
    found = list(db.session.scalars(ids.limit(12)))
    return str(chance.choice(found)) if found else ""


def _waiting(chance: Random, place: Scene) -> dict[str, Any]:
    ids = sa.select(Draft.id).where(Draft.state == DraftState.WAITING).order_by(Draft.recorded_at)
    return {"draft": _one_of(chance, ids), "by": str(chance.choice(place.seconds))}


def _standing(chance: Random, place: Scene) -> dict[str, Any]:
    return {"entry": _one_of(chance, sa.select(Journal.id).order_by(Journal.number.desc()))}


def _months(chance: Random, place: Scene) -> dict[str, Any]:
    change = periods_read.find_waiting()
    last = end_of_month_before(_today())
    return {
        "change": str(change.id) if change else "",
        "through": str(end_of_month(last - timedelta(days=31 * chance.randrange(4)))),
        "closed": str(book.closed_through() or ""),
        "by": str(chance.choice(place.seconds)),
    }


def _grant(chance: Random, place: Scene) -> dict[str, Any]:
    closing = db.session.scalar(sa.select(Closing.id).where(Closing.state == ClosingState.WAITING).limit(1))
    ids = (
        sa.select(Grant.id)
        .where(Grant.fund.in_([fund.code for fund in book.open_funds()]))
        .order_by(sa.func.random())
    )
    part = sa.select(Tranche.id).where(Tranche.entry_id.is_(None)).order_by(Tranche.id)
    return _amounts(chance, place) | {
        "grant": _one_of(chance, ids), "part": _one_of(chance, part), "closing": str(closing or ""),
        "share": [chance.randrange(1, 9), chance.randrange(1, 9)], "by": str(chance.choice(place.seconds)),
    }  # fmt: skip


def _ask(chance: Random, place: Scene) -> dict[str, Any]:
    return {"amount": chance.randrange(1, 2_000), "by": str(place.asking)}


def _help(chance: Random, place: Scene) -> dict[str, Any]:
    """One of the latest requests, as the treasurer sees them; with its code, as the row may be gone by then."""
    latest = (
        sa.select(HardshipRequest.id, HardshipRequest.code).order_by(HardshipRequest.filed_at.desc()).limit(6)
    )
    found = db.session.execute(latest).all()
    request_id, code = chance.choice(found) if found else ("", "")
    return {
        "request": str(request_id), "code": code, "agrees": chance.random() < 0.9, "place": chance.choice(list(Place)),
        "by": str(chance.choice([place.treasurer, *place.seconds])),
    }  # fmt: skip


def _own_help(chance: Random, place: Scene) -> dict[str, Any]:
    return _help(chance, place) | {"by": str(place.asking)}


def _post_income(act: Act, place: Scene) -> object:
    v = act.values
    return income.record_income(
        kind=EntryKind.OTHER_INCOME, amount=v["amount"], place=Place(v["place"]), fund=v["fund"],
        received_on=date.fromisoformat(v["on"]), words=v["words"], by=place.treasurer, now=clock.now(), key=act.id,
    )  # fmt: skip


def _save_sheet(act: Act, place: Scene) -> object:
    given = [Given(uuid.UUID(member), where, amount) for member, where, amount in act.values["given"]]
    on = date.fromisoformat(act.values["on"])
    return contributions.save_sheet(given, received_on=on, by=place.treasurer, now=clock.now(), key=act.id)


def _transfer(act: Act, place: Scene) -> object:
    v = act.values
    return income.record_transfer(
        source=Place(v["place"]), target=Place(v["target"]), amount=v["amount"], moved_on=date.fromisoformat(v["on"]),
        words="", by=place.treasurer, now=clock.now(), key=act.id,
    )  # fmt: skip


def _move_funds(act: Act, place: Scene) -> object:
    v = act.values
    return income.record_fund_move(
        source=v["source"], target=v["into"], amount=v["amount"], moved_on=date.fromisoformat(v["on"]), words="",
        by=place.treasurer, now=clock.now(), key=act.id,
    )  # fmt: skip


def _spend(act: Act, place: Scene) -> object:
    v = act.values
    return expenses.record_expense(
        cost=Cost.VENUE, amount=v["amount"], place=Place(v["place"]), fund=v["fund"],
        spent_on=date.fromisoformat(v["on"]), words="rooms", by=place.treasurer, now=clock.now(), key=act.id,
    )  # fmt: skip


def _confirm(act: Act, place: Scene) -> object:
    found = book.find_draft(uuid.UUID(act.values["draft"])) if act.values["draft"] else None
    if found is None:
        return NOTHING_TO_DO
    return ledger.confirm_draft(found, by=uuid.UUID(act.values["by"]), now=clock.now())


def _refuse(act: Act, place: Scene) -> object:
    found = book.find_draft(uuid.UUID(act.values["draft"])) if act.values["draft"] else None
    if found is None:
        return NOTHING_TO_DO
    return ledger.refuse_draft(found, by=uuid.UUID(act.values["by"]), why_not="no", now=clock.now())


def _take_back(act: Act, place: Scene) -> object:
    found = book.find_entry(uuid.UUID(act.values["entry"])) if act.values["entry"] else None
    if found is None:
        return NOTHING_TO_DO
    return ledger.draft_reversal(found, by=place.treasurer, reason="twice", now=clock.now())


def _erase(act: Act, place: Scene) -> object:
    found = book.find_entry(uuid.UUID(act.values["entry"])) if act.values["entry"] else None
    return ledger.erase_memo(found, by=place.treasurer, now=clock.now()) if found else NOTHING_TO_DO


def _share(act: Act, place: Scene) -> object:
    day, percent = _today() - timedelta(days=act.values["amount"] % 40), act.values["amount"] % 101
    return welfare.decide_share(
        percent=percent, from_on=day, decided_on=day, by=place.treasurer, now=clock.now()
    )


def _ask_for_help(act: Act, place: Scene) -> object:
    return welfare.file_request(
        need=Need.TRAVEL, amount=act.values["amount"], words="", by=place.asking, now=clock.now()
    )


def _answer(act: Act, place: Scene) -> object:
    if not act.values["request"]:
        return NOTHING_TO_DO
    request, by = get_request(uuid.UUID(act.values["request"])), uuid.UUID(act.values["by"])
    return welfare.answer_request(request, by=by, agrees=act.values["agrees"], now=clock.now())


def _pay(act: Act, place: Scene) -> object:
    if not act.values["request"]:
        return NOTHING_TO_DO
    request, by = get_request(uuid.UUID(act.values["request"])), uuid.UUID(act.values["by"])
    return welfare.pay_request(request, place=Place(act.values["place"]), by=by, now=clock.now())


def _let_it_be(act: Act, place: Scene) -> object:
    if not act.values["request"]:
        return NOTHING_TO_DO
    welfare.take_back(get_request(uuid.UUID(act.values["request"])), by=place.asking)
    return DONE


def _close_months(act: Act, place: Scene) -> object:
    through = date.fromisoformat(act.values["through"])
    return periods.ask_to_close(through, by=place.treasurer, now=clock.now())


def _reopen_months(act: Act, place: Scene) -> object:
    if not act.values["closed"]:
        return NOTHING_TO_DO
    before = end_of_month_before(date.fromisoformat(act.values["closed"]))
    return periods.ask_to_reopen(before, reason="late", by=place.treasurer, now=clock.now())


def _agree_months(act: Act, place: Scene) -> object:
    if not act.values["change"]:
        return NOTHING_TO_DO
    change = periods_read.get_change(uuid.UUID(act.values["change"]))
    return periods.agree(change, by=uuid.UUID(act.values["by"]), now=clock.now())


def _write_grant(act: Act, place: Scene) -> object:
    terms = grants.Terms(
        name=act.key, funder="A funder", funder_kind="county", purpose="Meetings", amount=200_000, starts_on=START,
        ends_on=END, is_restricted=False,
    )  # fmt: skip
    written = grants.write_grant(terms, by=place.treasurer, now=clock.now())
    return grants.add_tranche(
        written, expected_on=None, amount=50_001, condition="", by=place.treasurer, now=clock.now()
    )


def _receive(act: Act, place: Scene) -> object:
    v = act.values
    part = db.session.get(Tranche, uuid.UUID(v["part"])) if v["part"] else None
    if part is None:
        return NOTHING_TO_DO
    return grants.receive_tranche(
        part, amount=v["amount"], place=Place(v["place"]), received_on=date.fromisoformat(v["on"]), by=place.treasurer,
        now=clock.now(), key=act.id,
    )  # fmt: skip


def _close_grant(act: Act, place: Scene) -> object:
    grant = db.session.get(Grant, uuid.UUID(act.values["grant"])) if act.values["grant"] else None
    if grant is None:
        return NOTHING_TO_DO
    left = closings.left_at(grant)
    shares = (
        dict(zip((Fund.GENERAL, Fund.WELFARE), act.values["share"], strict=True))
        if sum(left.values())
        else {}
    )
    wish = Wish(0, None, {str(fund): parts for fund, parts in shares.items()})
    return closings.ask_to_close(
        grant, wish, closes_on=_today(), words="over", by=place.treasurer, now=clock.now()
    )


def _agree_closing(act: Act, place: Scene) -> object:
    closing = db.session.get(Closing, uuid.UUID(act.values["closing"])) if act.values["closing"] else None
    if closing is None:
        return NOTHING_TO_DO
    return closings.agree(closing, by=uuid.UUID(act.values["by"]), now=clock.now())


PERFORM: dict[str, Work] = {
    "income": _post_income, "sheet": _save_sheet, "transfer": _transfer, "fund move": _move_funds, "expense": _spend,
    "confirm": _confirm, "refuse": _refuse, "take back": _take_back, "erase": _erase, "share": _share,
    "close months": _close_months, "reopen months": _reopen_months, "agree months": _agree_months,
    "grant": _write_grant, "receive": _receive, "close grant": _close_grant, "agree closing": _agree_closing,
    "ask for help": _ask_for_help, "answer": _answer, "pay": _pay, "let it be": _let_it_be,
    "bring": outside_acts.bring, "write from line": outside_acts.write_from, "join": outside_acts.join,
    "count": outside_acts.count, "sign count": outside_acts.sign_count, "count again": outside_acts.count_again,
    "another treasurer": handing_over.change_treasurer, "count all": handing_over.count, "hand over": handing_over.sign,
}  # fmt: skip
CHOOSE: dict[str, Callable[[Random, Scene], dict[str, Any]]] = {
    "income": _income, "sheet": _sheet, "expense": _expense, "fund move": _fund_move, "confirm": _waiting, "refuse": _waiting,
    "take back": _standing, "erase": _standing, "close months": _months, "reopen months": _months, "agree months": _months,
    "receive": _grant, "close grant": _grant, "agree closing": _grant,
    "ask for help": _ask, "answer": _help, "pay": _help, "let it be": _own_help,
    "bring": outside_acts.choose_file, "write from line": outside_acts.choose_line, "join": outside_acts.choose_line,
    "count": outside_acts.choose_count, "sign count": outside_acts.choose_count, "count again": outside_acts.choose_count,
    "another treasurer": handing_over.choose_keeper, "count all": handing_over.choose, "hand over": handing_over.choose,
}  # fmt: skip
WEIGHTS = {
    "income": 14, "sheet": 16, "transfer": 8, "fund move": 5, "expense": 16, "confirm": 28, "refuse": 5, "take back": 5,
    "erase": 1, "share": 1, "close months": 3, "reopen months": 2, "agree months": 4, "grant": 1, "receive": 2,
    "close grant": 1, "agree closing": 2, "ask for help": 4, "answer": 12, "pay": 10, "let it be": 1,
    "bring": 3, "write from line": 5, "join": 5,
    "count": 4, "sign count": 8, "count again": 1,
    "another treasurer": 2, "count all": 7, "hand over": 12,
}  # fmt: skip
KEYED = ("income", "sheet", "transfer", "fund move", "expense", "receive", "write from line")
"""Acts that may be sent again under their key; of the others the second sending is answered that it is so already."""
ONCE_ONLY = ("share", "grant", "ask for help")
"""Acts without a key of their own: whoever got no answer looks first, and does not send them again."""

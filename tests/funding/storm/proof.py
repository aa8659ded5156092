"""What must hold after a storm: asked of the rows, and of the diaries of those who were told that something was done."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from funding.contributions.models import Contribution, ContributionSheet
from funding.counts.models import CashCount
from funding.grants.models import Closing
from funding.ledger.models import Draft
from funding.ledger.queries.whole import whole_book
from funding.ledger.rules import CHART, AccountKind, DraftState, EntryKind, Written
from funding.verification import queries as checks
from network.db import db
from tests.funding.storm import handing_over, outside_acts
from tests.funding.storm.acts import DONE, KEYED
from tests.funding.storm.world import Act, Diary, Scene
from tests.support.app import in_scope

AT_ONCE = ("income", "sheet", "transfer", "receive", "write from line")
"""Acts whose entry is in the book under the act's own key, without a second person."""
DRAFTS = ("expense", "fund move")


@dataclass
class Said:
    """Everything the workers wrote down, together."""

    acts: dict[uuid.UUID, Act]
    told: dict[str, str]
    noted: Counter[str]


def gather(diaries: Sequence[Diary]) -> Said:
    noted: Counter[str] = Counter()
    for diary in diaries:
        for line in diary.read():
            if "noted" in line:
                noted[line["noted"]] += line["number"]
    return Said(
        {act.id: act for diary in diaries for act in diary.acts()},
        {key: told for diary in diaries for key, told in diary.told().items()},
        noted,
    )


def faults(world: list[Scene], said: Said) -> Iterator[str]:
    """What does not hold, in words; nothing where all does."""
    with in_scope(world[0].group_id):
        yield from (f"{fault.row}: {fault.what}" for fault in checks.faults_of_guards())
    for number, place in enumerate(world):
        mine = {key: act for key, act in said.acts.items() if act.where == number}
        with in_scope(place.group_id, place.treasurer):
            yield from (f"{place.currency}: {fault.row}: {fault.what}" for fault in checks.faults())
            written = [one.written for one in whole_book()]
            entries = {one.id: one for one in written}
            drafts = {draft.id: draft for draft in db.session.scalars(sa.select(Draft))}
            for fault in (
                *_below_nothing(written), *_unknown(place, mine, entries, drafts), *_lost(mine, said.told, entries, drafts),
                *_otherwise(mine, entries, drafts), *_decided(mine, said.told, drafts),
                *outside_acts.faults(), *outside_acts.counted(written), *_helped(mine, said.told, written, drafts),
                *handing_over.faults(mine, said.told, written),
            ):  # fmt: skip
                yield f"{place.currency}: {fault}"


def _assets(entry: Written, by: str = "account") -> Counter[str]:
    sums: Counter[str] = Counter()
    for line in entry.lines:
        if CHART[line.account] is AccountKind.ASSET:
            sums[getattr(line, by)] += line.amount
    return sums


def _below_nothing(written: Sequence[Written]) -> Iterator[str]:
    """No place and no fund held less than nothing after any entry, in the order they were written."""
    for by in ("account", "fund"):
        held: Counter[str] = Counter()
        for entry in written:
            for name, amount in _assets(entry, by).items():
                held[name] += amount
                if held[name] < 0 and amount < 0:
                    yield f"entry {entry.number} left {held[name]} in {name}"


def _unknown(
    place: Scene,
    mine: dict[uuid.UUID, Act],
    entries: dict[uuid.UUID, Written],
    drafts: dict[uuid.UUID, Draft],
) -> Iterator[str]:
    """Everything that stands was begun by somebody."""
    closings = {
        uuid.uuid5(closing, EntryKind.BETWEEN_FUNDS) for closing in db.session.scalars(sa.select(Closing.id))
    }
    begun = {key for key, act in mine.items() if act.what in AT_ONCE} | place.known | closings
    confirmed = {draft.journal_id for draft in drafts.values() if draft.state == DraftState.POSTED}
    confirmed |= (
        set(db.session.scalars(sa.select(CashCount.journal_id))) | handing_over.entries_of_differences()
    )
    yield from (f"nobody wrote entry {entries[one].number}" for one in entries.keys() - begun - confirmed)
    asked = {key for key, act in mine.items() if act.what in DRAFTS} | place.known
    yield from (
        f"nobody wrote what waits as {one.id}"
        for one in drafts.values() if one.id not in asked and one.kind not in (EntryKind.REVERSAL, EntryKind.HARDSHIP)
    )  # fmt: skip


def _lost(
    mine: dict[uuid.UUID, Act],
    told: dict[str, str],
    entries: dict[uuid.UUID, Written],
    drafts: dict[uuid.UUID, Draft],
) -> Iterator[str]:
    """Who was told that it is done finds it; who was told no finds nothing."""
    for key, act in mine.items():
        answer = told.get(act.key)
        if answer is None or act.what not in KEYED or answer == "key_used_otherwise":
            continue
        is_there = key in (entries if act.what in AT_ONCE else drafts)
        if is_there != (answer == DONE) and not (is_there and act.what in ("receive", "write from line")):
            yield f"{act.what} {key} was told {answer}, and is {'there' if is_there else 'not there'}"


def _otherwise(
    mine: dict[uuid.UUID, Act], entries: dict[uuid.UUID, Written], drafts: dict[uuid.UUID, Draft]
) -> Iterator[str]:
    """What stands is exactly what was sent: the same money at the same places, once."""
    for key, entry in entries.items():
        act = mine.get(key)
        if act and _moved(_assets(entry)) != _moved(_expected(act)):
            yield f"entry {entry.number} is not what was sent: {act}"
        if act and str(entry.effective_on) != act.values["on"]:
            yield f"entry {entry.number} is not of the day that was sent"
    for draft in drafts.values():
        if draft.journal_id and [list(line) for line in draft.lines] != [
            [line.account, line.fund, line.amount] for line in sorted(entries[draft.journal_id].lines)
        ]:
            yield f"entry {entries[draft.journal_id].number} is not what waited"
    sheets = sa.select(ContributionSheet.journal_id, sa.func.sum(Contribution.amount), sa.func.count()).join(
        Contribution, Contribution.sheet_id == ContributionSheet.id
    )
    for entry_id, total, count in db.session.execute(sheets.group_by(ContributionSheet.journal_id)):
        act = mine.get(entry_id)
        if act and (total, count) != (sum(one[2] for one in act.values["given"]), len(act.values["given"])):
            yield f"the sheet of entry {entry_id} has other names than were sent"


def _moved(sums: Counter[str]) -> dict[str, int]:
    return {place: amount for place, amount in sums.items() if amount}


def _expected(act: Act) -> Counter[str]:
    v = act.values
    if act.what == "sheet":
        sums: Counter[str] = Counter()
        for _member, where, amount in v["given"]:
            sums[where] += amount
        return sums
    if act.what == "transfer":
        return Counter({v["place"]: -v["amount"], v["target"]: v["amount"]})
    if act.what == "fund move":
        return Counter()
    return Counter({v["place"]: -v["amount"] if act.what == "expense" else v["amount"]})


def _helped(
    mine: dict[uuid.UUID, Act],
    told: dict[str, str],
    written: Sequence[Written],
    drafts: dict[uuid.UUID, Draft],
) -> Iterator[str]:
    """What two agreed to is paid as much as was asked; nothing stands for what was let be; who was told it is paid finds it waiting or written."""
    undone = {entry.reverses for entry in written}
    standing = {
        entry.code for entry in written if entry.kind == EntryKind.HARDSHIP and entry.id not in undone
    }
    paying = {draft.code for draft in drafts.values() if draft.kind == EntryKind.HARDSHIP}
    for act in mine.values():
        if act.what == "let it be" and told.get(act.key) == DONE and act.values["code"] in standing:
            yield f"{act.values['code']} was let be, and is paid"
        if act.what == "pay" and told.get(act.key) == DONE and act.values["code"] not in paying:
            yield f"nothing waits or stands for {act.values['code']}"
    yield from (f"{code} was paid, and nobody wrote it down" for code in standing - paying)


def _decided(
    mine: dict[uuid.UUID, Act], told: dict[str, str], drafts: dict[uuid.UUID, Draft]
) -> Iterator[str]:
    """Who was told that their yes or no counted finds it so, under their name; and each counted once."""
    counted: Counter[str] = Counter()
    for act in mine.values():
        if act.what not in ("confirm", "refuse") or told.get(act.key) != DONE:
            continue
        draft = drafts[uuid.UUID(act.values["draft"])]
        counted[act.values["draft"]] += 1
        wanted = DraftState.POSTED if act.what == "confirm" else DraftState.REFUSED
        if (draft.state, str(draft.decided_by_id)) != (wanted, act.values["by"]):
            yield f"{act.what} of {draft.id} was told done, and it is {draft.state}"
    yield from (f"{draft} was decided {times} times" for draft, times in counted.items() if times > 1)

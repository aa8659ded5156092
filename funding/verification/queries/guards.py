"""What keeps a book when nobody looks: triggers, rules and fences, and those of them that are missing or switched off."""

from collections.abc import Iterator

import sqlalchemy as sa

from funding.verification.rules import Fault
from network.db import Base, db

LONGEST_NAME = 63
"""PostgreSQL cuts longer names off."""
MADE_BY_TRIGGERS = frozenset({"ledger_balances", "ledger_sums"})
"""Their days are made out of those of entries."""


GUARDS = {
    "journals": {"append_only", "chain", "balanced", "hardship", "lines_leave"},
    "legs": {"append_only", "in_time", "add_up", "balanced", "grant_pays"},
    "ledger_accounts": {"append_only"},
    "books": {"kept"},
    "ledger_balances": {"kept"},
    "ledger_sums": {"kept", "holds_enough", "holds_enough_still"},
    "memos": {"append_only", "only_erased"},
    "ledger_funds": {"kept", "keeps_its_code"},
    "period_changes": {"append_only", "decided"},
    "book_alarms": {"append_only", "stops"},
    "contribution_sheets": {"append_only", "comes_to"},
    "contributions": {"append_only", "comes_to"},
    "agreed_amounts": {"append_only", "rests"},
    "reserve_shares": {"append_only", "rests"},
    "drafts": {"hardship", "as_written", "lines_follow"},
    "grants": {"append_only", "money", "parts"},
    "grant_tranches": {"entry", "within"},
    "grant_reports": {"append_only", "sent_once"},
    "grant_closings": {"append_only", "decided", "closes"},
    "grant_applications": {"append_only", "kept"},
    "budgets": {"append_only", "agreed"},
    "budget_lines": {"append_only", "stays"},
    "budget_amounts": {"open"},
    "budget_charges": {"append_only", "honest"},
    "cash_counts": {"append_only", "kept"},
    "handovers": {"append_only", "kept"},
    "handover_places": {"never_emptied", "kept"},
    "hardship_requests": {"begins", "keeps", "never_emptied"},
    "hardship_answers": {"seat", "goes_with_it", "append_only"},
    "receipts": {"append_only", "follows"},
    "statement_lines": {"holds", "goes"},
    "line_matches": {"holds", "settles"},
    "onward_grants": {"kept"},
    "onward_parts": {"kept"},
    "part_receipts": {"kept"},
    "opportunities": {"append_only", "kept"},
}


def faults_of_guards() -> list[Fault]:
    """Triggers, rules and fences around the book that are missing or switched off."""
    return [
        *_missing_triggers(),
        *_sleeping_references(),
        *_missing_rules(),
        *_missing_indexes(),
        *_open_fences(),
    ]


def _missing_triggers() -> Iterator[Fault]:
    rows = db.session.execute(
        sa.text(
            "select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal and tgenabled = 'A'"
        )
    )
    there = {tuple(row) for row in rows}
    for table, names in sorted(GUARDS.items()):
        for name in sorted(names):
            if (table, name) not in there:
                yield Fault("this trigger is missing or switched off", f"{name} on {table}")


def _sleeping_references() -> Iterator[Fault]:
    """References whose own triggers were switched off: they stand there and hold nothing."""
    rows = sa.text(
        "select distinct c.conname, c.conrelid::regclass::text from pg_trigger t join pg_constraint c on c.oid = t.tgconstraint"
        " where t.tgisinternal and t.tgenabled in ('D', 'R') and c.conrelid::regclass::text = any(:tables) order by 2, 1"
    )
    for name, table in db.session.execute(rows, {"tables": [table.name for table in guarded_tables()]}):
        yield Fault("this rule is missing or not in force", f"{name} on {table}")


def guarded_tables() -> list[sa.Table]:
    """Every table of the book and of what is kept beside it."""
    mine = (
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("funding.")
    )
    return sorted((table for table in mine if isinstance(table, sa.Table)), key=lambda table: table.name)


def _missing_rules() -> Iterator[Fault]:
    """Checks, keys and references as the models have them, and that days are days of a calendar."""
    rows = db.session.execute(
        sa.text(
            "select conrelid::regclass::text, conname from pg_constraint where convalidated and conrelid <> 0"
        )
    )
    there = {tuple(row) for row in rows}
    for table in guarded_tables():
        names = {str(one.name)[:LONGEST_NAME] for one in table.constraints if one.name}
        if table.name not in MADE_BY_TRIGGERS and any(
            isinstance(one.type, sa.Date | sa.DateTime) for one in table.columns
        ):
            names.add(f"ck_{table.name}_real_days")
        for name in sorted(names):
            if (table.name, name) not in there:
                yield Fault("this rule is missing or not in force", f"{name} on {table.name}")


def _missing_indexes() -> Iterator[Fault]:
    """What may stand there once only, and is no constraint because it is about some rows only."""
    rows = db.session.scalars(
        sa.text("select indexrelid::regclass::text from pg_index where indisunique and indisvalid")
    )
    there = set(rows)
    for table in guarded_tables():
        for name in sorted(str(one.name) for one in table.indexes if one.unique and one.name not in there):
            yield Fault("this rule is missing or not in force", f"{name} on {table.name}")


def _open_fences() -> Iterator[Fault]:
    rows = sa.text(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relname = any(:tables)"
        " and not (relrowsecurity and relforcerowsecurity) order by relname"
    )
    tables = [table.name for table in guarded_tables()]
    for name in db.session.scalars(rows, {"tables": tables}):
        yield Fault("this table is open to other groups", name)

"""Asking a question of the rows: a statement that finds those which break one promise, and finds none unless somebody forced it.

The triggers ask the same when a row is written (see the migrations); here it is asked of every row that stands.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from string import Template

import sqlalchemy as sa
from sqlalchemy.exc import DataError

from funding.ledger.rules import CHART
from funding.verification.rules import Fault
from network.db import db

WITH = """
with moved as not materialized (
  select l.group_id, l.journal_id, a.code, a.kind, l.fund, l.amount
    from legs l join ledger_accounts a on a.group_id = l.group_id and a.id = l.account_id),
places (place) as (values ('cash'), ('mobile_money'), ('bank')),
chart (code, kind) as (select key, value from jsonb_each_text(cast(:chart as jsonb)))
"""
"""What every question may ask of: legs with their accounts by name, the places of money, the chart of accounts."""
SHORT = {
    "entry": "'entry ' || j.number || ' (' || j.id || ')'",
    "pieces": "counted_pieces(case when jsonb_typeof(pieces) = 'object' then pieces else '{}' end)",
    "spent": """from moved m join journals j on j.group_id = m.group_id and j.id = m.journal_id
                  join grants g on g.group_id = m.group_id and g.fund = m.fund
                 where m.amount > 0 and m.kind = 'expense' and m.code <> 'given_back'
                   and not (m.code = 'counted_less' and j.kind = 'count')""",
}
"""What several statements say alike, by the name they call it."""


@dataclass(frozen=True)
class Question:
    """What is wrong with the rows that a statement finds, and the statement; each row is named in one column."""

    what: str
    statement: str


def ask(questions: tuple[Question, ...]) -> Iterator[Fault]:
    """The rows that break what these questions ask; rows that cannot even be read are a fault too."""
    for question in questions:
        try:
            with db.session.begin_nested():
                found = db.session.scalars(_statement(question.statement)).all()
        except DataError:
            yield Fault("this cannot be asked, because a row cannot be read", f"question: {question.what}")
        else:
            yield from (Fault(question.what, row) for row in found)


def _statement(words: str) -> sa.TextClause:
    whole = WITH + Template(words).substitute(SHORT)
    return sa.text(whole).bindparams(chart=json.dumps({str(code): str(kind) for code, kind in CHART.items()}))

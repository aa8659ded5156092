"""Questions about sheets and who gave on them, receipts, the members' decisions on money, and what was counted."""

from string import Template

from funding.verification.queries.asking import Question

OF_SHEETS = (
    Question(
        "the sheet does not come to what its entry says",
        """select 'sheet ' || s.id from contribution_sheets s left join journals j
               on j.group_id = s.group_id and j.id = s.journal_id and j.kind = 'contributions' and j.effective_on = s.received_on
            where j.id is null or exists (
              select 1 from places where
                coalesce((select sum(c.amount) from contributions c
                   where c.group_id = s.group_id and c.sheet_id = s.id and c.place = places.place), 0) <>
                coalesce((select sum(m.amount) from moved m
                   where m.group_id = j.group_id and m.journal_id = j.id and m.code = places.place), 0))""",
    ),
    Question(
        "another share went to the hardship reserve than the sheet says",
        """select 'sheet ' || s.id from contribution_sheets s where exists (
             select 1 from places where
               coalesce((select div(sum(c.amount) * s.reserve_percent * 2 + 100, 200) from contributions c
                  where c.group_id = s.group_id and c.sheet_id = s.id and c.place = places.place), 0) <>
               coalesce((select sum(m.amount) from moved m
                  where m.group_id = s.group_id and m.journal_id = s.journal_id and m.code = places.place and m.fund = 'reserve'), 0))""",
    ),
    Question(
        "it stands on no sheet",
        """select 'contribution ' || c.id from contributions c where not exists (
             select 1 from contribution_sheets s where s.group_id = c.group_id and s.id = c.sheet_id)""",
    ),
    Question(
        "nobody of the group gave it",
        """select 'contribution ' || c.id from contributions c where not exists (
             select 1 from members m where m.group_id = c.group_id and m.id = c.member_id)""",
    ),
    Question(
        "no sheet says who gave it",
        """select $entry from journals j where j.kind = 'contributions' and not exists (
              select 1 from contribution_sheets s where s.group_id = j.group_id and s.journal_id = j.id)""",
    ),
    Question(
        "it is not for what came in",
        """select 'receipt ' || r.number from receipts r left join journals j on j.group_id = r.group_id and j.id = r.journal_id
            where r.currency is distinct from j.currency or r.amount is distinct from case when r.member_id is null then (
                select sum(m.amount) from moved m where m.group_id = j.group_id and m.journal_id = j.id and m.kind = 'asset'
                   and j.kind in ('grant', 'other_income', 'seed'))
              else (
                select sum(c.amount) from contributions c join contribution_sheets s on s.group_id = c.group_id and s.id = c.sheet_id
                 where c.group_id = r.group_id and c.member_id = r.member_id and s.journal_id = r.journal_id) end""",
    ),
)


RESTS = """select '$row ' || t.id from $table t where t.motion_id is not null and not exists (
             select 1 from motions m where m.group_id = t.group_id and m.id = t.motion_id and m.kind = '$kind'
                and m.state = 'decided' and m.is_carried and cast(m.value ->> '$value' as bigint) = t.$value
                and t.from_on >= cast(m.value ->> 'from_on' as date))"""


def _resting(**names: str) -> Question:
    statement = Template(RESTS).substitute(names)
    return Question("it says something else than the decision it rests on", statement)


OF_DECISIONS = (
    _resting(table="agreed_amounts", row="agreed amount", kind="contribution_amount", value="amount"),
    _resting(table="reserve_shares", row="reserve share", kind="reserve_share", value="percent"),
)
OF_COUNTS = (
    Question(
        "its notes and coins come to something else",
        "select 'count ' || id from cash_counts where amount <> other + $pieces",
    ),
    Question(
        "the book was not brought to what two people found",
        """select 'count ' || c.id from cash_counts c where c.state = 'done' and c.amount - c.book <> coalesce((
             select sum(m.amount) from moved m join journals j on j.group_id = m.group_id and j.id = m.journal_id and j.kind = 'count'
              where m.group_id = c.group_id and m.journal_id = c.journal_id and m.code = 'cash'), 0)""",
    ),
    Question(
        "its notes and coins come to something else",
        """select 'handover ' || h.id from handovers h join handover_places p on p.group_id = h.group_id and p.handover_id = h.id
            where h.state in ('counted', 'done') and p.place = 'cash' and p.counted <> h.other + $pieces""",
    ),
    Question(
        "a difference is not told as both signed it",
        """select 'handover ' || h.id || ', ' || p.place from handovers h
             join handover_places p on p.group_id = h.group_id and p.handover_id = h.id
            where h.state = 'done' and (p.book is null or (p.counted <> p.book and p.why is null)
              or case when p.is_posted then p.counted - p.book else 0 end <> coalesce((
                   select sum(m.amount) from moved m join journals j on j.group_id = m.group_id and j.id = m.journal_id and j.kind = 'count'
                    where m.group_id = h.group_id and m.journal_id = h.journal_id and m.code = p.place), 0))""",
    ),
    Question(
        "nobody counted what it says",
        """select $entry from journals j where j.kind = 'count'
              and not exists (select 1 from cash_counts c where c.group_id = j.group_id and c.journal_id = j.id)
              and not exists (select 1 from handovers h where h.group_id = j.group_id and h.journal_id = j.id)""",
    ),
)

"""Questions about legs, accounts, funds, words and what waited for a second person."""

from funding.verification.queries.asking import Question

OF_ENTRIES = (
    Question(
        "it belongs to no entry",
        """select 'leg ' || l.id from legs l where not exists (
             select 1 from journals j where j.group_id = l.group_id and j.id = l.journal_id)""",
    ),
    Question(
        "its account is not in the book",
        """select 'leg ' || l.id from legs l where not exists (
             select 1 from ledger_accounts a where a.group_id = l.group_id and a.id = l.account_id)""",
    ),
    Question(
        "its fund was never opened",
        """select 'leg ' || l.id from legs l where not exists (
             select 1 from ledger_funds f where f.group_id = l.group_id and f.code = l.fund)""",
    ),
    Question(
        "it is of another kind than the chart says",
        """select 'account ' || a.code from ledger_accounts a left join chart c on c.code = a.code
            where c.kind is distinct from a.kind""",
    ),
    Question(
        "the words beside it are gone, and nobody took them away",
        """select $entry from journals j where j.memo_hash is not null and not exists (
              select 1 from memos m where m.group_id = j.group_id and m.journal_id = j.id)""",
    ),
    Question(
        "these words stand beside no entry",
        """select 'memo ' || m.id from memos m where not exists (
             select 1 from journals j where j.group_id = m.group_id and j.id = m.journal_id)""",
    ),
    Question(
        "it takes an entry back and does not say why",
        "select $entry from journals j where j.reverses_id is not null and j.memo_hash is null",
    ),
    Question(
        "it takes back what was taken back already",
        """select $entry from journals j where j.reverses_id is not null and exists (
              select 1 from journals o where o.group_id = j.group_id and o.reverses_id = j.reverses_id and o.number < j.number)""",
    ),
    Question(
        "it takes back an entry that itself took one back",
        """select $entry from journals j join journals o on o.group_id = j.group_id and o.id = j.reverses_id
             where o.reverses_id is not null""",
    ),
    Question(
        "this sum is of no account or no fund of the book",
        """select 'sum ' || b.id from (
             select id, group_id, account_id, fund from ledger_balances
             union all select id, group_id, account_id, fund from ledger_sums) b
            where not exists (select 1 from ledger_accounts a where a.group_id = b.group_id and a.id = b.account_id)
               or not exists (select 1 from ledger_funds f where f.group_id = b.group_id and f.code = b.fund)""",
    ),
    Question(
        "it is stopped and nothing was found, or something was found and it is not stopped",
        """select 'book of ' || b.group_id from books b where (b.stopped_at is not null) <> exists (
             select 1 from book_alarms x where x.group_id = b.group_id and x.cleared_at is null)""",
    ),
    Question(
        "it is closed and not empty",
        """select 'fund ' || f.code from ledger_funds f where f.closed_on is not null and 0 <> coalesce((
             select sum(b.debit - b.credit) from ledger_sums b join ledger_accounts a on a.group_id = b.group_id and a.id = b.account_id
              where b.group_id = f.group_id and b.fund = f.code and b.span = 'ever' and a.kind = 'asset'), 0)""",
    ),
    Question(  # an hour: who writes reads the clock before they wait for the book
        "it was written for a fund that was closed by then",
        """select distinct $entry from journals j join legs l on l.group_id = j.group_id and l.journal_id = j.id
              join grants g on g.group_id = l.group_id and g.fund = l.fund
              join grant_closings c on c.group_id = g.group_id and c.grant_id = g.id and c.state = 'done'
             where j.recorded_at > c.decided_at + interval '1 hour'""",
    ),
    Question(
        "what waited for a second person is not what stands in the book",
        """select 'draft ' || d.id from drafts d left join journals j on j.group_id = d.group_id and j.id = d.journal_id
            where d.state = 'posted' and (j.id is null
              or (j.kind, j.effective_on, j.currency, j.recorded_by_id, j.confirmed_by_id, j.code, j.reverses_id) is distinct from
                 (d.kind, d.effective_on, d.currency, d.recorded_by_id, d.decided_by_id, d.code, d.reverses_id)
              or (select jsonb_agg(x order by x) from jsonb_array_elements(
                    case when jsonb_typeof(d.lines) = 'array' then d.lines else '[]' end) x) is distinct from
                 (select jsonb_agg(y order by y) from moved m cross join jsonb_build_array(m.code, m.fund, m.amount) y
                   where m.group_id = j.group_id and m.journal_id = j.id))""",
    ),
)

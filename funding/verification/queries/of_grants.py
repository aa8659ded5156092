"""Questions about grants and budgets, what a network passes on to its groups, and the lines of statements."""

from funding.verification.queries.asking import Question

OF_GRANTS = (
    Question(
        "it has no fund of its own, or is not in the group's money",
        """select 'grant ' || g.id from grants g join groups p on p.id = g.group_id where g.currency <> p.currency or not exists (
             select 1 from ledger_funds f where f.group_id = g.group_id and f.id = g.id and f.code = g.fund and f.kind = 'grant')""",
    ),
    Question(
        "its parts come to more than the whole",
        """select 'grant ' || g.id from grants g where g.amount < (
             select sum(t.amount) from grant_tranches t where t.group_id = g.group_id and t.grant_id = g.id)""",
    ),
    Question(
        "the entry it names did not bring it",
        """select 'part ' || t.id from grant_tranches t where t.entry_id is not null and not exists (
             select 1 from journals j join legs l on l.group_id = j.group_id and l.journal_id = j.id
               join grants g on g.group_id = l.group_id and g.fund = l.fund
              where j.group_id = t.group_id and j.id = t.entry_id and g.id = t.grant_id
                and j.kind in ('grant', 'seed', 'other_income', 'opening'))""",
    ),
    Question(
        "it spends a grant outside the time the grant is for",
        "select distinct $entry $spent and j.effective_on not between g.starts_on and g.ends_on",
    ),
    Question(
        "it spends a grant on what no budget of it names",
        """select distinct $entry $spent and g.is_restricted and not exists (
              select 1 from budget_amounts o join budget_lines i on i.group_id = o.group_id and i.id = o.line_id
                join budgets b on b.group_id = o.group_id and b.id = o.budget_id and b.state = 'agreed'
               where o.group_id = m.group_id and b.fund = m.fund and i.cost = m.code)""",
    ),
    Question(
        "it lets a grant's money be for something else, and the grant was not closed",
        """select distinct $entry from moved m join journals j on j.group_id = m.group_id and j.id = m.journal_id
              join grants g on g.group_id = m.group_id and g.fund = m.fund and g.is_restricted
             where m.code = 'between_funds' and m.amount > 0 and not exists (
               select 1 from grant_closings c where c.group_id = g.group_id and c.grant_id = g.id and c.state = 'done')""",
    ),
    Question(
        "two closed it, and its fund is open",
        """select 'closing ' || c.id from grant_closings c where c.state = 'done' and not exists (
             select 1 from ledger_funds f where f.group_id = c.group_id and f.id = c.grant_id and f.closed_on is not null)""",
    ),
    Question(
        "it plans nothing, or more than there is",
        """select 'budget ' || b.id from budgets b where b.state = 'agreed' and coalesce((
             select sum(o.amount) from budget_amounts o where o.group_id = b.group_id and o.budget_id = b.id), 0)
             not between 1 and coalesce(b.ceiling, 1000000000000000)""",
    ),
    Question(
        "it stands on a line of the budget that is for something else",
        """select 'charge ' || c.id from budget_charges c
             left join budget_lines i on i.group_id = c.group_id and i.id = c.line_id
             left join drafts d on d.group_id = c.group_id and d.id = c.id
            where i.id is null or d.id is null or not d.lines @> jsonb_build_array(jsonb_build_array(i.cost, i.fund, d.amount))""",
    ),
)
OF_STATEMENTS = (
    Question(
        "no statement lists it",
        """select 'statement line ' || s.id from statement_lines s where not exists (
             select 1 from statement_appearances p where p.group_id = s.group_id and p.line_id = s.id)""",
    ),
    Question(
        "it does not end as its parts say",
        """select 'statement line ' || s.id from statement_lines s cross join lateral (
             select coalesce(sum(m.amount) filter (where m.journal_id is not null), 0) as joined, count(*) as parts,
                    count(*) filter (where m.journal_id is null) as waiting
               from line_matches m where m.group_id = s.group_id and m.line_id = s.id) p
            where case s.state when 'matched' then not (p.parts = 1 and p.waiting = 0 and p.joined = s.amount)
                    when 'split' then not (p.parts > 1 and p.waiting = 0 and p.joined = s.amount)
                    when 'ignored' then p.parts > 0
                    else p.parts > 0 and p.waiting = 0 and p.joined = s.amount or abs(p.joined) > abs(s.amount) end""",
    ),
    Question(
        "it joins a line to an entry that is not there, or was taken back",
        """select 'match ' || m.id from line_matches m where not exists (
             select 1 from statement_lines s where s.group_id = m.group_id and s.id = m.line_id)
           or m.journal_id is not null and (not exists (
             select 1 from journals j where j.group_id = m.group_id and j.id = m.journal_id)
           or exists (select 1 from journals j where j.group_id = m.group_id and j.reverses_id = m.journal_id))""",
    ),
    Question(
        "lines are joined to it for more than it moved there",
        """select $entry from line_matches m join statement_lines s on s.group_id = m.group_id and s.id = m.line_id
              join statement_accounts t on t.group_id = s.group_id and t.id = s.account_id
              join journals j on j.group_id = m.group_id and j.id = m.journal_id
             group by j.group_id, j.number, j.id, t.place having abs(sum(m.amount)) > abs(coalesce((
               select sum(v.amount) from moved v where v.group_id = j.group_id and v.journal_id = j.id and v.code = t.place), 0))""",
    ),
)
OF_ONWARD = (
    Question(
        "its parts do not come to the whole",
        """select 'onward grant ' || g.id from onward_grants g where g.group_id = scope.group_id() and g.offered_at is not null
              and g.amount <> coalesce((select sum(p.amount) from onward_parts p where p.group_id = g.group_id and p.grant_id = g.id), 0)""",
    ),
    Question(
        "no entry of its own sent it",
        """select 'onward part ' || p.id from onward_parts p left join onward_grants g on g.group_id = p.group_id and g.id = p.grant_id
            where p.group_id = scope.group_id() and p.journal_id is not null and not exists (
              select 1 from moved m join journals j on j.group_id = m.group_id and j.id = m.journal_id
               where m.group_id = p.group_id and m.journal_id = p.journal_id and j.kind = 'expense' and j.effective_on = p.sent_on
                 and m.code = 'onward_grants' and m.fund = g.fund and m.amount = p.amount)""",
    ),
    Question(
        "its entry was taken back, and it is not; or the other way round",
        """select 'onward part ' || p.id from onward_parts p
            where p.group_id = scope.group_id() and p.journal_id is not null and (p.taken_back_on is not null) <> exists (
              select 1 from journals j where j.group_id = p.group_id and j.reverses_id = p.journal_id)""",
    ),
    Question(
        "what arrived is not what stands in the book",
        """select 'receipt of part ' || r.part_id from part_receipts r
            where r.group_id = scope.group_id() and r.journal_id is not null and r.amount is distinct from (
              select sum(m.amount) from moved m join journals j on j.group_id = m.group_id and j.id = m.journal_id
               where m.group_id = r.group_id and m.journal_id = r.journal_id and m.kind = 'asset' and j.kind in ('seed', 'grant')
                 and j.effective_on = r.received_on)""",
    ),
)

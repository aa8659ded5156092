"""Row security, written once: which kinds of table there are, and the policies each kind carries.

Every policy asks `scope.group_id()` and `scope.account_id()`, two functions in the database; making them
harder to deceive later replaces their bodies, not the policies.
"""

from enum import StrEnum


class Fence(StrEnum):
    """The kind of a table. Each table is of exactly one kind; `tables_of` is the list."""

    GROUP = "group"
    """A group's own rows: visible inside that group and nowhere else."""
    LINK = "link"
    """Ties an account to groups: visible inside the group, and to the person it is about; written in the group only."""
    SEALED = "sealed"
    """Inside the group, and there only to the accounts named by the row's panel."""
    SEATED = "seated"
    """For the accounts that the row names, wherever they are, and for nobody else of the group it belongs to."""
    PUBLISHED = "published"
    """Written inside the group, readable where it was published."""
    OWN = "own"
    """A person's own rows, in no group: visible to that account, and to whom the person opens them."""
    PLATFORM = "platform"
    """Accounts, networks, sessions, the outbox: no personal content that is not sealed."""


IN_A_GROUP = (Fence.GROUP, Fence.LINK, Fence.SEALED, Fence.SEATED, Fence.PUBLISHED)
"""The kinds whose rows belong to a group."""

FUNCTIONS = """
create schema if not exists scope;
create or replace function scope.group_id() returns uuid language sql stable
  as $$ select nullif(current_setting('app.group_id', true), '')::uuid $$;
create or replace function scope.account_id() returns uuid language sql stable
  as $$ select nullif(current_setting('app.account_id', true), '')::uuid $$;
"""

_OWN = "group_id = scope.group_id()"
_MINE = "account_id = scope.account_id()"


def protect(
    table: str, kind: Fence, *, readable: str | None = None, writable: str | None = None
) -> list[str]:
    """The statements a migration runs to put a table behind the fence.

    `readable` is the extra condition for reading: required for published and sealed tables, where it says
    where the row may be read (published) or by which accounts (sealed, and then in addition to the group). A person's
    own rows may have it: to whom else that person opened them.
    """
    if kind is Fence.PLATFORM:
        return []
    on = [f"alter table {table} enable row level security", f"alter table {table} force row level security"]
    if kind is Fence.SEATED:
        return on + _seated(table, readable, writable)
    return on + _policies(table, kind, readable)


def _seated(table: str, readable: str | None, writable: str | None) -> list[str]:
    if readable is None or writable is None:
        raise ValueError(f"say which accounts read and write rows of {table}")
    return [f"create policy fence on {table} using ({readable}) with check ({writable})"]


def _policies(table: str, kind: Fence, readable: str | None) -> list[str]:
    if kind is Fence.GROUP:
        return [f"create policy fence on {table} using ({_OWN}) with check ({_OWN})"]
    if kind is Fence.LINK:
        readable = "account_id = scope.account_id()"
    if kind is Fence.OWN:
        return _policies_by(_MINE, table, readable or "false")
    if readable is None:
        raise ValueError(f"say where rows of {table} may be read")
    if kind is Fence.SEALED:
        both = f"{_OWN} and ({readable})"
        return [f"create policy fence on {table} using ({both}) with check ({_OWN})"]
    return _policies_by(_OWN, table, readable)


def _policies_by(own: str, table: str, readable: str) -> list[str]:
    return [
        f"create policy fence_read on {table} for select using ({own} or ({readable}))",
        f"create policy fence_insert on {table} for insert with check ({own})",
        f"create policy fence_update on {table} for update using ({own}) with check ({own})",
        f"create policy fence_delete on {table} for delete using ({own})",
    ]

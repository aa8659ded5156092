"""What somebody said yes to: one purpose at a time, with the words they were shown; nothing private is kept without it.

What is kept already gets a row that says so: it was kept before consents were, and its owner is asked when they next look.
Why so: docs/decisions/consents.md.
"""

import sqlalchemy as sa
from alembic import op

from network.tenancy.fence import Fence, protect

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

PURPOSES = "'contact', 'language', 'lived_experience', 'age_band', 'sex', 'disability_registered', 'named_on_return', 'guardian'"
PRIVATE = ("contact", "lived_experience", "sex", "age_band", "disability_registered")
FUNCTIONS = f"""
create function guard_consent() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if exists (select 1 from members m where m.group_id = old.group_id and m.id = old.member_id and m.left_on is not null) then
      return old;
    end if;
    raise exception 'a consent is taken back, not deleted' using errcode = 'restrict_violation';
  end if;
  if old.withdrawn_at is not null or new.withdrawn_at is null
    or (new.id, new.group_id, new.member_id, new.purpose, new.words_id, new.method, new.read_by_id, new.given_at)
      is distinct from (old.id, old.group_id, old.member_id, old.purpose, old.words_id, old.method, old.read_by_id, old.given_at) then
    raise exception 'a consent is taken back once, and nothing else about it changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function ask_consent() returns trigger language plpgsql as $$
declare whose uuid := (to_jsonb(new) ->> tg_argv[0])::uuid;
begin
  if not exists (select 1 from members m where m.group_id = new.group_id and m.id = whose) or exists (
    select 1 from members m
     cross join lateral (values {", ".join(f"('{name}', m.{name} is not null)" for name in PRIVATE)}) v(purpose, kept)
     where m.group_id = new.group_id and m.id = whose and v.kept and not exists (
       select 1 from consents c
        where c.group_id = m.group_id and c.member_id = m.id and c.purpose = v.purpose and c.withdrawn_at is null)
  ) then
    raise exception 'nothing private is kept without a consent that stands' using errcode = 'check_violation', constraint = 'ck_members_consent';
  end if;
  return null;
end $$;
"""
KEPT = f"num_nonnulls({', '.join(f'new.{name}' for name in PRIVATE)}) > 0"
TRIGGERS = (
    ("consents", "trigger kept", "before update or delete on consents for each row execute function guard_consent()"),
    ("consents", "trigger never_emptied", "before truncate on consents for each statement execute function refuse_change()"),
    ("consent_words", "trigger kept", "before update or delete or truncate on consent_words for each statement execute function refuse_change()"),
    (
        "members", "constraint trigger consented",
        f"after insert or update on members deferrable initially deferred for each row when ({KEPT}) execute function ask_consent('id')",
    ),
    (
        "consents", "constraint trigger still_consented",
        "after update on consents deferrable initially deferred for each row execute function ask_consent('member_id')",
    ),
)  # fmt: skip
BEFORE = f"""
insert into consents (id, group_id, member_id, purpose, method, given_at)
select gen_random_uuid(), m.group_id, m.id, v.purpose, 'before', now() from members m
 cross join lateral (values {", ".join(f"('{name}', m.{name} is not null)" for name in (*PRIVATE, "language"))}) v(purpose, kept)
 where v.kept and m.left_on is null
"""


def upgrade() -> None:
    _words()
    _consents()
    op.execute("alter table members no force row level security")
    op.execute(BEFORE)
    op.execute("alter table members force row level security")
    for table in ("consent_words", "consents"):
        for statement in protect(table, Fence.GROUP):
            op.execute(statement)
    op.execute(FUNCTIONS)
    for table, kind, rest in TRIGGERS:
        op.execute(f"create {kind} {rest}")
        op.execute(f"alter table {table} enable always trigger {kind.split()[-1]}")


def _words() -> None:
    op.create_table(
        "consent_words",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"purpose in ({PURPOSES})", name=op.f("ck_consent_words_purpose")),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_consent_words_digest")),
        sa.CheckConstraint("version > 0", name=op.f("ck_consent_words_version")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_consent_words_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_words")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_consent_words_group_id_id")),
        sa.UniqueConstraint("group_id", "digest", name=op.f("uq_consent_words_group_id_digest")),
    )


def _consents() -> None:
    checks = {
        "purpose": f"purpose in ({PURPOSES})",
        "method": "method in ('self', 'aloud', 'paper', 'list', 'before')",
        "ended": "ended in ('self', 'aloud', 'left', 'renewed')",
        "words": "(method in ('list', 'before')) = (words_id is null)",
        "brought": "method <> 'list' or purpose in ('contact', 'language')",
        "by_whom": "method <> 'self' or (read_by_id is null and purpose <> 'guardian')",
        "ended_when": "(withdrawn_at is null) = (ended is null)",
        "order": "withdrawn_at is null or withdrawn_at >= given_at",
    }
    points = (("member_id", "members"), ("words_id", "consent_words"), ("read_by_id", "members"))
    op.create_table(
        "consents",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("words_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("read_by_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        *(sa.CheckConstraint(check, name=op.f(f"ck_consents_{name}")) for name, check in checks.items()),
        *(
            sa.ForeignKeyConstraint(
                ["group_id", column], [f"{table}.group_id", f"{table}.id"], name=op.f(f"fk_consents_group_id_{column}")
            )
            for column, table in points
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_consents_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_consents_group_id_id")),
    )  # fmt: skip
    op.create_index(
        "uq_consents_standing", "consents", ["group_id", "member_id", "purpose"], unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )  # fmt: skip


def downgrade() -> None:
    op.execute("drop trigger consented on members")
    op.drop_table("consents")
    op.drop_table("consent_words")
    op.execute("drop function ask_consent()")
    op.execute("drop function guard_consent()")

"""Keys with versions: what is sealed says which version of its key opens it, and is bound to its row.

What stands is sealed anew on the way up, and as it was on the way down. Why so: docs/decisions/vault.md.
"""

import base64
import secrets
import uuid
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from network import config
from network.tenancy.fence import Fence
from network.vault.guarding import FUNCTIONS, SealedPlace, forbid_resealing, let_reseal

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

PLACES = (
    SealedPlace("election_challenges", Fence.SEALED, ("words",)),
    SealedPlace(
        "members", Fence.GROUP, ("contact", "lived_experience", "sex", "age_band", "disability_registered")
    ),
    SealedPlace("constitutions", Fence.GROUP, ("words", "reason")),
    SealedPlace("tellers", Fence.GROUP, ("slip", "replaced_because")),
    SealedPlace("accounts", Fence.PLATFORM, ("shown_name",)),
    SealedPlace("account_identifiers", Fence.PLATFORM, ("shown",)),
    SealedPlace("invitations", Fence.GROUP, ("token", "code")),
    SealedPlace("office_notes", Fence.SEALED, ("words",)),
    SealedPlace("motions", Fence.GROUP, ("words", "withdrawn_reason")),
    SealedPlace("motion_counters", Fence.GROUP, ("slip",)),
    SealedPlace("enquiries", Fence.GROUP, ("name", "contact", "words")),
    SealedPlace("key_pairs", Fence.PLATFORM, ("public", "lock")),
    SealedPlace("meetings", Fence.GROUP, ("place", "note", "cancelled_because")),
    SealedPlace("objective_steps", Fence.GROUP, ("who",)),
    SealedPlace("safeguarding", Fence.GROUP, ("name", "contact")),
    SealedPlace("ballot_slips", Fence.GROUP, ("code",)),
    SealedPlace("reaches", Fence.GROUP, ("address",)),
    SealedPlace("letters", Fence.GROUP, ("recipient", "subject", "body")),
    SealedPlace(
        "referrals",
        Fence.SEALED,
        ("writer_name", "writer_contact", "called", "reach", "words", "code", "answer_words"),
    ),
    SealedPlace("assets", Fence.GROUP, ("what",)),
    SealedPlace("form_answers", Fence.GROUP, ("answers",)),
    SealedPlace("people_counts", Fence.GROUP, ("figures",)),
    SealedPlace("returns", Fence.GROUP, ("words", "held", "names")),
    SealedPlace("return_copies", Fence.GROUP, ("content",)),
    SealedPlace("budget_charges", Fence.GROUP, ("why",)),
    SealedPlace("memos", Fence.GROUP, ("words",)),
    SealedPlace("drafts", Fence.GROUP, ("words", "why_not")),
    SealedPlace("hardship_requests", Fence.SEALED, ("words", "reply")),
    SealedPlace("period_changes", Fence.GROUP, ("reason",)),
    SealedPlace("cash_counts", Fence.GROUP, ("why",)),
    SealedPlace("handovers", Fence.GROUP, ("words",)),
    SealedPlace("handover_places", Fence.GROUP, ("why",)),
    SealedPlace("statement_accounts", Fence.GROUP, ("number",)),
    SealedPlace("statements", Fence.GROUP, ("notes",)),
    SealedPlace("statement_lines", Fence.GROUP, ("words", "reason")),
    SealedPlace("statement_uploads", Fence.GROUP, ("content",)),
    SealedPlace("support_sheets", Fence.OWN, ("lock", "content")),
    SealedPlace("sheet_shares", Fence.OWN, ("lock",)),
    SealedPlace(
        "applications",
        Fence.GROUP,
        ("reach", "called", "place", "code", "invitation_token", "invitation_code"),
    ),
    SealedPlace("application_passages", Fence.GROUP, ("body",)),
    SealedPlace("onboarding_marks", Fence.GROUP, ("note",)),
    SealedPlace("translation_requests", Fence.GROUP, ("volunteer", "token", "code")),
    SealedPlace("asked_passages", Fence.GROUP, ("body",)),
)
PLATFORM = ("accounts", "account_identifiers", "key_pairs", "support_sheets", "sheet_shares")

SHORTEST = 12 + 16  # a nonce and a tag; anything shorter was never sealed


def upgrade() -> None:
    op.create_table(
        "platform_keys",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_keys")),
        sa.UniqueConstraint("purpose", "version", name=op.f("uq_platform_keys_purpose_version")),
    )
    for function in FUNCTIONS:
        op.execute(function)
    let_reseal(op.get_bind(), PLACES)
    _each_sealed(_with_version)


def downgrade() -> None:
    let_reseal(op.get_bind(), PLACES)
    _each_sealed(_without_version)
    _one_key_each()
    forbid_resealing(op.get_bind())
    op.execute("drop function only_seals()")
    op.execute("drop function scope.resealing()")
    op.drop_table("platform_keys")


def _each_sealed(anew: Callable[..., bytes]) -> None:
    """Seal everything anew, group by group; accounts by themselves."""
    _say("select set_config('app.resealing', 'on', true)")
    for group in _all("select id from groups"):
        _say("select set_config('app.group_id', :id, true)", id=str(group))
        keys = {
            row.version: _open(_derived("wrap"), row.wrapped, str(group))
            for row in _rows("select version, wrapped from group_keys where group_id = :id", id=group)
        }
        keys = {version: base64.b64decode(key) for version, key in keys.items()}
        for place in PLACES:
            if place.table not in PLATFORM and keys:
                _table(place, keys, str(group), anew, f"group_id = '{group}'")
    _say("select set_config('app.group_id', '', true)")
    stored = _rows("select version, wrapped from platform_keys where purpose = 'accounts'")
    keys = {row.version: base64.b64decode(_open(_derived("wrap"), row.wrapped, "accounts")) for row in stored}
    for place in PLACES:
        if place.table in PLATFORM:
            own = place.kind is Fence.OWN
            for account in _all(f"select distinct account_id from {place.table}") if own else [None]:
                _say("select set_config('app.account_id', :id, true)", id=str(account or ""))
                where = f"account_id = '{account}'" if own else "true"
                _table(place, keys or None, "accounts", anew, where)
    _say("select set_config('app.resealing', '', true), set_config('app.account_id', '', true)")


def _table(
    place: SealedPlace, keys: dict[int, bytes] | None, owner: str, anew: Callable[..., bytes], where: str
) -> None:
    for row in _rows(f"select id, {', '.join(place.columns)} from {place.table} where {where}"):
        if any(getattr(row, column) is not None for column in place.columns):
            keys = keys or {1: _derived("accounts")}
            sealed = {
                column: kept
                if kept is None or len(kept) < SHORTEST
                else anew(keys, owner, f"{place.table}.{column}", row.id, bytes(kept))
                for column in place.columns
                for kept in [getattr(row, column)]
            }
            _say(
                f"update {place.table} set {', '.join(f'{c} = :{c}' for c in sealed)} where id = :id",
                id=row.id,
                **sealed,
            )


def _with_version(keys: dict[int, bytes], owner: str, place: str, row: uuid.UUID, kept: bytes) -> bytes:
    version = max(keys)
    words = _open(keys[version], kept, place if owner == "accounts" else f"{owner} {place}")
    return version.to_bytes(2) + _close(keys[version], words, f"{owner} {place} {row} {version}")


def _without_version(keys: dict[int, bytes], owner: str, place: str, row: uuid.UUID, kept: bytes) -> bytes:
    version = int.from_bytes(kept[:2])
    words = _open(keys[version], kept[2:], f"{owner} {place} {row} {version}")
    newest = _derived("accounts") if owner == "accounts" else keys[max(keys)]
    return _close(newest, words, place if owner == "accounts" else f"{owner} {place}")


def _one_key_each() -> None:
    """The code before this knows one key a group, and makes the platform's from the master key it is given."""
    for group in _all("select id from groups"):
        _say("select set_config('app.group_id', :id, true)", id=str(group))
        _say(
            "delete from group_keys k using group_keys n where n.group_id = k.group_id and n.version > k.version"
        )
    for row in _rows("select purpose, wrapped from platform_keys where purpose <> 'accounts'"):
        if base64.b64decode(_open(_derived("wrap"), row.wrapped, row.purpose)) != _derived(row.purpose):
            raise RuntimeError("the master key was changed; what is found by a fingerprint would be lost")


def _derived(purpose: str) -> bytes:
    master = config.load().master_key
    if not master:
        raise RuntimeError("MASTER_KEY is missing, and there is something sealed here")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master.encode())


def _open(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    return AESGCM(key).decrypt(bytes(sealed)[:12], bytes(sealed)[12:], bound_to.encode())


def _close(key: bytes, words: bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, words, bound_to.encode())


def _say(statement: str, **values: object) -> None:
    op.get_bind().execute(sa.text(statement), values)


def _rows(statement: str, **values: object) -> list:
    return op.get_bind().execute(sa.text(statement), values).all()


def _all(statement: str) -> list:
    return list(op.get_bind().execute(sa.text(statement)).scalars())

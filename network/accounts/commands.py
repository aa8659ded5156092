"""Making accounts, handing out private links, giving and ending roles, noting tries."""

import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from blinker import Signal

from network.accounts import passwords, queries, rules
from network.accounts.models import (
    Account,
    AccountIdentifier,
    BrowserSession,
    LinkPurpose,
    PrivateLink,
    RoleAssignment,
    SignInTry,
)
from network.db import db
from network.tenancy import scope
from network.vault import keys

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that cannot be mistaken for each other when read out."""
CODE_LENGTH = 10

password_typed = Signal("an account's own password was typed or chosen; sent with `password` and `now`")


password_changed = Signal("an account has another password; sent with `old`, `new` and `now`, kept by nobody")


class CannotOpenAccount(Exception):
    """The account cannot be made; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def open_account(*, identifier: str, password: str, shown_name: str, language: str, now: datetime) -> Account:
    """Make an account that signs in with one identifier. Raises `CannotOpenAccount`."""
    kind = rules.kind_of(identifier)
    if kind is None:
        raise CannotOpenAccount(rules.Refusal.NOT_AN_IDENTIFIER)
    if refusal := rules.why_not_password(password, about=[identifier.split("@", maxsplit=1)[0], shown_name]):
        raise CannotOpenAccount(refusal)
    form = rules.candidates(identifier)[0]
    print_ = keys.lookup("identifier", form)
    if db.session.scalar(sa.select(AccountIdentifier.id).where(AccountIdentifier.fingerprint == print_)):
        raise CannotOpenAccount(rules.Refusal.TAKEN)
    account = Account(
        id=uuid.uuid4(),
        shown_name=shown_name,
        password_hash=passwords.hashed(password),
        language=language,
        created_at=now,
    )
    db.session.add(account)
    db.session.flush()  # its identifier refers to it
    db.session.add(
        AccountIdentifier(account_id=account.id, kind=kind, shown=identifier.strip(), fingerprint=print_)
    )
    db.session.flush()
    password_typed.send(account, password=password, now=now)
    return account


def note_try(*, what: str, whence: str, now: datetime) -> datetime | None:
    """Note a try before it is checked, in a transaction of its own so that a refusal cannot undo it.

    Returns the moment until which to wait, or `None` where the try may go on.
    """
    name, place = keys.lookup("try", rules.counted_as(what)), keys.lookup("place", whence)
    with scope.visiting():
        _one_at_a_time(name, place)
        earlier = _tries(SignInTry.what == name, now - timedelta(hours=1))
        from_here = _tries(SignInTry.whence == place, now - timedelta(minutes=5))
        waits = [
            rules.wait_until(earlier, limits=rules.LIMITS_PER_NAME, now=now),
            rules.wait_until(from_here, limits=rules.LIMITS_PER_PLACE, now=now),
        ]
        until = max((wait for wait in waits if wait), default=None)
        if until is None:
            db.session.add(SignInTry(what=name, whence=place, at=now))
    return until


def wait_from(*, whence: str, now: datetime) -> datetime | None:
    """Until when nobody in this place may guess; `None` where somebody may. Notes nothing."""
    from_here = _tries(SignInTry.whence == keys.lookup("place", whence), now - timedelta(minutes=5))
    return rules.wait_until(from_here, limits=rules.LIMITS_PER_PLACE, now=now)


def _one_at_a_time(*prints: bytes) -> None:
    """Many tries sent at once are counted one after the other, so that none of them overlooks the others."""
    for number in sorted(int.from_bytes(each[:8], signed=True) for each in prints):
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def _tries(where: sa.ColumnElement[bool], since: datetime) -> list[datetime]:
    return list(db.session.scalars(sa.select(SignInTry.at).where(where, SignInTry.at > since)))


def forget_tries(*, what: str) -> None:
    """Signing in clears the slate for this name."""
    db.session.execute(
        sa.delete(SignInTry).where(SignInTry.what == keys.lookup("try", rules.counted_as(what)))
    )


def check_password(typed: str, password: str) -> Account | None:
    """The account these belong to, if they do and it is not suspended; the same work either way."""
    accounts = queries.find_accounts(typed)
    if not accounts:
        passwords.matches(None, password)
    fitting = [account for account in accounts if passwords.matches(account.password_hash, password)]
    return fitting[0] if len(fitting) == 1 and fitting[0].is_active else None


def end_sessions(account: Account, *, but: uuid.UUID | None = None) -> None:
    """Sign an account out everywhere, or everywhere else."""
    theirs = BrowserSession.account_id == account.id
    others = sa.and_(theirs, BrowserSession.id != but) if but else theirs
    db.session.execute(sa.delete(BrowserSession).where(others))


def end_session(account: Account, session_id: uuid.UUID) -> None:
    """Sign an account out on one device."""
    db.session.execute(
        sa.delete(BrowserSession).where(
            BrowserSession.account_id == account.id, BrowserSession.id == session_id
        )
    )


def check_own_password(account: Account, password: str) -> None:
    """Whoever changes what opens an account says its password once more. Raises `CannotOpenAccount`."""
    if not passwords.matches(account.password_hash, password):
        raise CannotOpenAccount(rules.Refusal.NOT_THE_PASSWORD)


def change_password(
    account: Account, *, old: str, new: str, this_session: uuid.UUID | None, now: datetime
) -> None:
    """Another password; whoever is signed in elsewhere signs in again. The only way a password is changed.

    `password_changed` is sent with both passwords while both are known, so that what is closed with the old one can be
    closed with the new one. Two at once come one after the other: the second has the old password no longer.
    Raises `CannotOpenAccount`.
    """
    db.session.refresh(account, with_for_update=True)
    check_own_password(account, old)
    about = [
        account.shown_name,
        *(way.shown.split("@", maxsplit=1)[0] for way in queries.ways_in(account.id)),
    ]
    if refusal := rules.why_not_password(new, about=about):
        raise CannotOpenAccount(refusal)
    account.password_hash = passwords.hashed(new)
    db.session.flush()
    password_changed.send(account, old=old, new=new, now=now)
    end_sessions(account, but=this_session)


def add_identifier(account: Account, typed: str) -> None:
    """Another way to sign in. Raises `CannotOpenAccount`."""
    kind, ways = rules.kind_of(typed), queries.ways_in(account.id)
    form = rules.candidates(typed)[0] if kind else ""
    print_ = keys.lookup("identifier", form)
    taken = sa.select(AccountIdentifier.id).where(AccountIdentifier.fingerprint == print_)
    if refusal := rules.why_not_add(kind, count=len(ways), is_taken=db.session.scalar(taken) is not None):
        raise CannotOpenAccount(refusal)
    db.session.add(
        AccountIdentifier(account_id=account.id, kind=kind, shown=typed.strip(), fingerprint=print_)
    )
    db.session.flush()


def remove_identifier(account: Account, identifier_id: uuid.UUID) -> None:
    """One way to sign in less. Raises `CannotOpenAccount`. Two at once are taken away one after the other."""
    db.session.execute(sa.select(Account.id).where(Account.id == account.id).with_for_update())
    ways = queries.ways_in(account.id)
    gone = next((way for way in ways if way.id == identifier_id), None)
    if gone is None:
        return
    if refusal := rules.why_not_remove(count=len(ways)):
        raise CannotOpenAccount(refusal)
    db.session.delete(gone)
    db.session.flush()


def change_name(account: Account, *, shown_name: str, language: str) -> None:
    """What somebody is called and in which language they read."""
    account.shown_name, account.language = shown_name, language
    db.session.flush()


def give_link(
    purpose: LinkPurpose,
    subject_id: uuid.UUID,
    *,
    lasts: timedelta,
    now: datetime,
    group_id: uuid.UUID | None = None,
) -> str:
    """Make a private link to one thing and return its token, which is not stored."""
    return _keep_link(secrets.token_urlsafe(24), purpose, subject_id, lasts, now, group_id)


def give_code(
    purpose: LinkPurpose,
    subject_id: uuid.UUID,
    *,
    lasts: timedelta,
    now: datetime,
    group_id: uuid.UUID | None = None,
) -> str:
    """Make a code that can be read out or printed, and return it in groups of five letters; it is not stored."""
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    _keep_link(code, purpose, subject_id, lasts, now, group_id)
    return f"{code[:5]}-{code[5:]}"


def _keep_link(
    token: str,
    purpose: LinkPurpose,
    subject_id: uuid.UUID,
    lasts: timedelta,
    now: datetime,
    group_id: uuid.UUID | None,
) -> str:
    link = PrivateLink(
        token_hash=queries.token_hash(token),
        purpose=purpose,
        subject_id=subject_id,
        created_at=now,
        group_id=group_id or scope.group_id(),
        expires_at=now + lasts,
    )
    db.session.add(link)
    db.session.flush()
    return token


def end_links(purpose: LinkPurpose, subject_id: uuid.UUID, *, now: datetime) -> None:
    """Close every door to a thing."""
    db.session.execute(
        sa.update(PrivateLink)
        .where(
            PrivateLink.purpose == purpose, PrivateLink.subject_id == subject_id, PrivateLink.expires_at > now
        )
        .values(expires_at=now, used_at=now)
    )


def keep_links_until(purpose: LinkPurpose, subject_id: uuid.UUID, until: datetime) -> None:
    """Let every door to a thing last as long as the thing does."""
    mine = PrivateLink.purpose == purpose, PrivateLink.subject_id == subject_id
    db.session.execute(sa.update(PrivateLink).where(*mine).values(expires_at=until))


def give_role(
    account_id: uuid.UUID, role: str, *, because_of: uuid.UUID, now: datetime, until: datetime | None = None
) -> RoleAssignment:
    """Give a role in the group in scope, from now on."""
    given = RoleAssignment(
        account_id=account_id, role=role, starts_at=now, ends_at=until, because_of=because_of
    )
    db.session.add(given)
    db.session.flush()
    return given


def end_roles(*, because_of: uuid.UUID, now: datetime) -> None:
    """End whatever roles followed from something, at this moment."""
    db.session.execute(
        sa.update(RoleAssignment)
        .where(
            RoleAssignment.because_of == because_of,
            sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > now),
        )
        .values(ends_at=sa.func.greatest(RoleAssignment.starts_at, now))
    )

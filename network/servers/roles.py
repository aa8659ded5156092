"""
The two roles of a database: the owner, who migrates, and the ordinary one, who serves people.

Row-level security holds only against a role that neither owns the tables nor may step round it, so serving
people as the owner or as an administrator is refused, and both roles are made here where the address we were
given may do it.
"""

import hashlib
import hmac

import psycopg
from psycopg import sql

from network.servers import addresses
from network.servers.addresses import Addresses, CannotServe

OWNER = "pamoja_owner"
WEB = "pamoja_web"
DATABASE = "pamoja"
POWERLESS = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB"
# In PostgreSQL 15 the owner of a database owns its schema by inheriting; the ordinary role inherits nothing.
MADE_AS = {OWNER: sql.SQL(f"{POWERLESS} INHERIT"), WEB: sql.SQL(f"{POWERLESS} NOINHERIT")}
NOT_FOR_US = {"", "postgres", "template0", "template1"}
_ROLES_LOCK = 7262665362  # any number, the same in every process of ours


def may_create_roles(url: str) -> bool:
    """Whether this address is an administrator's."""
    with _connect_anywhere(url) as db:
        row = db.execute(
            "SELECT rolsuper OR (rolcreaterole AND rolcreatedb) FROM pg_roles WHERE rolname = current_user"
        )
        return bool((row.fetchone() or (False,))[0])


def may_create_databases(url: str) -> bool:
    """Whether this address may make databases, as a test run needs."""
    with _connect(url) as db:
        row = db.execute("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
        return bool((row.fetchone() or (False,))[0])


def why_not_ordinary(url: str) -> str | None:
    """Say what makes this role too strong to serve people, or nothing."""
    with _connect(url) as db:
        found = db.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
            " (SELECT datdba FROM pg_database WHERE datname = current_database()) = oid"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    words = (
        "is a superuser",
        "may bypass row security",
        "may create roles",
        "may create databases",
        "is the owner",
    )
    return next((word for word, holds in zip(words, found or (), strict=True) if holds), None)


def make_roles(admin_url: str, redis_url: str) -> Addresses:
    """Make both roles on the administrator's server, or put them right; return the addresses of ours."""
    wanted = addresses.database_of(admin_url)
    name = DATABASE if wanted in NOT_FOR_US else wanted
    found = Addresses(
        web_url=addresses.with_role(admin_url, WEB, password_of(WEB, admin_url)),
        owner_url=addresses.with_role(admin_url, OWNER, password_of(OWNER, admin_url)),
        admin_url=addresses.with_database(admin_url, "postgres"),
        redis_url=redis_url,
    ).of_database(name)
    with _connect(addresses.with_database(admin_url, "postgres"), autocommit=True) as db:
        db.execute("SELECT pg_advisory_lock(%s)", (_ROLES_LOCK,))
        for role in (OWNER, WEB):
            _make_powerless(db, role, password_of(role, admin_url))
        db.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
        if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            _create(db, name, None)
        _open_to_our_roles(db, name)
    return found


def password_of(role: str, admin_url: str) -> str | None:
    """
    The password of a role, made from the administrator's: whoever knows that one can work out the others, so
    no two checkouts that share a server change it under each other's feet. A server that asks for none gets
    none.
    """
    known = addresses.password_in(admin_url)
    return hmac.new(known.encode(), f"pamoja {role}".encode(), hashlib.sha256).hexdigest() if known else None


def create_database(servers: Addresses, name: str, *, template: str | None) -> None:
    """Make a database that belongs to the owner, as a copy where a template is named."""
    with _connect(_maintenance(servers), autocommit=True) as db:
        if template is not None:
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (template,)
            )
        _create(db, name, template)
        _open_to_our_roles(db, name)


def drop_database(servers: Addresses, name: str) -> None:
    """Remove a database together with the sessions in it."""
    with _connect(_maintenance(servers), autocommit=True) as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _maintenance(servers: Addresses) -> str:
    if not servers.admin_url:
        raise CannotServe(
            "nobody here may create databases: give an address that may, as DATABASE_OWNER_URL."
        )
    return addresses.with_database(servers.admin_url, "postgres")


def _connect(url: str, *, autocommit: bool = False) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(addresses.plain(url), autocommit=autocommit, connect_timeout=10)
    except psycopg.OperationalError as refused:
        raise CannotServe(f"the database does not let us in: {refused}") from refused


def _connect_anywhere(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """Connect where the address says, or beside it while the database it names is still to be made."""
    try:
        return _connect(url)
    except CannotServe as refused:
        try:
            return _connect(addresses.with_database(url, "postgres"))
        except CannotServe:
            raise refused from None


def _make_powerless(db: psycopg.Connection[tuple[object, ...]], role: str, password: str | None) -> None:
    exists = db.execute(
        "SELECT NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
        " AND rolcanlogin AND rolinherit = %s FROM pg_roles WHERE rolname = %s",
        (role == OWNER, role),
    ).fetchone()
    name = sql.Identifier(role)
    if exists is None:
        db.execute(sql.SQL("CREATE ROLE {} {}").format(name, MADE_AS[role]))
    elif not exists[0]:
        db.execute(sql.SQL("ALTER ROLE {} {}").format(name, MADE_AS[role]))
    if password is not None:
        db.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(password)))


def _create(db: psycopg.Connection[tuple[object, ...]], name: str, template: str | None) -> None:
    # template0 because a distribution's template1 may hold a locale or objects of somebody else.
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    if template is None:
        made += sql.SQL(" ENCODING 'UTF8'")
    db.execute(made)


def _open_to_our_roles(db: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """Nobody but our two roles may come in, and only one of them owns."""
    database, owner, web = sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(WEB)
    db.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, owner))
    db.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    db.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, web))

"""Networks, groups and people: always the smallest valid thing, and always new, so that tests need no cleaning up."""

import secrets
import string
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from network import clock
from network.accounts import commands as accounts
from network.accounts.models import Account, AccountIdentifier, IdentifierKind
from network.db import db
from network.tenancy import commands as tenancy
from network.tenancy.models import Group, Network
from network.tenancy.settings import Setting
from network.vault import keys
from tests.support.app import in_scope

PASSWORD = "mango-rain-drum"
ZONE = "Africa/Nairobi"
_hash: list[str] = []


def word() -> str:
    """A word nobody has used yet; of letters only, so that nothing mistakes it for a number."""
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))


def day_there(at: datetime | None = None) -> date:
    """The day it is at a moment (now unless told) where these groups meet: not always the machine's."""
    return clock.today(ZONE, at=at)


def make_network(
    *, name: str | None = None, settings: dict[Setting, Any] | None = None, **more: Any
) -> Network:
    """A network with its office."""
    values = {"language": "en", "currency": "KES", "time_zone": ZONE, "now": clock.now(), **more}
    with in_scope():
        network = tenancy.open_network(name=name or f"Network {word()}", **values)
        for setting, value in (settings or {}).items():
            tenancy.decide_setting(network, setting, value)
        assert network.office.id  # loaded while its session is open
    return network


def make_group(network: Network | None = None, *, name: str | None = None, **more: Any) -> Group:
    """A group, at home in a network of its own unless one is given."""
    network = network or make_network()
    with in_scope():
        home = db.session.get_one(Network, network.id)
        values = {"language": "en", "now": clock.now() - timedelta(days=400), **more}
        return tenancy.open_group(name=name or f"Group {word()}", network=home, **values)


def make_account(
    *, shown_name: str | None = None, sign_in: str | None = None, language: str = "en"
) -> Account:
    """Somebody who can sign in; the password is `PASSWORD`."""
    sign_in = sign_in or f"{word()}@people.example"
    if not _hash:
        from network.accounts import passwords

        _hash.append(passwords.hashed(PASSWORD))
    with in_scope():
        account = Account(
            id=uuid.uuid4(),
            shown_name=shown_name or f"Person {word()}",
            password_hash=_hash[0],
            language=language,
            created_at=clock.now(),
        )
        db.session.add(account)
        db.session.flush()
        db.session.add(
            AccountIdentifier(
                account_id=account.id,
                kind=IdentifierKind.EMAIL,
                shown=sign_in,
                fingerprint=keys.lookup("identifier", sign_in),
            )
        )
    return account


def make_holder(role: str, place: Group | Network, *, since: datetime | None = None, **more: Any) -> Account:
    """Somebody who holds a role in a group, or in a network's office."""
    account = make_account(**more)
    give_role(account, role, place, since=since)
    return account


def give_role(account: Account, role: str, place: Group | Network, *, since: datetime | None = None) -> None:
    """Let somebody hold a role from now on, or since another moment."""
    place_id = place.office_id if isinstance(place, Network) else place.id
    with in_scope(place_id):
        accounts.give_role(
            account.id, role, because_of=uuid.uuid4(), now=since or clock.now() - timedelta(seconds=1)
        )


def move_where_it_is_another_day(group: Group) -> date:
    """Put the clock of a group or office where the date now is not that of UTC; the date there."""
    now = clock.now()
    zone = "Pacific/Kiritimati" if now.hour >= 10 else "Pacific/Pago_Pago"
    with in_scope(group):
        db.session.execute(sa.update(Group).where(Group.id == group.id).values(time_zone=zone))
    return clock.today(zone, at=now)

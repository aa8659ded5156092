"""The story the demo tells: each package adds its chapter, told by calling the same commands that people call."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app

from network import clock
from network.accounts import commands as accounts
from network.accounts.models import Account
from network.accounts.queries import find_account, places_of
from network.db import db
from network.home.views import address_of
from network.permissions import Role
from network.tenancy import scope
from network.tenancy.commands import decide_setting, open_group, open_network
from network.tenancy.models import Group, Network
from network.tenancy.settings import COMPOSITION_MINIMUM, COUNTRY_PROFILE, RESERVE_PERCENT, STAFF_LANGUAGES

FOUR_YEARS = timedelta(days=4 * 365)
"""How long the story's groups, and the people in their network's office, have been there."""
PASSWORD = "mango-rain-drum"  # noqa: S105 - the demo's people are invented and their passwords are told to everybody


@dataclass(frozen=True)
class SignIn:
    """Somebody in the demo who can sign in, and what they are in the story."""

    role: str
    name: str
    sign_in: str

    @property
    def password(self) -> str:
        return PASSWORD


@dataclass
class Story:
    """What earlier chapters made, by the name later chapters know it by."""

    now: datetime
    places: dict[str, Any] = field(default_factory=dict)
    """Identifiers of groups and offices."""
    people: dict[str, Any] = field(default_factory=dict)
    """Identifiers of accounts."""
    things: dict[str, Any] = field(default_factory=dict)


Chapter = Callable[[Story], None]
_chapters: list[tuple[int, Chapter]] = []
_sign_ins: list[SignIn] = []


def register(order: int, chapter: Chapter, *sign_ins: SignIn) -> None:
    """Add a chapter. Chapters are told in order; each opens the scopes it needs with `scope.visiting`."""
    if (order, chapter) not in _chapters:
        _chapters.append((order, chapter))
        _chapters.sort(key=lambda known: known[0])
        _sign_ins.extend(sign_ins)


def open_account(story: Story, who: SignIn, *, language: str) -> None:
    """Somebody of the story gets an account; run inside any scope."""
    account = accounts.open_account(
        identifier=who.sign_in, password=who.password, shown_name=who.name, language=language, now=story.now
    )
    story.people[who.name] = account.id


STAFF = (
    (SignIn("network staff, onboarding", "Amina", "amina@usp-kenya.example"), Role.ONBOARDING),
    (SignIn("network staff, finance", "Brian", "brian@usp-kenya.example"), Role.FINANCE),
    (SignIn("network staff, translation", "Zawadi", "zawadi@usp-kenya.example"), Role.TRANSLATION),
    (SignIn("network staff, administration", "Grace", "grace@usp-kenya.example"), Role.ADMINISTRATION),
)


NETWORKS = (
    # key, name, above it, currency, time zone, country, band
    ("intervoice", "Intervoice", None, "EUR", "Europe/Amsterdam", "", 5),
    ("england", "Hearing Voices Network England", "intervoice", "GBP", "Europe/London", "GB", 6),
    ("usa", "HVN-USA", "intervoice", "USD", "America/New_York", "US", 7),
    ("kenya", "USP-Kenya", None, "KES", "Africa/Nairobi", "KE", 1),
)


def networks(story: Story) -> None:
    """The tree of networks, what USP-Kenya has decided, and the people in its office."""
    made: dict[str | None, Network] = {}
    with scope.visiting():
        for key, name, above, currency, zone, country, band in NETWORKS:
            made[key] = open_network(
                name=name,
                language="en",
                currency=currency,
                time_zone=zone,
                now=story.now,
                parent=made.get(above),
                country=country,
                band=band,
            )
            story.places[key], story.things[f"network {key}"] = made[key].office_id, made[key].id
        for setting, value in (
            (COMPOSITION_MINIMUM, 70),
            (RESERVE_PERCENT, 20),
            (COUNTRY_PROFILE, "kenya"),
            (STAFF_LANGUAGES, ["en", "sw"]),
        ):
            decide_setting(made["kenya"], setting, value)
        for who, _ in STAFF:
            open_account(story, who, language="en")
    with scope.visiting(story.places["kenya"]):
        for who, role in STAFF:
            accounts.give_role(
                story.people[who.name], role, because_of=story.places["kenya"], now=story.now - FOUR_YEARS
            )


COUNTIES = (
    # key, name, locality, language, band
    ("nairobi", "Mind Empowerment", "Nairobi", "sw", 1),
    ("umoja", "Umoja wa Eastlands", "Nairobi", "sw", 2),
    ("machakos", "Sauti Yetu", "Machakos", "sw", 3),
    ("mwala", "Mwala Pamoja", "Machakos", "sw", 4),
    ("kiambu", "Tumaini Kiambu", "Kiambu", "sw", 5),
    ("limuru", "Limuru Neighbours", "Kiambu", "en", 6),
    ("nakuru", "Nakuru Lake Circle", "Nakuru", "en", 7),
    ("naivasha", "Naivasha Daraja", "Nakuru", "sw", 8),
    ("kisumu", "Kisumu Nyota", "Kisumu", "sw", 1),
    ("ahero", "Ahero Fellowship", "Kisumu", "en", 2),
    ("nyeri", "Nyeri Mwangaza", "Nyeri", "sw", 3),
    ("karatina", "Karatina Open Circle", "Nyeri", "en", 4),
    ("mukurweini", "Mukurweini Sisters", "Nyeri", "sw", 5),
)
"""USP-Kenya's thirteen groups in six counties, two of them in Nairobi. Only the first one's name is from life."""
TOLD_FROM_THE_START = "ahero"
"""The group whose story begins with its application; the chapter about applications opens it."""


def groups(story: Story) -> None:
    """The groups of the story, at home in their networks."""
    with scope.visiting():
        kenya = db.session.get_one(Network, story.things["network kenya"])
        for key, name, locality, language, band in COUNTIES:
            if key == TOLD_FROM_THE_START:
                continue
            story.places[key] = open_group(
                name=name,
                network=kenya,
                language=language,
                locality=locality,
                band=band,
                now=story.now - FOUR_YEARS,
            ).id
        england = db.session.get_one(Network, story.things["network england"])
        story.places["leeds"] = open_group(
            name="Tuesday Voices",
            network=england,
            language="en",
            locality="Leeds",
            band=6,
            now=story.now - timedelta(days=6 * 365),
        ).id


def is_told() -> bool:
    """Whether the story is in the database already."""
    with scope.visiting():
        return db.session.scalar(sa.select(Network.id).where(Network.name == "USP-Kenya")) is not None


def tell(now: datetime) -> Story:
    """Tell every chapter."""
    story = Story(now=now)
    for _, chapter in _chapters:
        chapter(story)
    return story


def sign_ins() -> list[dict[str, str]]:
    """Who can sign in to the demo, and where each of them lands."""
    rows = []
    for who in _sign_ins:
        with scope.visiting():
            account = find_account(who.sign_in)
        if account is not None:
            rows.append(
                {
                    "role": who.role,
                    "name": who.name,
                    "sign_in": who.sign_in,
                    "password": who.password,
                    "home": _home(account),
                }
            )
    return rows


def _home(account: Account) -> str:
    with scope.visiting(account_id=account.id):
        ids = places_of(account.id, now=clock.now())
        return address_of(db.session.get_one(Group, ids[0])) if len(ids) == 1 else "/places"


def init_app(app: Flask) -> None:
    """Add `flask demo …` and the first chapter."""
    register(10, networks, *(who for who, _ in STAFF))
    register(15, groups)
    app.cli.add_command(demo)


@click.group()
def demo() -> None:
    """The demo's story."""


@demo.command()
def load() -> None:
    """Tell the story once; a second time changes nothing."""
    if is_told():
        click.echo("The demo is here already.")
        return
    tell(clock.now())
    click.echo("The demo is loaded.")


@demo.command("sign-ins")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def show_sign_ins(as_json: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Who can sign in to the demo."""
    with current_app.test_request_context():
        rows = sign_ins()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['role']}: {row['name']}, {row['sign_in']}, {row['password']}, {row['home']}")

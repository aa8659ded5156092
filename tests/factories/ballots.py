"""A box with its key, as three keepers would make it; and opening it, as their browsers do."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from groups.ballots import commands, queries
from groups.ballots.formats import envelope, paper
from groups.ballots.models import BallotBox, Keeper, RollEntry
from groups.elections.models import Election
from groups.elections.queries import reload
from groups.membership.commands import link_account
from groups.membership.models import Member
from groups.membership.queries import get_member
from network import clock
from network.accounts.models import Account
from network.tenancy.models import Group
from tests.factories.groups import a_candidate, a_member, an_election
from tests.factories.network import make_account
from tests.support.app import in_group


@dataclass(frozen=True)
class KeptKey:
    """What the keepers hold together; the server never has it."""

    private: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def open(self, sealed: bytes, election_id: uuid.UUID) -> str:
        """As a keeper's browser does."""
        point, nonce, inner = sealed[1:66], sealed[66:78], sealed[78:]
        secret = self.private.exchange(ec.ECDH(), envelope.read_point(point))
        return (
            AESGCM(envelope.key_from(secret, election_id))
            .decrypt(nonce, inner, election_id.bytes)
            .decode()
            .strip()
        )


@dataclass(frozen=True)
class Held:
    """An election whose box takes votes."""

    election: Election
    box: BallotBox
    key: KeptKey
    voters: list[Member]
    closes_at: datetime

    def entry(self, voter: Member) -> RollEntry:
        found = queries.find_entry(self.election.id, voter.id)
        assert found is not None
        return found

    def cast(self, voter: Member, chosen: dict[int, Sequence[int]], *, now: datetime | None = None) -> str:
        """Vote, as a page without scripts does."""
        box = queries.get_box(self.election.id)
        return commands.cast(
            self.election.id, commands.seal_here(box, chosen), now=now or clock.now(), entry=self.entry(voter)
        )

    def close(self) -> BallotBox:
        ends = queries.get_box(self.election.id).closes_at or self.closes_at
        return commands.close_box(self.election, by=None, now=ends)

    def opened(self) -> list[str]:
        """What a keeper's browser reads."""
        texts = []
        for sealed in queries.boxed(self.election.id):
            try:
                texts.append(self.key.open(sealed, self.election.id))
            except InvalidTag:
                continue
        return sorted(texts)

    def keepers(self) -> list[Keeper]:
        return [keeper for keeper, _name in queries.keepers_of(self.box.id)]

    def open_by_two(self) -> None:
        first, second, _ = self.keepers()
        asked = queries.asked_in(self.election)
        for keeper in (first, second):
            commands.keep_opened(self.election, keeper, self.opened(), asked=asked, now=clock.now())


def a_shut_box(
    voters: int = 8, *, candidates: int = 3, office: str = "treasurer", now: datetime | None = None
) -> Held:
    """Candidates for an office, three keepers with their key, so many more voters; the vote has not begun."""
    now = now or clock.now()
    election = an_election(offices=[office])
    for number in range(candidates):
        a_candidate(election, office, a_member(f"Stands {number}"))
    keepers = [a_member(f"Keeps {number}") for number in range(3)]
    people = [a_member(f"Votes {number}") for number in range(voters)]
    return with_key(election, keepers, people, now=now)


def with_key(election: Election, keepers: Sequence[Member], voters: list[Member], *, now: datetime) -> Held:
    """Three keepers have made their key for an election; the vote has not begun."""
    key, election = KeptKey(ec.generate_private_key(ec.SECP256R1())), reload(election)
    box = commands.prepare_box(
        election, public_key=key.public, wrapped_key=hashlib.sha512(b"closed").digest() * 2, keepers=keepers, by=None, now=now
    )  # fmt: skip
    return Held(election, box, key, voters, now + timedelta(hours=1))


def an_open_box(
    voters: int = 8, *, slips: int = 0, candidates: int = 3, office: str = "treasurer", now: datetime | None = None
) -> Held:  # fmt: skip
    """The same, and the box takes envelopes for an hour."""
    now = now or clock.now()
    held = a_shut_box(voters, candidates=candidates, office=office, now=now)
    commands.open_box(
        held.election, with_phones=True, slips=slips, closes_at=held.closes_at, by=None, now=now
    )
    return held


def a_paper(held: Held, chosen: dict[int, Sequence[int]]) -> bytes:
    """A padded paper of this box."""
    return paper.written(chosen, length=held.box.length)


def people_of(group: Group, held: Held) -> list[Account]:
    """A sign-in for each voter."""
    accounts = [make_account() for _ in held.voters]
    with in_group(group):
        for voter, account in zip(held.voters, accounts, strict=True):
            link_account(get_member(voter.id), account.id, now=clock.now())
    return accounts

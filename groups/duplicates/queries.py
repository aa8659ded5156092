"""Finding entries that look alike inside the group, and whether anything hangs on one of them."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa

from groups.consents.models import Consent, Method
from groups.duplicates.models import DifferentPeople
from groups.duplicates.rules import Entry, Pair, pairs_of
from groups.membership.models import Member
from groups.membership.queries import present_members
from network.db import Base, db

LIGHT = {"consents", "looks", "reaches", "tellings", "different_people", "invitations", "members"}
"""What goes with somebody who leaves, and holds nothing the group rests on."""


def lookalikes() -> list[Pair]:
    """Every two members who may be one person; how they are reached is opened to compare, and forgotten with the page."""
    entries = [
        Entry(one.id, one.nickname, one.contact, one.joined_on)
        for one in db.session.scalars(present_members())
    ]
    said = db.session.execute(sa.select(DifferentPeople.first_id, DifferentPeople.second_id))
    return pairs_of(entries, different={(first_id, second_id) for first_id, second_id in said})


def with_something_on_them(member_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these members sign in, said something themselves, or are named by any row the group rests on: votes, offices, money.

    A yes of their own goes with nobody's button but their own: it, or that they are left out, would be lost.

    One statement for all tables there are, so that a table made tomorrow is asked too.
    """
    named = [
        sa.exists().where(table.c.group_id == Member.group_id, column == Member.id)
        for table, column in _columns_naming_members()
    ]
    said = sa.exists().where(
        Consent.group_id == Member.group_id, Consent.member_id == Member.id, Consent.withdrawn_at.is_(None),
        Consent.method != Method.LIST,
    )  # fmt: skip
    asked = sa.select(Member.id).where(
        Member.id.in_(member_ids),
        sa.or_(Member.account_id.is_not(None), Member.left_out_of_return, said, *named),
    )
    return set(db.session.scalars(asked))


def _columns_naming_members() -> list[tuple[sa.Table, sa.Column[uuid.UUID]]]:
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        if table.name not in LIGHT and "group_id" in table.c
        for key in table.foreign_keys
        if key.column.table.name == "members" and key.parent.name != "group_id"
    ]

"""What members told for the return is counted together, and read by nobody one by one."""

import sqlalchemy as sa

from groups.membership import commands, queries
from groups.membership.models import Member
from groups.membership.rules import matrix_of
from network import clock
from network.db import db
from tests.factories.groups import a_member, some_members, tells_for_return
from tests.factories.network import make_group
from tests.support.app import in_group

TOLD = [
    ("f", "youth", "yes"),
    ("f", "older", "not"),
    ("m", None, None),
    (None, "under", None),
    ("i", "adult", "yes"),
]


class TestMatrixOf:
    def test_counts_by_sex_and_those_who_did_not_say(self) -> None:
        rows = matrix_of(TOLD)
        assert list(rows) == ["f", "m", "i", ""]
        assert (rows["f"].total, rows["f"].with_disability, rows["f"].youth, rows["f"].older) == (2, 1, 1, 1)
        assert (rows["m"].total, rows["m"].no_age) == (1, 1)
        assert (rows[""].total, rows[""].under) == (1, 1)
        assert sum(row.total for row in rows.values()) == len(TOLD)

    def test_has_every_row_also_where_nobody_is_in_it(self) -> None:
        assert [row.total for row in matrix_of([]).values()] == [0, 0, 0, 0]


class TestReturnMatrix:
    def test_counts_whoever_is_here_and_tells_those_left_out_apart(self) -> None:
        with in_group(make_group()):
            for number, (sex, age, registered) in enumerate(TOLD):
                told = {"sex": sex, "age_band": age, "registered": registered}
                tells_for_return(a_member(f"Somebody {number}"), **told, left_out=number == 0)
            assert queries.return_matrix()["f"].total == 2
            assert queries.return_matrix(left_out=False)["f"].total == 1
            assert queries.return_matrix(left_out=True)["f"].youth == 1
            assert len(db.session.scalars(queries.members_on_return()).all()) == len(TOLD) - 1

    def test_is_noise_in_the_database_and_gone_when_somebody_leaves(self) -> None:
        group = make_group()
        kept = sa.text(
            "select sex, age_band, disability_registered, left_out_of_return from members where id = :id"
        )
        with in_group(group):
            member = tells_for_return(a_member(), sex="f", age_band="under", registered="yes", left_out=True)
            stored = db.session.execute(kept, {"id": member.id}).one()
            assert not any(word in b"".join(stored[:3]) for word in (b"under", b"yes"))
            commands.let_member_go(group, member, by=None, now=clock.now())
            assert tuple(db.session.execute(kept, {"id": member.id}).one()) == (None, None, None, False)

    def test_no_list_of_members_reads_it(self) -> None:
        with in_group(make_group()):
            some_members(3)
            db.session.expire_all()
            read = {
                name for one in db.session.scalars(queries.present_members()) for name in sa.inspect(one).dict
            }
            assert not read & {"sex", "age_band", "disability_registered", "lived_experience"}
            assert isinstance(db.session.scalars(queries.present_members()).first(), Member)

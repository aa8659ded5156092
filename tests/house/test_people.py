"""Every row about somebody can be shown to them, taken away by them, and forgotten: no table is left out."""

import importlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from network import data_map
from network.data_map import Column, DataMap
from network.data_map.people import Goes, People, Row, faults_of_people, read_people
from network.mine import registry, rows
from network.mine.words import BECAUSE, COLUMNS, UNTIL
from network.tenancy.fence import Fence
from network.web.unit_of_work import Pamoja


@pytest.fixture(scope="module")
def columns(app: Pamoja) -> dict[str, Column]:
    return data_map.kept_columns()


@pytest.fixture(scope="module")
def the_map(app: Pamoja) -> DataMap:
    return data_map.read_map(data_map.files())


@pytest.fixture(scope="module")
def people(columns: dict[str, Column]) -> People:
    return read_people(data_map.files(), columns)


def found(text: str, table: sa.Table, folder: Path) -> list[str]:
    """What the check says of a table as somebody might add it tomorrow."""
    (folder / "data_map.toml").write_text(text, encoding="utf-8")
    columns = data_map.columns_of([table], {table.name: Fence.GROUP})
    files = [folder / "data_map.toml"]
    told = read_people(files, columns)
    alone = People(told.links, told.nobody, {}, told.faults)
    return faults_of_people(alone, data_map.read_map(files), columns, reasons=BECAUSE)


class TestEveryTable:
    def test_says_whose_its_rows_are_and_what_becomes_of_them(
        self, people: People, the_map: DataMap, columns: dict[str, Column]
    ) -> None:
        faults = faults_of_people(people, the_map, columns, reasons=BECAUSE)
        assert not faults, "\n".join(faults)

    def test_belongs_to_one_part_of_my_page(self, people: People) -> None:
        led = {link.table for link in people.links.values()}
        named = [table for part in registry.parts() for table in part.tables]
        assert sorted(named) == sorted(led), (
            "register it with network.mine.registry (docs/privacy.md says how)"
        )

    def test_is_kept_until_something_that_can_be_told(self, people: People, the_map: DataMap) -> None:
        rules = {the_map.purposes[link.table][1] for link in people.links.values()}
        assert rules <= set(UNTIL), "say it in network/mine/words.py"

    def test_names_commands_that_exist(self, people: People) -> None:
        for link in people.links.values():
            if link.goes is Goes.COMMAND:
                module, name = link.command.rsplit(".", 1)
                assert hasattr(importlib.import_module(module), name), link.place

    def test_is_called_by_columns_that_are_there(self, columns: dict[str, Column]) -> None:
        names = {column.name for column in columns.values()}
        assert set(COLUMNS) <= names

    def test_shows_no_code_without_its_words(self, app: Pamoja) -> None:
        bare = [
            f"{table.name}.{name}"
            for in_group in (True, False)
            for table in rows.tables(in_a_group=in_group)
            for name in {name for kind in Row for name in rows._shown(table, kind)} & set(COLUMNS)
            if any(f"{name} in ('" in str(check.sqltext) for check in checks_of(table))
            and not registry.words_for(f"{table.name}.{name}")
        ]
        assert bare == [], "say the words with network.mine.registry.say"

    def test_can_be_emptied_where_it_says_so(self, people: People, app: Pamoja) -> None:
        tables = {
            table.name: table for in_group in (True, False) for table in rows.tables(in_a_group=in_group)
        }
        for link in people.links.values():
            if link.goes is Goes.LINK:
                assert tables[link.table].c[link.column].nullable, f"{link.place} cannot be emptied"


def checks_of(table: sa.Table) -> list[sa.CheckConstraint]:
    return [one for one in table.constraints if isinstance(one, sa.CheckConstraint)]


def planted(*more: sa.Column) -> sa.Table:
    metadata = sa.MetaData()
    sa.Table("accounts", metadata, sa.Column("id", sa.Uuid, primary_key=True))
    return sa.Table("planted", metadata, sa.Column("by_id", sa.ForeignKey("accounts.id")), *more)


MAP = '[planted]\nwhy = "A table of this test."\nuntil = "group"\n[planted.person]\nby_id = "Who did it."\n'


class TestWhatItFinds:
    def test_a_person_nobody_entered(self, tmp_path: Path) -> None:
        faults = found(MAP, planted(), tmp_path)
        assert any("planted.by_id points at somebody" in fault for fault in faults)

    def test_an_identifier_that_may_be_a_persons(self, tmp_path: Path) -> None:
        table = sa.Table("planted", sa.MetaData(), sa.Column("of_id", sa.Uuid))
        faults = found('[planted]\nwhy = "A table of this test."\nuntil = "group"', table, tmp_path)
        assert any("planted.of_id is held to no table" in fault for fault in faults)

    def test_words_about_people_that_lead_to_nobody(self, tmp_path: Path) -> None:
        table = sa.Table("planted", sa.MetaData(), sa.Column("said", sa.Text))
        told = '[planted]\nwhy = "A table of this test."\nuntil = "group"\n[planted.sensitive]\nsaid = "Something said."'
        assert any("planted.said is about somebody" in fault for fault in found(told, table, tmp_path))
        told += '\n[planted.mine]\nnobody = "Whoever says it has no account here."'
        assert found(told, table, tmp_path) == []

    def test_a_row_that_stays_without_a_reason(self, tmp_path: Path) -> None:
        told = MAP + '[planted.mine]\nby_id = "theirs:habit"'
        assert any("say because of what" in fault for fault in found(told, planted(), tmp_path))
        told = MAP + '[planted.mine]\nby_id = "acts:book"'
        assert found(told, planted(), tmp_path) == []

    def test_sealed_words_left_behind(self, tmp_path: Path) -> None:
        told = MAP + '[planted.sensitive]\nsaid = "Something said."\n[planted.mine]\nby_id = "theirs:book"'
        table = planted(sa.Column("said", sa.Text))
        (fault,) = found(told, table, tmp_path)
        assert "planted.said would stay" in fault
        told = told.replace(
            '"theirs:book"', '{row = "theirs", goes = "name", because = "book", also = ["said"]}'
        )
        assert found(told, table, tmp_path) == []

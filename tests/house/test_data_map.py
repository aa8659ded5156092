"""Every column is in the data map, kept as its class asks and until a rule that exists; nothing asks for what we do not collect."""

import dataclasses
import importlib
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
import wtforms
from marshmallow import Schema

from network import data_map
from network.data_map import Column, DataClass, DataMap, NamedField, Words, rules
from network.db import db
from network.outbox import periodic
from network.tenancy.fence import Fence
from network.vault.columns import Sealed
from network.web.forms import Form
from network.web.unit_of_work import Pamoja
from tests.house.test_files import PACKAGES, ROOT, TEMPLATES
from tests.support.app import in_scope
from tests.support.named_fields import (
    below,
    fields_of_forms,
    fields_of_schemas,
    fields_of_tables_of_words,
    fields_of_templates,
)

LANGUAGES = ("en", "sw", "fr")


@pytest.fixture(scope="module")
def columns(app: Pamoja) -> dict[str, Column]:
    return data_map.kept_columns()


@pytest.fixture(scope="module")
def the_map(app: Pamoja) -> DataMap:
    return data_map.read_map(data_map.files())


@pytest.fixture(scope="module")
def words() -> Words:
    return data_map.read_words()


@pytest.fixture(scope="module")
def fields(app: Pamoja) -> list[NamedField]:
    ours = [s for s in below(Schema) if s.__module__.split(".")[0] in PACKAGES]
    with app.test_request_context():
        forms = fields_of_forms([f for f in below(Form) if f.__module__.split(".")[0] in PACKAGES], LANGUAGES)
        codes = fields_of_tables_of_words(PACKAGES, LANGUAGES)
    return [*forms, *codes, *fields_of_schemas(ours), *fields_of_templates(TEMPLATES)]


def planted(column: sa.Column, fence: Fence = Fence.GROUP) -> dict[str, Column]:
    """A column as somebody might add it tomorrow."""
    return data_map.columns_of([sa.Table("planted", sa.MetaData(), column)], {"planted": fence})


def mapped(text: str, folder: Path) -> DataMap:
    (folder / "data_map.toml").write_text(text, encoding="utf-8")
    return data_map.read_map([folder / "data_map.toml"])


class TestTheMap:
    def test_knows_every_column_and_keeps_each_as_its_class_asks(
        self, the_map: DataMap, columns: dict[str, Column], words: Words
    ) -> None:
        assert rules.faults_of_columns(the_map, columns, words) == []

    def test_lies_beside_the_models_it_speaks_of(self) -> None:
        there = {path for package in PACKAGES for path in (ROOT / package).rglob("data_map.toml")}
        beside = data_map.files()
        assert there == set(beside)
        for file, tables in beside.items():
            assert set(data_map.read_map([file]).purposes) == tables, f"{file} speaks of its own tables"

    def test_names_rules_of_keeping_that_something_sees_to(self, the_map: DataMap) -> None:
        with in_scope():
            functions = db.session.scalars(
                sa.text("select proname from pg_proc where pronamespace = 'public'::regnamespace")
            ).all()
        commands = {
            rule.command for rule in the_map.keeping.values() if rule.command and is_there(rule.command)
        }
        assert (
            rules.faults_of_keeping(the_map, jobs=periodic.names(), commands=commands, functions=functions)
            == []
        )

    def test_says_of_everything_what_the_law_lets_it_rest_on(self, the_map: DataMap) -> None:
        assert rules.faults_of_bases(the_map) == []

    def test_no_column_code_form_or_label_asks_for_what_we_do_not_collect(
        self, columns: dict[str, Column], fields: list[NamedField], words: Words
    ) -> None:
        assert len(fields) > 200
        faults = rules.faults_of_words(columns, fields, words)
        assert not faults, "\n".join(faults)

    def test_can_be_read_as_a_page(self, app: Pamoja, columns: dict[str, Column], the_map: DataMap) -> None:
        page = app.test_cli_runner().invoke(args=["data-map"]).output
        written = [e for e in the_map.entries.values() if e.data_class in rules.ABOUT_PEOPLE]
        assert all(f"| {entry.place} | {entry.why} |" in page for entry in written)
        assert "needs_help" in page


def is_there(command: str) -> bool:
    module, name = command.rsplit(".", 1)
    return hasattr(importlib.import_module(module), name)


class TestWhatItFinds:
    """The check is known to look: what is planted is found."""

    def test_a_column_nobody_wrote_down(self, tmp_path: Path, words: Words) -> None:
        found = rules.faults_of_columns(mapped("", tmp_path), planted(sa.Column("mood", sa.Text)), words)
        assert any("planted.mood is not in the map" in fault for fault in found)
        assert any("the table planted is not in the map" in fault for fault in found)

    def test_an_entry_whose_column_is_gone(self, tmp_path: Path, words: Words) -> None:
        told = '[planted]\nwhy = "A table of this test."\nuntil = "group"\nnone = ["colour", "size"]'
        found = rules.faults_of_columns(mapped(told, tmp_path), planted(sa.Column("size", sa.Text)), words)
        assert found == ["planted.colour is in the map and in no table"]

    @pytest.mark.parametrize(
        ("told", "says"),
        [
            ('until = "group"\nnone = ["colour"]', "planted.colour: say in a sentence what it is for"),
            ('why = "A table of this test."\nnone = ["colour"]', "planted: no rule of keeping is called “”"),
            ('why = "A table of this test."\nuntil = "group"', "planted.colour is not in the map"),
        ],
    )
    def test_a_column_without_a_purpose_a_period_or_a_class(
        self, told: str, says: str, tmp_path: Path, words: Words
    ) -> None:
        the_map = mapped(f"[planted]\n{told}", tmp_path)
        found = rules.faults_of_columns(the_map, planted(sa.Column("colour", sa.Text)), words)
        found += rules.faults_of_keeping(the_map, jobs=[], commands=[], functions=[])
        assert any(fault.startswith(says) for fault in found)

    def test_a_class_there_is_not(self, tmp_path: Path) -> None:
        told = '[planted]\nwhy = "A table of this test."\nuntil = "group"\nprivate = ["colour"]'
        assert "planted: there is no class called private" in mapped(told, tmp_path).faults

    @pytest.mark.parametrize("data_class", ["contact", "sensitive", "secret"])
    def test_what_must_be_sealed_and_is_not(self, data_class: str, tmp_path: Path, words: Words) -> None:
        told = f'[planted]\nwhy = "A table of this test."\nuntil = "group"\n[planted.{data_class}]\nsaid = "Something said to us."'
        the_map = mapped(told, tmp_path)
        open_column, sealed = sa.Column("said", sa.Text), sa.Column("said", Sealed("planted.said"))
        assert rules.faults_of_columns(the_map, planted(sealed), words) == []
        (fault,) = rules.faults_of_columns(the_map, planted(open_column), words)
        assert "readable in the database" in fault

    def test_a_seal_copied_from_another_column(self, tmp_path: Path, words: Words) -> None:
        told = '[planted]\nwhy = "A table of this test."\nuntil = "group"\n[planted.sensitive]\nsaid = "Something said to us."'
        copied = planted(sa.Column("said", Sealed("memos.words")))
        (fault,) = rules.faults_of_columns(mapped(told, tmp_path), copied, words)
        assert "planted.said is sealed for memos.words" in fault

    def test_a_reason_keeps_nothing_open_where_everybody_reads_the_row(
        self, tmp_path: Path, words: Words
    ) -> None:
        told = (
            '[planted]\nwhy = "A table of this test."\nuntil = "group"\n'
            '[planted.sensitive]\nsaid = {why = "Something said to us.", open_because = "Because it was easier to build like that."}'
        )
        the_map = mapped(told, tmp_path)
        assert (
            rules.faults_of_columns(the_map, planted(sa.Column("said", sa.Text), Fence.SEALED), words) == []
        )
        assert rules.faults_of_columns(the_map, planted(sa.Column("said", sa.Text), Fence.GROUP), words) != []

    @pytest.mark.parametrize(
        "name", ["phone", "born_on", "sex", "reset_token", "email_address", "has_disability"]
    )
    def test_a_name_that_says_more_than_its_entry(self, name: str, tmp_path: Path, words: Words) -> None:
        told = f'[planted]\nwhy = "A table of this test."\nuntil = "group"\nnone = ["{name}"]'
        found = rules.faults_of_columns(mapped(told, tmp_path), planted(sa.Column(name, sa.Text)), words)
        assert any("sounds like" in fault for fault in found)

    def test_a_person_called_nobody(self, tmp_path: Path, words: Words) -> None:
        people = sa.MetaData()
        sa.Table("accounts", people, sa.Column("id", sa.Uuid, primary_key=True))
        table = sa.Table("planted", people, sa.Column("by_id", sa.ForeignKey("accounts.id")))
        told = '[planted]\nwhy = "A table of this test."\nuntil = "group"\nnone = ["by_id"]'
        found = rules.faults_of_columns(
            mapped(told, tmp_path), data_map.columns_of([table], {"planted": Fence.GROUP}), words
        )
        assert found == ["planted.by_id names a person and is said to be about none"]

    @pytest.mark.parametrize(
        "name",
        [
            "diagnosis",
            "medication",
            "symptoms",
            "hospital_history",
            "hiv_status",
            "history",
            "service_histories",
            "admitted_on",
            "pills",
            "ugonjwa",
            "dawa",
            "historia",
            "amelazwa_on",
            "maladie",
            "medicaments",
            "antecedents",
            "historique",
            "diagnose",
            "krankheit",
            "medikamente",
            "krankengeschichte",
        ],
    )
    def test_a_column_for_what_we_do_not_collect(self, name: str, words: Words) -> None:
        found = rules.faults_of_words(planted(sa.Column(name, sa.Text)), [], words)
        assert any(fault.startswith(f"planted.{name} sounds like") for fault in found)

    def test_a_code_for_it(self, words: Words) -> None:
        column = sa.Column("kind", sa.Text)
        table = sa.Table(
            "planted", sa.MetaData(), column, sa.CheckConstraint("kind in ('tea', 'depression')", name="kind")
        )
        found = rules.faults_of_words(data_map.columns_of([table], {"planted": Fence.GROUP}), [], words)
        assert any("planted.kind sounds like “depressi”" in fault for fault in found)

    def test_a_form_that_asks_for_it_under_another_name(self, app: Pamoja, words: Words) -> None:
        class PlantedForm(wtforms.Form):
            more = wtforms.StringField("Unatumia dawa gani?")

        with app.test_request_context():
            fields = fields_of_forms([PlantedForm], LANGUAGES)
        found = rules.faults_of_words({}, fields, words)
        assert any("PlantedForm.more sounds like “dawa$”" in fault for fault in found)

    def test_an_input_written_in_a_template(self, tmp_path: Path, words: Words) -> None:
        page = tmp_path / "edit.html"
        page.write_text('<input type="text" name="diagnosis">', encoding="utf-8")
        found = rules.faults_of_words({}, fields_of_templates([page]), words)
        assert any("/edit.html sounds like “diagnos”" in fault for fault in found)

    def test_a_rule_of_keeping_that_nothing_sees_to(self, tmp_path: Path) -> None:
        told = '[planted]\nwhy = "A table of this test."\nuntil = "for-ever"\nnone = ["size"]'
        found = rules.faults_of_keeping(mapped(told, tmp_path), jobs=[], commands=[], functions=[])
        assert any(re.search("planted: no rule of keeping is called “for-ever”", fault) for fault in found)
        assert "notices: there is no job called forget_notices" in found

    def test_what_rests_on_nothing_or_on_too_little(self, tmp_path: Path) -> None:
        told = (
            '[planted]\nwhy = "A table of this test."\nuntil = "group"\n'
            '[planted.sensitive]\nsaid = {why = "Something said to us.", basis = "because"}\n'
            'heard = {why = "Something said to us.", basis = "interest"}'
        )
        the_map = mapped(told, tmp_path)
        bare = dataclasses.replace(the_map.bases["interest"], near_health="")
        found = rules.faults_of_bases(dataclasses.replace(the_map, bases=the_map.bases | {"interest": bare}))
        assert any(fault.startswith("planted.said: say what it rests on") for fault in found)
        assert "planted.heard comes near health, and interest does not carry that" in found

    def test_an_allowance_nobody_needs_or_explains(self) -> None:
        words = Words(never={"dawa": "Theirs."}, points_at={}, allowed={("planted.size", "dawa"): "So."})
        found = rules.faults_of_words(planted(sa.Column("size", sa.Text)), [], words)
        assert found == [
            "planted.size is allowed “dawa” and has no use for it",
            "planted.size: say why it is allowed",
        ]

    def test_every_class_from_contact_on_is_never_open(self) -> None:
        assert set(DataClass) - rules.NEVER_OPEN == {
            DataClass.NONE, DataClass.PUBLIC, DataClass.GROUP, DataClass.PERSON,
        }  # fmt: skip

"""The command: the book on standard output, or one plain sentence."""

import csv
import io

from beancount import loader

from network.web.unit_of_work import Pamoja
from tests.factories.funding import make_officers
from tests.funding.exports.test_beancount import a_full_book


def run(app: Pamoja, *words: str) -> tuple[int, str, str]:
    done = app.test_cli_runner().invoke(args=["book", "export", *words])
    return done.exit_code, done.stdout, done.stderr


class TestTheCommand:
    def test_writes_text_the_program_takes(self, app: Pamoja) -> None:
        people = a_full_book("KES")
        code, out, _ = run(app, people.group.slug, "--format", "beancount")
        assert code == 0
        _, errors, _ = loader.load_string(out)
        assert errors == []

    def test_writes_a_row_a_leg(self, app: Pamoja) -> None:
        people = a_full_book("KWD")
        code, out, _ = run(app, people.group.slug, "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(out)))
        assert code == 0
        assert sum(int(row["amount_minor"]) for row in rows) == 0
        assert {row["amount"] for row in rows if row["amount_minor"] == "777"} == {"0.777"}
        assert {row["takes_back"] for row in rows} == {"", "2"}
        assert {row["entry"] for row in rows} == {"1", "2", "3", "4", "5"}
        assert all(len(row["seal"]) == 64 for row in rows)

    def test_an_empty_book_has_its_headings(self, app: Pamoja) -> None:
        code, out, _ = run(app, make_officers().group.slug, "--format", "csv")
        assert (code, len(out.splitlines())) == (0, 1)

    def test_a_group_nobody_knows_is_one_plain_sentence(self, app: Pamoja) -> None:
        code, out, said = run(app, "nobody-knows-it", "--format", "csv")
        assert (code, out) == (1, "")
        assert said.strip() == "Error: There is no group nobody-knows-it."

    def test_another_format_is_a_slip_of_the_hand(self, app: Pamoja) -> None:
        people = make_officers()
        code, out, said = run(app, people.group.slug, "--format", "pdf")
        assert (code, out) == (2, "")
        assert "pdf" in said
        assert "Traceback" not in said

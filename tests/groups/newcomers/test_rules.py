import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.newcomers import formats, rules
from groups.newcomers.rules import Answer, CannotRead, Known, Refusal, Row

TODAY = date(2026, 11, 22)
LANGUAGES = {"en": "en", "english": "en", "sw": "sw", "kiswahili": "sw", "fr": "fr", "francais": "fr"}


def rows(text: str) -> list[Row]:
    return rules.rows_in(formats.lines_of_text(text), languages=LANGUAGES)


def faults(text: str, here: tuple[Known, ...] = ()) -> list[tuple[int, str, Refusal]]:
    looked = rules.looked_over(rows(text), here=here, today=TODAY, languages=LANGUAGES)
    return [(fault.line, fault.part, fault.refusal) for fault in looked.faults]


def looked(text: str, answer: str, *here: Known) -> rules.Looked:
    answered = [Row(r.line, r.nickname, r.joined, r.language, r.contact, answer) for r in rows(text)]
    return rules.looked_over(answered, here=here, today=TODAY, languages=LANGUAGES)


class TestReadingAList:
    @pytest.mark.parametrize("sign", [",", ";", "\t"])
    def test_takes_a_person_a_line_whatever_stands_between(self, sign: str) -> None:
        text = f"Rain\n\nTwo  Rivers{sign}2025-03-31{sign}Kiswahili{sign}+254 700 111 222\r\n"
        assert rows(text) == [
            Row(1, "Rain"),
            Row(3, "Two Rivers", "2025-03-31", "Kiswahili", "+254 700 111 222"),
        ]

    def test_knows_a_part_by_its_looks_where_there_are_no_headings(self) -> None:
        assert rows("Kip, 0700 111 222\nSun, sun@example.org, sw")[0].contact == "0700 111 222"
        assert rows("Sun, sun@example.org, Français")[0] == Row(
            1, "Sun", contact="sun@example.org", language="Français"
        )

    def test_reads_by_headings_and_nothing_else(self) -> None:
        text = "No,ID number,Jina la utani,Simu,Sex,Date joined\n1,22334455,Rain,0700111222,f,31/03/2025"
        assert rows(text) == [Row(2, "Rain", joined="31/03/2025", contact="0700111222")]
        assert rules.unread_headings(formats.lines_of_text(text)) == ["No", "ID number", "Sex"]

    def test_takes_the_nickname_before_the_name(self) -> None:
        assert rows("Full name,Nickname\nJane Doe,Rain")[0].nickname == "Rain"

    @pytest.mark.parametrize(
        "heading",
        [
            "Diagnosis",
            "HIV status",
            "medication(s)",
            "Illness",
            "État de santé",
            "Maladie",
            "Dawa",
            "VVU",
            "hiv_status",
        ],
    )
    def test_refuses_a_column_of_what_nobody_keeps(self, heading: str) -> None:
        for text in (f"Name,{heading}\nRain,x", f"{heading},Name\nx,Rain", f"Rain,{heading}\nSun,x"):
            with pytest.raises(CannotRead) as refused:
                rows(text)
            assert (refused.value.refusal, refused.value.word) == (Refusal.NOT_KEPT_HERE, heading)

    @pytest.mark.parametrize(
        ("text", "refusal"),
        [
            ("", Refusal.NOBODY_NAMED),
            ("\n , ,\n", Refusal.NOBODY_NAMED),
            ("Name,Phone\n", Refusal.NOBODY_NAMED),
            ("Phone,Language\n0700111222,sw", Refusal.NO_NAMES),
            ("\n".join(f"Name {n}" for n in range(201)), Refusal.TOO_MANY),
        ],
    )
    def test_says_why_a_list_cannot_be_taken(self, text: str, refusal: Refusal) -> None:
        with pytest.raises(CannotRead) as refused:
            rows(text)
        assert refused.value.refusal == refusal

    def test_takes_two_hundred(self) -> None:
        assert len(rows("Name\n" + "\n".join(f"Name {n}" for n in range(200)))) == 200

    def test_a_forgotten_quotation_mark_swallows_nobody(self) -> None:
        assert [row.nickname for row in rows('"Kip\nRain\n"Two, Rivers",0700111222')][1:] == [
            "Rain",
            "Two, Rivers",
        ]


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="\ufeff"),
    min_size=1,
    max_size=12,
)
PERSON = st.tuples(WORDS, *[st.one_of(st.just(""), WORDS)] * 3)


class TestRoundTrip:
    @given(st.lists(PERSON, min_size=1, max_size=20), st.sampled_from([",", ";", "\t"]))
    def test_what_a_spreadsheet_writes_is_what_is_read(
        self, people: list[tuple[str, ...]], sign: str
    ) -> None:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=sign, quoting=csv.QUOTE_ALL)
        writer.writerows([("Nickname", "Joined on", "Language", "Contact"), *people])
        text = out.getvalue()
        for content in (
            text.encode(),
            text.encode("utf-8-sig"),
            text.encode("utf-16"),
            f"sep={sign}\n{text}".encode(),
        ):
            found = rules.rows_in(formats.lines_of_file(content), languages=LANGUAGES)
            assert [(r.nickname, r.joined, r.language, r.contact) for r in found] == people

    @given(st.text(max_size=400))
    def test_no_text_is_too_strange_and_whoever_is_added_is_called_something_of_their_own(
        self, text: str
    ) -> None:
        try:
            found = looked(text, Answer.SOMEBODY_ELSE, Known("Rain", "0700111222"), Known("a"))
        except CannotRead:
            return
        names = [rules.folded(one.nickname) for one in found.newcomers]
        assert len({*names, "rain", "a"}) == len(names) + 2
        assert bool(found.faults) != bool(found.newcomers)

    @given(st.binary(max_size=300))
    def test_no_file_is_too_strange(self, content: bytes) -> None:
        for one in (content, b"PK\x03\x04" + content):
            try:
                lines = formats.lines_of_file(one)
            except formats.NotReadable:
                continue
            assert all(any(line.cells) for line in lines)


class TestFaults:
    def test_names_every_one(self) -> None:
        text = (
            f"Name,Joined,Language,Phone\n,,sw,\n{'x' * 61},31.02.2025,,\n--,2026-11-23,Klingon,hello\n"
            "Rain,22/11/2026,sw,0700111222\nRAIN,,,\n"
        )
        assert faults(text) == [
            (2, "nickname", Refusal.NAMELESS),
            (3, "nickname", Refusal.NAME_TOO_LONG),
            (3, "joined", Refusal.NO_DAY),
            (4, "nickname", Refusal.NAME_UNREADABLE),
            (4, "joined", Refusal.STILL_TO_COME),
            (4, "language", Refusal.UNKNOWN_LANGUAGE),
            (4, "contact", Refusal.NO_CONTACT),
            (6, "nickname", Refusal.NAME_TWICE),
        ]

    def test_asks_nothing_of_whoever_is_left_out(self) -> None:
        assert looked("--\nRain\nRain", Answer.LEAVE_OUT) == rules.Looked()

    @pytest.mark.parametrize(
        "text",
        [
            "31/3/2025",
            "2025-03-31",
            "31.03.25",
            "31 March 2025",
            "Mar 31, 2025",
            "31 Machi 2025",
            "31 mars 2025",
            "٣١/٣/٢٠٢٥",
        ],
    )
    def test_knows_a_day_however_it_is_written(self, text: str) -> None:
        assert rules.day_in(text) == date(2025, 3, 31)

    @pytest.mark.parametrize(
        "text", ["", "2019", "31/02/2025", "03/31/2025", "0700111222", "1.1.1900", "1 Foo 2025"]
    )
    def test_guesses_no_day(self, text: str) -> None:
        assert rules.day_in(text) is None

    @pytest.mark.parametrize(
        ("text", "is_one"),
        [("0700 111 222", True), ("+254700111222", True), ("a@b.example", True), ("7.12E+08", False), ("Kip", False),
         ("2025-03-31", False), ("12 (3) 4", False)],
    )  # fmt: skip
    def test_tells_what_reaches_somebody(self, text: str, *, is_one: bool) -> None:
        assert rules.is_contact(text) is is_one


class TestTwins:
    @pytest.mark.parametrize("typed", ["Kip", "KIP", "Kíp", "K-i-p.", "Somebody, 0700111222"])
    def test_asks_whether_it_is_the_same_person(self, typed: str) -> None:
        here = Known("Kip", "+254 700 111 222")
        assert looked(typed, "", here).faults[0].refusal == Refusal.SAME_PERSON
        assert looked(typed, Answer.ADD, here).newcomers == []
        assert looked(typed, Answer.LEAVE_OUT, here) == rules.Looked(twins=looked(typed, "", here).twins)

    def test_somebody_else_gets_a_name_of_their_own(self) -> None:
        found = looked("Kip\nKíp\nkip 2", Answer.SOMEBODY_ELSE, Known("Kip"))
        assert [one.nickname for one in found.newcomers] == ["Kip 3", "Kíp", "kip 2"]

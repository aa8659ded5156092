"""Handing a document over: neutral name, kept nowhere."""

import pytest

from network.documents.answers import Kind, answer


def test_is_shown_or_saved_under_a_neutral_name_and_never_kept() -> None:
    shown, saved = (answer(b"x", kind, name="sheet-2026-10") for kind in (Kind.PDF, Kind.CSV))
    assert shown.headers["Content-Disposition"] == 'inline; filename="sheet-2026-10.pdf"'
    assert saved.headers["Content-Disposition"] == 'attachment; filename="sheet-2026-10.csv"'
    assert {shown.headers["Cache-Control"], saved.headers["Cache-Control"]} == {"no-store"}


@pytest.mark.parametrize("name", ["Mind Empowerment", "a b", "x\r\ny", "", "../x", 'a"b'])
def test_a_name_with_anything_else_in_it_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="named"):
        answer(b"x", Kind.PDF, name=name)

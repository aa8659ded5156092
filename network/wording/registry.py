"""Which texts wait for translators: packages say so for each purpose they write texts with, in `init_app`."""

from typing import Any

_purposes: dict[str, Any] = {}


def register(purpose: str, words: Any) -> None:
    """Texts of this purpose can be translated; `words` say what one of them is (`_l("A guide")`)."""
    _purposes[purpose] = words


def purposes() -> dict[str, Any]:
    """Every purpose that can be translated, with its words."""
    return dict(_purposes)

"""What a guide must have."""

import pytest

from facilitators.resources.rules import Refusal, why_not_keep, why_not_publish
from network import clock


@pytest.mark.parametrize(
    ("kind", "link", "refusal"),
    [
        ("guide", "", None),
        ("film", "https://films.example/one", None),
        ("film", "", Refusal.FILM_NEEDS_LINK),
        ("guide", "http://films.example/", Refusal.NOT_A_SAFE_LINK),
        ("guide", "javascript:alert(1)", Refusal.NOT_A_SAFE_LINK),
        ("guide", "https://", Refusal.NOT_A_SAFE_LINK),
        ("guide", "https://a b", Refusal.NOT_A_SAFE_LINK),
    ],
)
def test_a_film_has_a_safe_link(kind: str, link: str, refusal: Refusal | None) -> None:
    assert why_not_keep(kind=kind, link=link) is refusal


def test_a_guide_is_published_once() -> None:
    assert why_not_publish(published_at=None) is None
    assert why_not_publish(published_at=clock.now()) is Refusal.PUBLISHED_ALREADY

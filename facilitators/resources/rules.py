"""What a guide must have before everybody can read it, and when it can be marked as used."""

from datetime import datetime
from enum import StrEnum


class Refusal(StrEnum):
    """Why a guide is not kept or published."""

    PUBLISHED_ALREADY = "published_already"
    FILM_NEEDS_LINK = "film_needs_link"
    NOT_A_SAFE_LINK = "not_a_safe_link"


def why_not_keep(*, kind: str, link: str) -> Refusal | None:
    """A film says where it can be watched; a link leads over an encrypted way."""
    if kind == "film" and not link:
        return Refusal.FILM_NEEDS_LINK
    if link and (not link.startswith("https://") or " " in link or len(link) <= len("https://")):
        return Refusal.NOT_A_SAFE_LINK
    return None


def why_not_publish(*, published_at: datetime | None) -> Refusal | None:
    """A guide is published once; changing it later is a new version."""
    return Refusal.PUBLISHED_ALREADY if published_at else None

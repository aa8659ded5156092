"""A version with what it changed."""

from dataclasses import dataclass

from groups.constitution import rules
from groups.officers import queries as officers
from groups.officers.models import Constitution
from groups.officers.rules import Articles


@dataclass(frozen=True)
class Version:
    """A version or a proposal, what it says, and how it differs from the one it was written against."""

    written: Constitution
    articles: Articles
    changes: list[rules.Change]
    before: Constitution | None


def version_of(written: Constitution) -> Version:
    """A version held against the one before."""
    articles = officers.articles_of(written)
    before = officers.find_version(written.follows) if written.follows else None
    if before is None:
        return Version(written, articles, [], None)
    words_changed = written.words != before.words
    changed = rules.changes(officers.articles_of(before), articles, words_changed=words_changed)
    return Version(written, articles, changed, before)

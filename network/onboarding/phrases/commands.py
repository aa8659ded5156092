"""Giving an office its first phrases."""

from datetime import datetime, timedelta

from network.onboarding.phrases import queries
from network.onboarding.seeds import PHRASES, write_seed


def lay_out_phrases(*, now: datetime) -> None:
    """Give the office in scope the usual phrases, as drafts, if it has none yet. Runs after the journey was laid
    out, whose lock keeps a second visitor waiting.
    """
    if queries.phrases():
        return
    for number, words in enumerate(PHRASES):
        write_seed(queries.PURPOSE, words, now=now + timedelta(microseconds=number))

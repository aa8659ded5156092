"""Writing a note for whoever holds an office next."""

import uuid
from datetime import datetime

from groups.notes import rules
from groups.notes.models import OfficeNote
from groups.officers.models import Term
from network import audit
from network.db import db


class CannotWrite(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def write_note(term: Term, words: str, *, by: uuid.UUID | None, now: datetime) -> OfficeNote:
    """Keep what the next person should know. Raises `CannotWrite` once the time after the term is over."""
    if not rules.may_write(term.ends_at, now=now):
        raise CannotWrite(rules.Refusal.TOO_LATE)
    note = OfficeNote(id=uuid.uuid4(), term_id=term.id, words=words.strip(), written_at=now)
    db.session.add(note)
    db.session.flush()
    audit.record("office_note.written", note, by=by, now=now)
    return note

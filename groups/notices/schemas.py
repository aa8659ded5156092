"""What the outbox carries for notices: which one, never to whom or in what words."""

from marshmallow import Schema, fields


class NoticePayload(Schema):
    """A notice whose letters are to be written."""

    notice_id = fields.UUID(required=True)


class ReminderPayload(Schema):
    """A vote of which everybody on the roll is reminded, if it is still open then."""

    election_id = fields.UUID(required=True)

"""What the outbox carries for reminders: for which member, never of what."""

from marshmallow import Schema, fields


class ReminderPayload(Schema):
    """A member for whom something may wait."""

    member_id = fields.UUID(required=True)

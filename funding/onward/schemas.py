"""What the outbox carries about grants to groups: which part and what about it, never to whom, how much or in what words."""

from marshmallow import Schema, fields, validate

from funding.onward.rules import News


class TellPayload(Schema):
    """A part of which a group is to be told."""

    for_group_id = fields.UUID(required=True)
    part_id = fields.UUID(required=True)


class LettersPayload(Schema):
    """What the officers of a group are written about."""

    news = fields.String(required=True, validate=validate.OneOf(list(News)))

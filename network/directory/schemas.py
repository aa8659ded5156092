"""The finder's answers for other programs: codes, and the same words the page shows; never more than the page."""

from typing import Any

from flask import url_for
from marshmallow import Schema, fields

from network.directory.models import Listing
from network.directory.words import when


def _page_of(listing: Listing) -> Any:
    return url_for("directory.show_listing", slug=listing.group.slug, _external=False)


class ListingSchema(Schema):
    """One group as it is listed."""

    name = fields.String(attribute="group.name")
    place = fields.String()
    address = fields.Function(lambda listing: listing.address or None)
    when = fields.Function(when)
    recurrence = fields.String()
    weekday = fields.Integer(allow_none=True)
    week_of_month = fields.Integer(allow_none=True)
    starts_at = fields.Time(allow_none=True, format="%H:%M")
    mode = fields.String()
    languages = fields.List(fields.String())
    welcome = fields.List(fields.String())
    takes_newcomers = fields.Boolean()
    setting = fields.String(allow_none=True)
    contact = fields.Function(lambda listing: listing.contact or None)
    page = fields.Function(_page_of)


class FeedSchema(Schema):
    """A page of groups, and where the next one is."""

    groups = fields.List(fields.Nested(ListingSchema), attribute="items")
    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()

"""As what somebody looked."""

from collections.abc import Collection

OFFICES = ("chairperson", "secretary", "treasurer", "committee", "disputes", "facilitator")
"""The one named, where somebody holds several: the first of these."""


def looked_as(roles: Collection[str]) -> str | None:
    """The office that opens such a page to them; none where they hold none."""
    return next((office for office in OFFICES if office in roles), None)

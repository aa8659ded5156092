"""The files against the published field list of the 360Giving Data Standard, written down here as a schema of our own."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields, validate

from funding.open_data.formats import giving
from funding.open_data.formats.giving import Award, Organisation
from network.currencies import minor_digits

DATE = validate.Regexp(r"^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$")


ONE = validate.Length(equal=1)
Organisations = Schema.from_dict(
    {"id": fields.String(required=True, validate=validate.Length(min=1)), "name": fields.String(required=True, validate=validate.Length(min=1))}
)  # fmt: skip
Event = Schema.from_dict({"startDate": fields.String(validate=DATE), "endDate": fields.String(validate=DATE)})
Programme = Schema.from_dict({"code": fields.String(), "title": fields.String()})
Grant = Schema.from_dict(
    {
        "id": fields.String(required=True, validate=validate.Regexp(r"^360G-")),
        "title": fields.String(required=True, validate=validate.Length(1, 140)),
        "description": fields.String(required=True, validate=validate.Length(min=1)),
        "currency": fields.String(required=True, validate=validate.Regexp(r"^[A-Z]{3}$")),
        "amountAwarded": fields.Decimal(required=True),
        "amountDisbursed": fields.Decimal(),
        "awardDate": fields.String(required=True, validate=DATE),
        "plannedDates": fields.List(fields.Nested(Event), validate=ONE),
        "recipientOrganization": fields.List(fields.Nested(Organisations), required=True, validate=ONE),
        "fundingOrganization": fields.List(fields.Nested(Organisations), required=True, validate=ONE),
        "grantProgramme": fields.List(fields.Nested(Programme)),
        "fromOpenCall": fields.String(validate=validate.OneOf(["Yes", "No"])),
        "dateModified": fields.AwareDateTime(),
    }
)
"""Eight fields are required, organisations come as lists of one; what is not named here is not known."""
Publisher = Schema.from_dict({"name": fields.String(required=True), "identifier": fields.String()})
Package = Schema.from_dict(
    {
        "grants": fields.List(fields.Nested(Grant), required=True, validate=validate.Length(min=1)),
        "issued": fields.String(validate=DATE),
        "publisher": fields.Nested(Publisher),
    }
)


def require_standard(text: str) -> dict[str, Any]:
    """The package, read exactly; fails where it says what the standard does not know, or leaves out what it needs."""
    content = json.loads(text, parse_float=Decimal)
    assert Package().validate(content) == {}
    ids = [grant["id"] for grant in content["grants"]]
    assert len(set(ids)) == len(ids)
    for grant in content["grants"]:
        assert isinstance(grant["amountAwarded"], int | Decimal)
    return dict(content)


def award(amount: int = 2_500_050, currency: str = "KES", **more: Any) -> Award:
    values = {
        "identifier": "360G-elsewhere-G1", "title": "First year", "description": "To begin.", "currency": currency,
        "awarded": Decimal(amount).scaleb(-minor_digits(currency)), "disbursed": Decimal(0), "awarded_on": date(2026, 3, 1),
        "starts_on": date(2026, 3, 1), "ends_on": date(2027, 2, 28), "recipient": Organisation("360G-elsewhere-org-a", "A"),
        "funder": Organisation("360G-elsewhere-org", "Elsewhere"), "programme": ("seed", "Seed money"),
        "modified_at": datetime(2026, 3, 2, 9, tzinfo=UTC), **more,
    }  # fmt: skip
    return Award(**values)


def written(*awards: Award) -> str:
    return giving.package(awards, publisher=Organisation("360G-x", "Elsewhere"), issued_on=date(2026, 4, 1))


@given(st.integers(1, 10**15), st.sampled_from(["KES", "UGX", "KWD", "JPY", "GBP"]))
def test_amounts_are_exact_in_every_currency(amount: int, currency: str) -> None:
    grant = require_standard(written(award(amount, currency)))["grants"][0]
    assert Decimal(grant["amountAwarded"]).scaleb(minor_digits(currency)) == amount
    raw = re.search(r'"amountAwarded":([0-9.]+)', written(award(amount, currency)))
    assert raw
    assert Decimal(raw[1]).scaleb(minor_digits(currency)) == amount


@given(st.text(min_size=1, max_size=140))
def test_whatever_words_a_purpose_has_the_file_can_be_read(words: str) -> None:
    words = words.encode("utf-8", "replace").decode()
    assert require_standard(written(award(title=words, description=words)))["grants"][0]["title"] == words


def test_the_table_has_the_standards_own_headings_and_the_same_facts() -> None:
    row = dict(zip(giving.HEADINGS, giving.row(award()), strict=True))
    assert row["Identifier"] == "360G-elsewhere-G1"
    assert row["Amount Awarded"] == Decimal("25000.50")
    assert (row["Recipient Org:Identifier"], row["Funding Org:Name"]) == (
        "360G-elsewhere-org-a",
        "Elsewhere",
    )


@pytest.mark.parametrize("left_out", ["id", "title", "amountAwarded", "recipientOrganization"])
def test_our_schema_notices_what_is_missing(left_out: str) -> None:
    content = json.loads(written(award()))
    del content["grants"][0][left_out]
    assert Package().validate(content) != {}

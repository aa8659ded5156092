"""Decisions about applications, journeys and volunteers."""

import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from network.onboarding.applications import rules as applications
from network.onboarding.applications.models import ApplicationState, Arrival
from network.onboarding.journey import rules as journey
from network.onboarding.volunteers import rules as volunteers

NOW = datetime(2026, 3, 1, tzinfo=UTC)
A, B, C = (uuid.UUID(int=n) for n in range(3))


def words(state: str, version: int = 1) -> SimpleNamespace:
    return SimpleNamespace(state=state, of_version=version)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (ApplicationState.RECEIVED, None),
        (ApplicationState.ACCOMPANIED, None),
        (ApplicationState.OPENED, applications.Refusal.OPENED_ALREADY),
        (ApplicationState.TAKEN_BACK, applications.Refusal.TAKEN_BACK),
    ],
)
def test_a_group_is_opened_once_for_somebody_who_still_wants_it(state: str, refusal: object) -> None:
    assert applications.why_not_open(state) == refusal


@pytest.mark.parametrize(
    ("state", "is_chair_in", "refusal"),
    [
        ("opened", False, None),
        ("opened", True, applications.Refusal.CHAIR_IS_IN),
        ("accompanied", False, applications.Refusal.NOT_OPENED),
    ],
)
def test_the_office_invites_again_until_somebody_is_in(
    state: str, *, is_chair_in: bool, refusal: object
) -> None:
    assert applications.why_not_invite_again(state, is_chair_in=is_chair_in) == refusal


@pytest.mark.parametrize(
    ("wordings", "wanted", "approved_only", "arrives"),
    [
        ({"en": words("draft")}, "en", False, ("en", Arrival.OWN)),
        ({"en": words("draft")}, "fr", False, ("en", Arrival.UNTRANSLATED)),
        ({"en": words("draft"), "fr": words("draft")}, "fr", False, ("fr", Arrival.DRAFT)),
        ({"en": words("draft"), "fr": words("draft")}, "fr", True, ("en", Arrival.UNTRANSLATED)),
        ({"en": words("draft"), "fr": words("approved")}, "fr", True, ("fr", Arrival.REVIEWED)),
        ({"en": words("draft", 2), "fr": words("approved", 1)}, "fr", False, ("fr", Arrival.DRAFT)),
    ],
)
def test_a_phrase_arrives_in_the_applicants_language_and_says_what_it_is(
    wordings: dict[str, SimpleNamespace],
    wanted: str,
    *,
    approved_only: bool,
    arrives: tuple[str, Arrival],
) -> None:
    found = applications.arrival_of_phrase(
        wordings,
        source_language="en",
        source_version=wordings["en"].of_version,
        wanted=wanted,
        approved_only=approved_only,
    )
    assert found == arrives


def test_three_days_without_an_answer_are_long() -> None:
    assert applications.has_waited_long(NOW - timedelta(days=3), now=NOW)
    assert not applications.has_waited_long(NOW - timedelta(days=2), now=NOW)
    assert not applications.has_waited_long(None, now=NOW)


@pytest.mark.parametrize(
    ("done", "states"),
    [
        (set(), ["current", "todo", "todo"]),
        ({A}, ["done", "current", "todo"]),
        ({B}, ["current", "done", "todo"]),
        ({A, B, C}, ["done", "done", "done"]),
    ],
)
def test_a_journey_stands_at_the_first_step_that_is_not_done(done: set[uuid.UUID], states: list[str]) -> None:
    assert journey.states([A, B, C], done) == states


def test_a_step_moves_one_place_and_the_first_one_stays() -> None:
    assert journey.swapped([A, B, C], B) == [B, A, C]
    assert journey.swapped([A, B, C], A) == [A, B, C]


def test_what_is_done_was_done_today_or_before() -> None:
    today = date(2026, 3, 1)
    assert journey.why_not_mark(today, today=today) is None
    assert journey.why_not_mark(today + timedelta(days=1), today=today) == journey.Refusal.NOT_YET


def test_a_volunteer_may_leave_some_out_but_not_all() -> None:
    assert volunteers.why_not_keep(["", "words"]) is None
    assert volunteers.why_not_keep(["", None]) == volunteers.Refusal.NOTHING_WRITTEN
    assert volunteers.why_not_ask([]) == volunteers.Refusal.NONE_CHOSEN


@pytest.mark.parametrize(
    ("expires", "done", "withdrawn", "is_open"),
    [
        (NOW + timedelta(1), None, None, True),
        (NOW, None, None, False),
        (NOW + timedelta(1), NOW, None, False),
        (NOW + timedelta(1), None, NOW, False),
    ],
)
def test_a_request_is_open_until_it_ends(
    expires: datetime,
    done: datetime | None,
    withdrawn: datetime | None,
    *,
    is_open: bool,
) -> None:
    request = SimpleNamespace(expires_at=expires, done_at=done, withdrawn_at=withdrawn)
    assert volunteers.is_open(request, now=NOW) == is_open

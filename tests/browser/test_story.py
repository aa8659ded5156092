"""The main job from the first application to the published figures, walked through on a phone as people would."""

import pytest

from tests.browser import story_beginning, story_money, story_offices, story_world
from tests.browser.story_cast import Tale

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
STEPS = (
    story_beginning.apply,
    story_beginning.onboard,
    story_beginning.gather,
    story_offices.elect,
    story_money.keep_the_book,
    story_world.set_objectives,
    story_world.share,
    story_world.find,
    story_world.oversee,
)


class TestTheMainJob:
    def test_is_done_on_a_phone_and_kept_in_pictures(self, visit: object) -> None:
        _tell(Tale(visit, 1, has_javascript=True, keeps_pictures=True))  # type: ignore[arg-type]

    def test_needs_no_javascript(self, visit: object) -> None:
        _tell(Tale(visit, 2, has_javascript=False, keeps_pictures=False))  # type: ignore[arg-type]


def _tell(tale: Tale) -> None:
    for step in STEPS:
        step(tale)

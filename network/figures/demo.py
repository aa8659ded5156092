"""The demo's chapter about figures: four quarters of thirteen groups, two that ask for help and two that are silent."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from network import clock, demo
from network.db import db
from network.demo import COUNTIES, Story
from network.figures import commands, registry, rules
from network.figures.models import Need
from network.figures.registry import Figure
from network.tenancy import scope
from network.tenancy.models import Group

SILENT = {"karatina": 2, "ahero": 1}
"""For how many of the latest quarters nothing came."""
ASKING = {
    "machakos": (
        Need.PLACE,
        "The hall is being rebuilt until March. We could meet in a school if somebody asks for us.",
    ),
    "mukurweini": (Need.PEOPLE, "Both facilitators moved away. A visit from another group would help."),
}
TYPICAL = {
    "meetings_held": (5, 13),
    "people_attending": (60, 190),
    "objectives_set": (1, 4),
    "objectives_achieved": (1, 3),
}
MONEY = (150_000, 1_900_000)
OTHER = (1, 6)


def figures(story: Story) -> None:
    """Each group sends its last four quarters, some days after each was over."""
    chance = Random(9)  # noqa: S311 - invented figures, the same in every demo
    for key, *_ in COUNTIES:
        _send_quarters(story, key, chance)


def _send_quarters(story: Story, key: str, chance: Random) -> None:
    with scope.visiting(story.places[key]):
        group = db.session.get_one(Group, story.places[key])
        today = clock.today(group.time_zone, at=story.now)
        quarters = rules.quarters_to_send(today)
        for quarter in reversed(quarters[SILENT.get(key, 0) :]):
            is_last = quarter == quarters[0]
            needs, note = ASKING.get(key, (Need.NO, "")) if is_last else (Need.NO, "")
            commands.send_counts(
                group,
                quarter,
                _counted(quarter, chance),
                to=story.places["kenya"],
                by=None,
                now=min(story.now, _some_days_after(quarter, group.time_zone, chance)),
                needs_help=needs,
                note=note,
            )


def _counted(quarter: date, chance: Random) -> dict[Figure, int]:
    """What the group's own pages count; what they have nothing of is invented, as on a sheet kept on paper."""
    counted = registry.counted(quarter, rules.next_quarter(quarter))
    if counted and any(counted.values()):
        return dict(counted)
    return {figure: _invented(figure, chance) for figure in registry.registered()}


def _invented(figure: Figure, chance: Random) -> int:
    if figure.is_money:
        return chance.randrange(*MONEY) // 5_000 * 5_000
    return chance.randrange(*TYPICAL.get(figure.name, OTHER))


def _some_days_after(quarter: date, zone: str, chance: Random) -> datetime:
    day = rules.next_quarter(quarter) + timedelta(days=chance.randrange(2, 20))
    return datetime.combine(day, time(17, 30), tzinfo=ZoneInfo(zone))


def init_app() -> None:
    """Add the chapter."""
    demo.register(70, figures)

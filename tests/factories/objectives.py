"""Objectives of the group in scope."""

from groups.objectives import commands
from groups.objectives.models import Objective, ObjectiveStep
from network import clock
from network.tenancy import scope
from network.tenancy.queries import get_group


def an_objective(title: str = "A bench at the clinic") -> Objective:
    """An objective of the present quarter."""
    group, now = get_group(scope.group_id()), clock.now()
    quarter_on = commands.quarters_to_set(group, now)[0]
    return commands.set_objective(group, quarter_on=quarter_on, title=title, why="", by=None, now=now)


def a_step(objective: Objective, what: str = "Write to the clinic") -> ObjectiveStep:
    """A step towards it, nobody's yet."""
    group, said = get_group(scope.group_id()), commands.StepWords(what=what)
    return commands.add_step(group, objective, said, by=None, now=clock.now())

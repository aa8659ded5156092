"""What people who help groups run may do."""

from enum import StrEnum

from groups.permissions import Role
from network.access.table import Lines, anyone_here, holding
from network.permissions import STAFF

writers = holding(Role.FACILITATOR, Role.CHAIRPERSON, Role.SECRETARY, *STAFF)


class Permission(StrEnum):
    """What is done in the library."""

    LIBRARY_READ = "facilitators:resources:read"
    """Read the library from inside one's group or office."""
    LIBRARY_WRITE = "facilitators:resources:write"
    """Write a guide, change it, and publish it to everybody."""
    LIBRARY_USE = "facilitators:resources:use"
    """Say that the group used a guide."""


LINES: dict[Permission, Lines] = {
    Permission.LIBRARY_READ: [[anyone_here]],
    Permission.LIBRARY_WRITE: [[writers]],
    Permission.LIBRARY_USE: [[writers]],
}

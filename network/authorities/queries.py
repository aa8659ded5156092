"""Which profile fits the group in scope."""

from network.authorities.guide import PROFILES, Profile
from network.benefits.queries import profile_of
from network.tenancy.models import Group


def profile_for(group: Group) -> Profile:
    """The profile of the network the group is at home in."""
    return PROFILES[profile_of(group)]

"""Which guide fits the place in scope."""

from network.benefits.guide import profile_for
from network.tenancy.models import Group, GroupKind
from network.tenancy.queries import find_home_network, get_network_of_office
from network.tenancy.settings import COUNTRY_PROFILE, setting


def profile_of(place: Group) -> str:
    """The country profile of the network a group is at home in, or whose office this is."""
    network = (
        get_network_of_office(place.id) if place.kind == GroupKind.OFFICE else find_home_network(place.id)
    )
    return profile_for(str(setting(network.id, COUNTRY_PROFILE)) if network else None, "")

"""The network's own permissions: what people in its office may do, and what anybody signed in may."""

from enum import StrEnum

from network.access.table import Lines, anyone_here, holding, signed_in


class Role(StrEnum):
    """Roles in a network's office. None of them reaches inside a group."""

    ONBOARDING = "staff_onboarding"
    FINANCE = "staff_finance"
    TRANSLATION = "staff_translation"
    ADMINISTRATION = "staff_administration"


STAFF = (Role.ONBOARDING, Role.FINANCE, Role.TRANSLATION, Role.ADMINISTRATION)
staff = holding(*STAFF)


class Permission(StrEnum):
    """What is done on the ground floor."""

    OWN_PAGE = "network:account:own"
    """See and change what is one's own: my page, my language, my devices."""
    HOME_READ = "network:home:read"
    """See what needs doing in a place one has a role in."""


LINES: dict[Permission, Lines] = {
    Permission.OWN_PAGE: [[signed_in]],
    Permission.HOME_READ: [[anyone_here]],
}

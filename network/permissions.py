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
speaks_for_the_group = holding("chairperson", "secretary")
"""Roles of a group, whose names the ground floor knows only as words."""
onboarding_staff = holding(Role.ONBOARDING, Role.ADMINISTRATION)


class Permission(StrEnum):
    """What is done on the ground floor."""

    OWN_PAGE = "network:account:own"
    """See and change what is one's own: my page, my language, my devices."""
    HOME_READ = "network:home:read"
    """See what needs doing in a place one has a role in."""
    FIGURES_READ_OWN = "network:figures:read-own"
    """See what one's own group counts and what it sent to its network."""
    FIGURES_PUBLISH = "network:figures:publish"
    """Send the group's figures to its network."""
    FIGURES_READ = "network:figures:read"
    """See, in the office, the figures that groups at home in the network sent."""
    APPLICATION_READ = "network:application:read"
    """See who wants to start a group, and what was written to and fro."""
    APPLICATION_ANSWER = "network:application:answer"
    """Answer an applicant, mark the steps of the journey, send chosen sentences to a volunteer."""
    APPLICATION_OPEN = "network:application:open"
    """Open the group and hand out its first invitation."""
    JOURNEY_WORD = "network:journey:word"
    """Word, add, order and switch off the steps of the network's journey."""
    SUPPORT_READ = "network:support:read"
    """See, in the office, what groups asked of the network: the words they sent and nothing else."""
    SUPPORT_ANSWER = "network:support:answer"
    """Answer a group that asked for support."""
    SUPPORT_ASK = "network:support:ask"
    """Ask the network for support in the group's name, read the answer, settle it or take it back."""


LINES: dict[Permission, Lines] = {
    Permission.OWN_PAGE: [[signed_in]],
    Permission.HOME_READ: [[anyone_here]],
    Permission.FIGURES_READ_OWN: [[anyone_here]],
    Permission.FIGURES_PUBLISH: [[speaks_for_the_group]],
    Permission.FIGURES_READ: [[staff]],
    Permission.APPLICATION_READ: [[onboarding_staff]],
    Permission.APPLICATION_ANSWER: [[onboarding_staff]],
    Permission.APPLICATION_OPEN: [[onboarding_staff]],
    Permission.JOURNEY_WORD: [[onboarding_staff]],
    Permission.SUPPORT_READ: [[staff]],
    Permission.SUPPORT_ANSWER: [[staff]],
    Permission.SUPPORT_ASK: [[speaks_for_the_group]],
}

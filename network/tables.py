"""Every table of the ground floor, named once so that the models are all known when the database is compared with them."""

from network.accounts import models as accounts
from network.audit import AuditEvent
from network.directory import models as directory
from network.figures import models as figures
from network.invitations import models as invitations
from network.key_pairs import models as key_pairs
from network.messages import models as messages
from network.onboarding.applications import models as applications
from network.onboarding.journey import models as journey
from network.onboarding.volunteers import models as volunteers
from network.outbox import models as outbox
from network.support import models as support
from network.support_sheets import models as support_sheets
from network.tenancy import models as tenancy
from network.vault.keys import GroupKey, PlatformKey
from network.wording import models as wording

__all__ = [
    "AuditEvent",
    "GroupKey",
    "PlatformKey",
    "accounts",
    "applications",
    "directory",
    "figures",
    "invitations",
    "journey",
    "key_pairs",
    "messages",
    "outbox",
    "support",
    "support_sheets",
    "tenancy",
    "volunteers",
    "wording",
]

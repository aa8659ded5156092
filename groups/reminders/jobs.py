"""What the worker does for reminders."""

import uuid

from flask import current_app

from groups.reminders import commands
from network import clock


def write_letter(member_id: uuid.UUID) -> None:
    """Write to one member that something waits."""
    commands.write_letter(member_id, public_url=current_app.config["PUBLIC_URL"], now=clock.now())

"""Applications, sent as a visitor sends them."""

from typing import Any, NamedTuple

from network import clock
from network.onboarding.applications import commands
from network.onboarding.applications.models import Application, Question
from network.tenancy.models import Network
from tests.factories.network import day_there, make_network
from tests.support.app import in_group


class Sent(NamedTuple):
    application: Application
    token: str
    network: Network


def send_application(
    network: Network | None = None, *, why: str = "", for_whom: str = "", language: str = "en", **more: Any
) -> Sent:
    """The smallest application, to a network of its own unless one is given."""
    network = network or make_network()
    now = clock.now()
    values = {"reach": "0700 000 000", "now": now, "today": day_there(now), **more}
    with in_group(network.office_id):
        application, token = commands.send_application(
            language=language, answers={Question.WHY: why, Question.FOR_WHOM: for_whom}, **values
        )
    return Sent(application, token, network)

"""What is held about translators, in words."""

from flask_babel import lazy_gettext as _l

from network.mine import registry
from network.mine.registry import Part
from translations.content.commands import forget_translator
from translations.diary import EVENTS


def init_app() -> None:
    """Register the translators' part."""
    registry.on_forgetting(forget_translator)
    registry.say("audit_events.event", EVENTS)
    registry.register(
        Part(
            "translations", _l("What you translated"), ("translation_offers",),
            _l("The place you translated in, and the group the text belongs to"), order=88,
        )
    )  # fmt: skip

"""What groups hold about people, in words; and how somebody is found and forgotten there."""

from flask_babel import lazy_gettext as _l

from groups.ballots.models import Channel
from groups.challenges.commands import forget_challenger, forget_what_others_wrote
from groups.consents.forms import CATALOGUE, METHODS
from groups.decisions.forms import METHODS as DECIDING
from groups.diary import EVENTS
from groups.disputes.commands import forget_in_matters
from groups.elections.forms import METHODS as VOTING
from groups.membership.commands import erase_member
from groups.membership.forms import CODES
from groups.membership.queries import memberships_of
from groups.notices.forms import CHANNELS
from groups.officers.forms import METHODS as FILLED
from groups.officers.forms import OFFICES
from groups.referrals.commands import forget_asker
from groups.returns.commands import forget_person
from network.mine import registry
from network.mine.registry import Part

EVERYBODY = _l("Everybody in the group")
PARTS = (
    Part(
        "membership", _l("Being a member"), ("members",),
        _l(
            "Everybody in the group sees your nickname. The chairperson and the secretary see how to reach you and your language."
            " What you told about yourself is shown to you alone."
        ),
        endpoint="members.show_me", words={f"members.{name}": words for name, words in CODES.items()}, order=30,
    ),
    Part(
        "consents", _l("What you said yes to, and when"), ("consents",),
        _l("You. The chairperson and the secretary see what they read out to you while they do."), endpoint="members.list_consents",
        words={"consents.purpose": {purpose: item.asks for purpose, item in CATALOGUE.items()}, "consents.method": METHODS}, order=31,
    ),
    Part(
        "young people", _l("Being somebody young people can turn to"), ("safeguarding",), EVERYBODY,
        endpoint="safeguarding.show_safeguarding", order=55,
    ),
    Part(
        "two people", _l("That you and somebody with nearly the same name are two people"), ("different_people",),
        _l("The chairperson and the secretary"), order=83,
    ),
    Part(
        "looks", _l("Which offices looked at what you keep to few"), ("looks",), _l("Nobody but you"),
        words={"looks.office": OFFICES}, order=35,
    ),
    Part(
        "told", _l("How you are told of things"), ("reaches", "tellings"), _l("You, the chairperson and the secretary"),
        endpoint="notices.choose_own_channel", words={"reaches.channel": CHANNELS, "tellings.channel": CHANNELS}, order=40,
    ),
    Part(
        "offices", _l("Offices you were named for or held"), ("terms", "candidacies", "namings"), EVERYBODY,
        endpoint="offices.list_offices", words={"terms.office": OFFICES, "namings.office": OFFICES}, order=50,
    ),
    Part(
        "votes", _l("That you could vote, and what you did for votes; never how you voted"),
        ("roll_entries", "ballot_keepers", "tellers", "motion_counters", "elections", "motions", "constitutions"),
        EVERYBODY, order=60,
        is_one={
            "roll_entries": _l("You could vote in an election."),
            "tellers": _l("You were one of those who count the votes."),
            "motion_counters": _l("You were one of those who count for a decision."),
            "ballot_keepers": _l("You kept a key of the box for votes."),
        },
    ),
    Part(
        "challenges", _l("Results you challenged, or decided about"),
        ("election_challenges", "election_challenge_answers"), _l("You, and those who decide about it"), order=70,
    ),
    Part(
        "matters", _l("Matters you brought, hear or were told of"),
        ("matters", "matter_texts", "matter_locks", "matter_answers", "matter_asks", "hearing_offers"),
        _l("You, and the few who hear it, each with their own password"), endpoint="matters.list_matters", order=72,
    ),
    Part(
        "returns", _l("Returns to authorities you put together or read over"), ("returns",), EVERYBODY, order=84,
    ),
    Part(
        "mentions", _l("Returns to authorities in which your name stands"), ("return_mentions",),
        _l("The chairperson, the secretary, the treasurer, and the authority it was handed to"),
        endpoint="members.show_me", order=83,
    ),
    Part(
        "wishes", _l("What you did for people who asked about what is kept about them"), ("erasure_wishes",),
        _l("Those who hold an office, and the facilitators"), order=84,
    ),
    Part(
        "door", _l("What you did for people who want to join"), ("referral_askings",), _l("The chairperson and the secretary"), order=82,
    ),
    Part(
        "steps", _l("What you do for an objective"), ("objective_steps",), EVERYBODY,
        endpoint="objectives.list_objectives", order=80,
    ),
)  # fmt: skip


def init_app() -> None:
    """Register the group's parts."""
    registry.say("role_assignments.role", OFFICES | {"member": _l("Member")})
    registry.say("audit_events.event", EVENTS)
    registry.say("elections.method", VOTING)
    registry.say("motions.method", DECIDING)
    registry.say("namings.method", FILLED)
    registry.say(
        "roll_entries.channel",
        {Channel.ROOM: _l("In the room"), Channel.SLIP: _l("With a slip from the hat")},
    )
    registry.find_members_with(memberships_of)
    registry.on_forgetting(forget_challenger)
    registry.on_forgetting(forget_asker)
    registry.on_forgetting(forget_in_matters)
    registry.on_forgetting(forget_person, goes_by_account=False)
    registry.on_leaving(erase_member)
    registry.on_leaving(forget_what_others_wrote)
    registry.page("own_matters.list_matters", _l("Matters"))
    for part in PARTS:
        registry.register(part)

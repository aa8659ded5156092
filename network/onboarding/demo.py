"""Three people who want to start a group with USP-Kenya: one new, one on the way, one from long ago. All invented."""

from datetime import datetime, timedelta

from network import clock, demo
from network.db import db
from network.onboarding.applications import commands, queries
from network.onboarding.applications.models import Application, Question
from network.onboarding.journey import commands as journey
from network.onboarding.journey.queries import find_step
from network.onboarding.phrases.queries import phrases
from network.onboarding.volunteers import commands as volunteers
from network.tenancy import scope
from network.tenancy.models import Network

FIRST_CHAPTER, CHAPTER = 16, 20
"""The group of the first one must be open before anybody joins it."""
ZONE = "Africa/Nairobi"


def from_long_ago(story: demo.Story) -> None:
    """Sent four years ago; the group has long been open."""
    opened, amina = story.now - demo.FOUR_YEARS, story.people["Amina"]
    _key, name, locality, language, _band = next(
        row for row in demo.COUNTIES if row[0] == demo.TOLD_FROM_THE_START
    )
    sent = opened - timedelta(days=60)
    with scope.visiting(story.places["kenya"], amina):
        application, _token = commands.send_application(
            language=language, reach="Juma at the tailor’s, by the market", called="Juma", place=locality, now=sent,
            today=clock.today(ZONE, at=sent),
            answers={
                Question.FOR_WHOM: "Anybody who hears voices, and those at home with them.",
                Question.SPOKEN: "English and Dholuo",
                Question.WHY: "We meet at the market anyway. We would like a room and somebody to ask.",
            },
        )  # fmt: skip
        for number, code in enumerate(("conversation", "questions", "partners", "seed_funding"), start=1):
            _mark(application, code, now=sent + timedelta(days=12 * number), story=story, note="")
        network = db.session.get_one(Network, story.things["network kenya"])
        group = commands.open_group_for(
            application, network=network, name=name, locality=locality, language=language, is_invitation_shown=True,
            by=amina, now=opened,
        )  # fmt: skip
        story.places[demo.TOLD_FROM_THE_START] = group.id


def lately(story: demo.Story) -> None:
    """The two of these weeks."""
    _on_the_way(story)
    _new(story)


def _on_the_way(story: demo.Story) -> None:
    """In Swahili, three weeks old, with a conversation behind it and a question in the air."""
    sent, amina = story.now - timedelta(days=21), story.people["Amina"]
    with scope.visiting(story.places["kenya"], amina):
        application, token = commands.send_application(
            language="sw", reach="0700 000 021", called="Mama Nuru", place="Kitui", now=sent,
            today=clock.today(ZONE, at=sent),
            answers={
                Question.FOR_WHOM: "Wanawake wanaosikia sauti, na walezi wao.",
                Question.SPOKEN: "Kiswahili na Kikamba",
                Question.WHY: "Kikundi cha Machakos ni mbali sana. Nauli ni ghali na wengi wetu hatuwezi kwenda.",
            },
        )  # fmt: skip
        _say(application, 0, story, days=20)
        _mark(
            application, "conversation", now=story.now - timedelta(days=14), story=story,
            note="We spoke by phone: eight women are ready, and the library has a room on Thursdays.",
        )  # fmt: skip
        commands.write_message(
            application, "Je, tunaweza kukutana Alhamisi ya kwanza ya mwezi?", language="sw", now=story.now - timedelta(days=2)
        )  # fmt: skip
        story.things["application on the way"] = token


def _new(story: demo.Story) -> None:
    """In French, from yesterday; its words are not translated, and a volunteer has been asked."""
    sent = story.now - timedelta(days=1)
    with scope.visiting(story.places["kenya"], story.people["Amina"]):
        application, token = commands.send_application(
            language="fr", reach="Demander Espérance à la paroisse, le dimanche", called="Espérance", place="Kakuma", now=sent,
            today=clock.today(ZONE, at=sent),
            answers={
                Question.FOR_WHOM: "Des personnes réfugiées qui entendent des voix, surtout des jeunes.",
                Question.SPOKEN: "Français, kirundi, un peu de swahili",
                Question.WHY: "Ici, personne n’en parle. J’aimerais un endroit où l’on puisse parler sans avoir peur.",
            },
        )  # fmt: skip
        why = [one for one in queries.passages_to_translate(application.id) if one.question == Question.WHY]
        asked = volunteers.ask_volunteer(
            application.id, why, into="en", by=story.people["Amina"], now=story.now - timedelta(hours=3)
        )
        story.things["application in French"] = token
        story.things["translation asked"] = asked.token


def _mark(application: Application, code: str, *, now: datetime, story: demo.Story, note: str) -> None:
    day = clock.today(ZONE, at=now)
    if step := find_step(code):
        journey.mark_step(
            application.id, step, done_on=day, today=day, note=note, by=story.people["Amina"], now=now
        )
    commands.accompany(application)


def _say(application: Application, phrase: int, story: demo.Story, *, days: int) -> None:
    commands.answer(
        application, phrase=phrases()[phrase], words="", language="en", approved_only=False, by=story.people["Amina"],
        now=story.now - timedelta(days=days),
    )  # fmt: skip


def init_app() -> None:
    """Add the chapters."""
    demo.register(FIRST_CHAPTER, from_long_ago)
    demo.register(CHAPTER, lately)

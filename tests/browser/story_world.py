"""Steps 6 to 9: what the group wants to change, what it shares, how it is found, and what its network sees."""

import re
import uuid

from tests.browser.story_cast import CHAIR, NEW_TREASURER, SECRETARY, TWENTY, Tale, today_in_kitui
from tests.browser.walker import Walker

LEEDS = ("Margaret", "margaret@leeds.example")
VOLUNTEER = ("Baraka", "baraka@volunteers.example")
ROOM = "Ukumbi wa parokia"
"""Where the group meets, which only its people know."""


def set_objectives(tale: Tale) -> None:
    """6. An objective with steps, a word to the network, a meeting that is a head count, and what it said."""
    chair = tale.at_home(CHAIR)
    chair.choose("/objectives")
    chair.click(chair.page.locator('main a[href*="/objectives/set"]').first)
    chair.send(title="Dawa zipatikane kila mwezi", why="Tunarudi nyumbani mikono mitupu.")
    tale.places["objective"] = chair.here
    for what, who in (("Andika barua kwa kliniki", SECRETARY), ("Pata bei za maduka matatu", NEW_TREASURER)):
        chair.follow("/steps/add")
        chair.send(what=what, member=chair.option("member", who))
    chair.stop("49-objective", axe=True)
    chair.click(chair.page.locator('main form[action*="/steps/"] button').first)
    _ask_the_network(tale, chair)
    _meet(tale, chair)
    _answer_for_the_network(tale)
    chair.go(tale.places["objective"])
    assert "Tutakuja nanyi" in chair.words
    chair.stop("54-objective-reviewed")


def _ask_the_network(tale: Tale, chair: Walker) -> None:
    chair.go(tale.places["objective"])
    chair.follow("/ask")
    chair.stop("50-ask-the-network")
    chair.send(words=f"Nani anaweza kuja nasi kliniki? ({tale.number})")


def _meet(tale: Tale, chair: Walker) -> None:
    """How many came, never who; and what was said about each objective."""
    chair.go(tale.places["group"])
    chair.choose("/meetings")
    chair.follow("/meetings/add")
    chair.send(day=today_in_kitui(), hour="00:00", place=ROOM)
    chair.stop("51-meeting")
    if not chair.page.locator('main a[href$="/record"]').count():
        chair.click(chair.page.locator('main a[href*="/meetings/"]').first)
    chair.follow("/record")
    chair.send(expect=422, people="-3")
    chair.send(people="14", newcomers="2", needs=["medicine"])
    chair.stop("52-head-count", axe=True)
    chair.click(chair.page.locator('main a[href*="/review/"]').first)
    chair.answer(chair.page.locator('[name^="outcome_"]'), "moved")
    chair.answer(chair.page.locator('[name^="words_"]'), "Kliniki imejibu barua.")
    chair.confirm()
    assert not [name for name in TWENTY if name in chair.words]


def _answer_for_the_network(tale: Tale) -> None:
    amina = tale.amina()
    amina.choose("/support")
    asked = amina.page.locator("main .todo a").filter(has_text=tale.group_name)
    amina.click(asked)
    assert f"({tale.number})" in amina.words
    amina.stop("53-support-request", axe=True)
    amina.send(words="Tutakuja nanyi Jumatano.")


def share(tale: Tale) -> None:
    """7. A guide in English, its translation into Swahili, a reader elsewhere, and a change that shows."""
    _publish(tale)
    _translate(tale)
    chair = tale.at_home(CHAIR)
    chair.go(tale.places["offer list"])
    chair.tap(tale.guide_in_swahili)
    chair.stop("59-offered-translation", axe=True)
    chair.click(chair.page.locator('main form[action*="/offers/"] button.primary'))
    reader = _read_in_leeds(tale)
    assert reader.page.locator("main .note").count() == 1
    assert not reader.page.locator("main .note.near").count()
    chair.go(tale.places["guide"])
    chair.follow("/edit")
    body = chair.page.locator("[name=body]").input_value()
    chair.send(body=f"{body}\n\nWe end on time, so that nobody misses the last bus.")
    reader.page.reload()
    assert reader.page.locator("main .note, main .tag, main details").count()
    reader.stop("62-translation-is-older", axe=True)


def _publish(tale: Tale) -> None:
    """The members appoint a facilitator, who writes the guide."""
    chair = tale.at_home(CHAIR)
    chair.go(tale.places["group"] + "offices")
    chair.follow("/appoint")
    chair.send(office="facilitator", member_id=chair.option("member_id", SECRETARY))
    facilitator = tale.at_home(SECRETARY)
    facilitator.choose("/library/")
    facilitator.follow("/library/write")
    facilitator.send(
        title=tale.guide,
        body="Nobody has to speak.\n\nWhat is said in the room stays in the room.",
        language="en",
    )
    facilitator.stop("55-guide-is-a-draft")
    tale.places["guide"] = facilitator.here
    facilitator.follow("/publish")
    facilitator.stop("56-publish", axe=True)
    facilitator.confirm()


def _translate(tale: Tale) -> None:
    baraka = tale.from_demo(*VOLUNTEER)
    baraka.choose("/translations/")
    baraka.follow("into=sw")
    baraka.tap(tale.guide)
    baraka.fill(title=tale.guide_in_swahili)
    paragraphs = baraka.page.locator("main textarea")
    for number, words in enumerate(("Hakuna anayelazimika kusema.", "Yanayosemwa chumbani yabaki chumbani.")):
        paragraphs.nth(number).fill(words)
    baraka.stop("57-translate", axe=True)
    baraka.confirm()
    chair = tale.at_home(CHAIR)
    chair.stop("58-something-waits")
    chair.click(chair.page.locator('main .todo a[href*="/translations/"]').first)
    tale.places["offer list"] = chair.here


def _read_in_leeds(tale: Tale) -> Walker:
    """A reader in another network reads it in her own language, which is Swahili today."""
    margaret = tale.from_demo(*LEEDS)
    margaret.click(
        margaret.page.locator('footer a[href*="/language/sw"], footer form:has([value=sw]) button').first
    )
    margaret.go("/places")
    margaret.choose("/library/")
    margaret.look_for(q=tale.guide_in_swahili)
    margaret.stop("60-library-elsewhere", axe=True)
    margaret.tap(tale.guide_in_swahili)
    assert "Hakuna anayelazimika kusema." in margaret.words
    margaret.stop("61-guide-elsewhere")
    return margaret


def find(tale: Tale) -> None:
    """8. The group shows a card without an address; whoever looks finds it and leaves nothing behind."""
    chair = tale.at_home(CHAIR)
    chair.go(tale.places["group"] + "listing")
    chair.follow("/listing/edit")
    chair.send(
        words="Tunakutana kila wiki, tunakunywa chai, na kila mtu husema anapotaka.", recurrence="weekly",
        weekday="4", starts_at="14:00", language_1="sw", language_2="kam",
    )  # fmt: skip
    chair.stop("63-card", axe=True)
    chair.press("/publish")
    visitor = tale.person("somebody who looks for a group")
    visitor.visitor.context.clear_cookies()
    visitor.go("/")
    visitor.follow("/groups")
    visitor.look_for(place="Kitui", day="4", language="kam")
    visitor.stop("64-found", axe=True)
    visitor.tap(tale.group_name)
    visitor.stop("65-card-for-all", axe=True)
    assert visitor.page.locator("header ~ nav a.help, nav a.help").count()
    assert visitor.visitor.context.cookies() == []
    assert ROOM not in visitor.page.content()


def oversee(tale: Tale) -> None:
    """9. The network sees the numbers the group sent, and of the group itself as much as of one that does not exist."""
    chair = tale.at_home(CHAIR)
    chair.choose("/figures/")
    chair.stop("66-figures", axe=True)
    chair.send(needs_help="place", note="Ukumbi unafungwa mwezi ujao.")
    amina = tale.amina()
    amina.choose("/figures/")
    amina.stop("67-overview", axe=True)
    _find_group(amina, tale.group_name)
    amina.stop("68-group-asks-for-help")
    assert amina.page.locator("main .card").filter(has_text=tale.group_name).locator(".tag.near").count() == 1
    amina.tap(tale.group_name)
    amina.stop("69-figures-of-the-group")
    seen = amina.words
    assert not [name for name in (*TWENTY, CHAIR) if name in seen]
    nowhere = f"/g/{uuid.uuid4()}/"
    for page in ("", "members/", "money", "meetings", tale.places["objective"].split("/", 3)[3]):
        assert _answer(amina, tale.places["group"] + page) == _answer(amina, nowhere + page)
    amina.stop("70-nothing-here", axe=True)


def _find_group(amina: Walker, name: str) -> None:
    while not amina.page.locator("main a").filter(has_text=name).count():
        amina.click(amina.page.locator('main nav a[rel="next"]'))


def _answer(amina: Walker, address: str) -> str:
    """What comes back, without what differs between any two answers."""
    amina.go(address, expect=404)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=value=\")[^\"]{20,}", "…", amina.page.content())

"""Steps 1 to 3: a group is asked for, accompanied and opened; its people are written down."""

from tests.browser.story_cast import (
    CHAIR,
    NEW_TREASURER,
    OLD_TREASURER,
    PASSWORD,
    SECRETARY,
    TELL_ABOUT_THEMSELVES,
    TWENTY,
    Tale,
)
from tests.browser.walker import Walker


def apply(tale: Tale) -> None:
    """1. A visitor who reads Swahili needs nothing but a way to be reached, and gets a private link."""
    chair = tale.person(CHAIR)
    chair.go("/")
    assert chair.language == "sw"
    chair.stop("01-first-page", axe=True)
    chair.follow("/start")
    chair.stop("02-choose-network")
    chair.tap("USP-Kenya")
    chair.stop("03-apply", axe=True)
    chair.send(expect=422, reach="")
    assert chair.page.locator('[name=reach][aria-invalid="true"]').count() == 1
    chair.stop("04-apply-needs-one-answer")
    chair.send(reach=_reach(tale))
    tale.places["application"] = chair.here
    assert "/application/" in chair.here
    assert chair.language == "sw"
    chair.stop("05-follow-application", axe=True)
    later = tale.person("the same person on another phone")
    later.go(chair.address("/application/"))
    later.send(words="Tuko kumi na wawili.")
    later.visitor.close()


def _reach(tale: Tale) -> str:
    return f"Niulize kwa fundi wa baiskeli, {tale.number}"


def onboard(tale: Tale) -> None:
    """2. Amina sees the application with its language, keeps the conversation, answers, and opens the group."""
    amina = tale.amina()
    amina.stop("06-office", axe=True)
    amina.choose("/applications/")
    amina.stop("07-applications")
    _open_application(amina, _reach(tale))
    assert amina.page.locator('main .tag[lang="sw"]').count()
    amina.stop("08-application", axe=True)
    at = amina.here
    _mark_steps(amina, at)
    _answer_with_a_phrase(tale, amina, at)
    _ask_a_volunteer(tale, amina)
    amina.go(at)
    amina.follow("/open-group")
    amina.stop("16-open-group")
    amina.send(name=tale.group_name, locality="Kitui")
    assert amina.page.locator('main blockquote[lang="sw"]').count() == 1
    amina.stop("17-first-invitation", axe=True)
    amina.follow("/paper")
    assert amina.language == "sw"
    amina.stop("18-invitation-on-paper")


def _open_application(amina: Walker, words: str) -> None:
    """Look through the list until the one that says so; it named no place."""
    listed = amina.page.locator('main .todo a[href*="/applications/"]')
    for number in range(listed.count()):
        back = amina.here
        amina.click(listed.nth(number))
        if words in amina.words:
            return
        amina.go(back)
    raise AssertionError(f"no application says {words!r}")


def _mark_steps(amina: Walker, at: str) -> None:
    """The conversation is kept in a sentence, then the next steps are marked; a day to come is not taken."""
    for number in range(3):
        amina.click(amina.page.locator("main ol.steps a").nth(number))
        if number == 0:
            today = amina.page.locator("[name=done_on]").input_value()
            amina.send(expect=422, done_on="2031-01-01", note="Called.")
            amina.stop("09-mark-step")
            amina.fill(done_on=today)
        note = (
            "We spoke by phone: twelve people are ready, and the parish lends a room." if number == 0 else ""
        )
        amina.send(note=note)
        assert amina.here == at
    assert amina.page.locator("main ol.steps li.done").count() >= 3
    amina.stop("10-steps-marked")


def _answer_with_a_phrase(tale: Tale, amina: Walker, at: str) -> None:
    amina.go(at)
    amina.follow("/answer")
    amina.stop("11-answer")
    amina.page.locator("main [name=phrase]").first.check()
    amina.send(words="")
    chair = tale.people[CHAIR]
    chair.go(tale.places["application"])
    said = chair.page.locator('main .said p.written[lang="sw"]')
    assert said.count() == 2, "the message in Swahili, and an answer in Swahili"
    chair.stop("12-answer-in-swahili")


def _ask_a_volunteer(tale: Tale, amina: Walker) -> None:
    """Exactly one passage of the French application goes out; nothing else can be seen, and the words come back."""
    amina.choose("/applications/")
    amina.tap("Kakuma")
    at = amina.here
    amina.follow("/translations/new")
    boxes = amina.page.locator("main [name=passages]")
    one = boxes.first.get_attribute("value")
    amina.answer(boxes, [one])
    said = amina.page.locator("main .choice:has(:checked) .written").inner_text()
    amina.stop("13-ask-volunteer")
    amina.confirm()
    volunteer = tale.person("a volunteer", language="en")
    volunteer.go(amina.address("/translate/"))
    shown = volunteer.page.locator("main .said").all_inner_texts()
    assert [text.strip() for text in shown] == [said]
    seen = volunteer.page.content()
    assert not [
        word for word in ("Kakuma", "Esp\N{LATIN SMALL LETTER E WITH ACUTE}rance", "paroisse") if word in seen
    ]
    volunteer.stop("14-volunteer", axe=True)
    words = f"Refugees who hear voices, the young above all ({tale.number})."
    volunteer.page.locator("main textarea").fill(words)
    volunteer.confirm()
    volunteer.visitor.close()
    amina.go(at)
    assert words in amina.words
    amina.stop("15-translation-for-staff")


def gather(tale: Tale) -> None:
    """3. The first chairperson comes in by link, writes down twenty nicknames, and reads one word about the rule."""
    chair = tale.people[CHAIR]
    chair.go(tale.places["application"])
    chair.stop("19-application-opened")
    chair.join(chair.address("/join/"), called=CHAIR, sign_in=tale.sign_in_of(CHAIR), password=PASSWORD)
    assert chair.here.startswith("/g/")
    assert chair.language == "sw"
    tale.places["group"] = chair.here
    chair.stop("20-first-day", axe=True)
    chair.choose("/members/")
    chair.follow("/members/add")
    chair.send(names="\n".join(TWENTY))
    listed = chair.words
    assert all(name in listed for name in TWENTY)
    chair.stop("21-members", axe=True)
    _note_answers(tale, chair)
    for name in (OLD_TREASURER, NEW_TREASURER, SECRETARY):
        _invite(tale, chair, name)


def _note_answers(tale: Tale, chair: Walker) -> None:
    """What some told stays with the seal: the list before and the list after are the same."""
    chair.choose("/members/")
    before = chair.words
    chair.follow("/members/answers")
    for name in TELL_ABOUT_THEMSELVES:
        chair.page.get_by_label(name).select_option("lived")
    chair.stop("22-answers")
    chair.confirm()
    chair.choose("/members/")
    assert chair.words == before
    chair.follow("/composition")
    chair.confirm()
    assert chair.page.locator("main .card").count() >= 1
    assert not [name for name in TWENTY if name in chair.words]
    chair.stop("23-where-we-stand", axe=True)
    assert tale.places["group"]


def _invite(tale: Tale, chair: Walker, name: str) -> None:
    chair.choose("/members/")
    chair.tap(name)
    chair.follow("/invite")
    chair.confirm()
    address = chair.address("/join/")
    if name == OLD_TREASURER:
        chair.stop("24-invite-member")
    member = tale.person(name)
    member.join(address, called=name, sign_in=tale.sign_in_of(name), password=PASSWORD)
    assert member.here.startswith("/g/")

"""Step 5: a month's money on one page, two people for what goes out, and a report that adds up."""

import re

from tests.browser.story_cast import CHAIR, NEW_TREASURER, OLD_TREASURER, PASSWORD, SECRETARY, TWENTY, Tale
from tests.browser.walker import Walker

GIVEN = {
    "Chege": ("100", ""),
    "Nafula": ("", "150"),
    "Otis": ("50", "50"),
    "Zena": ("200", ""),
    "Dama": ("2,450", ""),
}
"""Who gave what, in cash and by mobile money; everybody else's boxes stay empty."""
IN_ALL = 3000
SPENT, HARDSHIP = 300, 200
WHY = "Dawa za mama zimekwisha"


def keep_the_book(tale: Tale) -> None:
    """5. Contributions, an expense, help for somebody in need; and the members read what became of it."""
    treasurer = tale.at_home(NEW_TREASURER)
    _write_contributions(treasurer)
    _spend(tale, treasurer)
    _help(tale, treasurer)
    _read_the_report(tale)


def _write_contributions(treasurer: Walker) -> None:
    treasurer.choose("/money")
    treasurer.stop("37-empty-book", axe=True)
    treasurer.follow("/money/sheet")
    rows = treasurer.page.locator("main table.sheet tbody tr")
    assert rows.count() == len(TWENTY) + 1
    treasurer.confirm(expect=422)
    for name, (cash, mobile) in GIVEN.items():
        boxes = rows.filter(has=treasurer.page.locator("th", has_text=name)).locator("input")
        boxes.nth(0).fill(cash)
        boxes.nth(1).fill(mobile)
    treasurer.stop("38-contributions", axe=True)
    treasurer.confirm()
    treasurer.stop("39-sheet-saved")
    given = treasurer.words
    assert not [name for name in TWENTY if name in given and name not in GIVEN], "nobody is in arrears"


def _spend(tale: Tale, treasurer: Walker) -> None:
    """The second person signs on the treasurer's phone; the treasurer cannot be both."""
    treasurer.choose("/money")
    treasurer.follow("/expenses/record")
    treasurer.send(expect=422, amount="-5", words="Chai", place="cash")
    treasurer.stop("40-expense", axe=True)
    treasurer.send(
        amount=str(SPENT), cost="refreshments", words="Chai na mandazi", place="cash", fund="welfare"
    )
    treasurer.stop("41-second-person", axe=True)
    treasurer.send(expect=422, sign_in=tale.sign_in_of(NEW_TREASURER), password=PASSWORD)
    treasurer.send(sign_in=tale.sign_in_of(SECRETARY), password=PASSWORD)
    assert re.search(r"/money/entries/[0-9a-f-]+$", treasurer.here)
    treasurer.stop("42-in-the-book")


def _help(tale: Tale, treasurer: Walker) -> None:
    """A member asks; two in office say yes; one pays and another confirms. The secretary, who is not asked, sees nothing."""
    member = tale.at_home(OLD_TREASURER)
    member.choose("/money")
    member.follow("/money/hardship")
    member.follow("/hardship/ask")
    member.stop("43-ask-for-help", axe=True)
    member.send(need="medicine", amount=str(HARDSHIP), words=WHY)
    member.stop("44-asked")
    code = member.page.locator('main a[href*="/hardship/"] bdi').first.inner_text()
    tale.places["code of the request"] = code
    outsider = tale.at_home(SECRETARY)
    outsider.choose("/money")
    outsider.follow("/money/hardship")
    assert code not in outsider.words
    for name in (CHAIR, NEW_TREASURER):
        officer = tale.at_home(name)
        officer.choose("/money")
        officer.follow("/money/hardship")
        officer.tap(code)
        if name == CHAIR:
            officer.stop("45-decide-request")
        officer.send(answer="yes")
    _pay(tale, treasurer, code)


def _pay(tale: Tale, treasurer: Walker, code: str) -> None:
    treasurer.go(tale.places["group"])
    treasurer.choose("/money")
    treasurer.follow("/money/hardship")
    treasurer.tap(code)
    treasurer.follow("/pay")
    treasurer.send(place="cash")
    waiting = treasurer.here
    assert OLD_TREASURER not in treasurer.words
    treasurer.stop("46-payment-waits")
    chair = tale.people[CHAIR]
    chair.go(tale.places["group"])
    chair.choose("/money")
    chair.follow("/money/waiting")
    chair.click(chair.page.locator(f'main a[href="{waiting}"]'))
    chair.confirm()
    chair.stop("47-payment-confirmed")


def _read_the_report(tale: Tale) -> None:
    """Any member reads it: what came less what went is there, and nowhere does it say who asked or why."""
    member = tale.people[SECRETARY]
    member.go(tale.places["group"])
    member.choose("/money")
    book = member.words
    member.follow("/money/report")
    member.stop("48-report", axe=True)
    report = member.words
    lead = _numbers(member.page.locator("main .lead").inner_text())
    assert lead == [IN_ALL, SPENT + HARDSHIP, IN_ALL - SPENT - HARDSHIP]
    assert tale.places["code of the request"] in book
    for page in (book, report):
        assert OLD_TREASURER not in page
        assert WHY not in page


def _numbers(sentence: str) -> list[int]:
    """Whole amounts in a sentence, however the language writes them."""
    return [
        int(re.sub(r"\D", "", found.split(".")[0]))
        for found in re.findall(r"\d[\d,\u00a0\u202f]*(?:\.\d+)?", sentence)
    ]

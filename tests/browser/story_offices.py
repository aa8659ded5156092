"""Step 4: the members elect their officers, and the rights go with the offices."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from tests.browser.story_cast import (
    CHAIR,
    NEW_TREASURER,
    OLD_TREASURER,
    SECRETARY,
    TELLERS,
    Tale,
    today_in_kitui,
)
from tests.browser.walker import Walker

COMMITTEE = ("Nafula", "Mwende", "Otis", "Pili")
STANDING = {
    "chairperson": (CHAIR,),
    "secretary": (SECRETARY,),
    "treasurer": (NEW_TREASURER, OLD_TREASURER),
    "committee": COMMITTEE,
}
CAME = 15
VOTES = {
    CHAIR: 14, SECRETARY: 13, NEW_TREASURER: 9, OLD_TREASURER: 5, "Nafula": 12, "Mwende": 11, "Otis": 8, "Pili": 8,
}  # fmt: skip
FOR_NOBODY = {"chairperson": 1, "secretary": 2, "treasurer": 1, "committee": 0}


def elect(tale: Tale) -> None:
    """4. A treasurer is chosen for the time being; the yearly election follows, with a tie, and moves the rights at once."""
    chair = tale.people[CHAIR]
    _fill_the_empty_office(tale, chair)
    old, new = tale.at_home(OLD_TREASURER), tale.at_home(NEW_TREASURER)
    old.choose("/money")
    old.follow("/money/sheet")
    new.go(old.here, expect=403)
    tale.places["sheet"] = old.here
    _hold_the_yearly_election(tale, chair)
    assert tale.places["sheet"] == old.here, "the old treasurer has the page open all the while"
    old.go(tale.places["sheet"], expect=403)
    old.stop("35-old-treasurer", axe=True)
    new.go(tale.places["sheet"])
    new.stop("36-new-treasurer")


def _fill_the_empty_office(tale: Tale, chair: Walker) -> None:
    """A by-election for the treasurer alone, with one who stands."""
    _call(tale, chair, kind="by_election", offices=["treasurer"])
    _name(chair, "treasurer", OLD_TREASURER)
    _begin(chair)
    counted, nobody = {OLD_TREASURER: CAME - 1}, {"treasurer": 1}
    for slip in _slips(chair):
        _count(tale.person("a teller"), slip, counted, nobody)
    _declare(tale, chair)


def _hold_the_yearly_election(tale: Tale, chair: Walker) -> None:
    _call(tale, chair, kind="yearly", offices=list(STANDING))
    chair.stop("26-election-called")
    for office, names in STANDING.items():
        for name in names:
            _name(chair, office, name, has_accepted=name != NEW_TREASURER)
    _accept(tale)
    chair.go(tale.places["election"])
    chair.stop("27-nominations", axe=True)
    _begin(chair)
    _count_twice(tale, chair)
    chair.go(tale.places["election"])
    chair.stop("31-a-tie", axe=True)
    _draw_the_lot(chair)
    _declare(tale, chair, picture="33-declare")
    chair.stop("34-declared", axe=True)


def _call(tale: Tale, chair: Walker, *, kind: str, offices: list[str]) -> None:
    """For today, which the members agree to; the constitution asks for two weeks."""
    chair.go(tale.places["group"])
    chair.choose("/elections/")
    chair.follow("/elections/call")
    today = today_in_kitui()
    chair.send(expect=422, kind=kind, offices=offices, held_on=today)
    if kind == "yearly":
        chair.stop("25-call-election", axe=True)
    chair.send(kind=kind, offices=offices, held_on=today, is_short_notice_agreed=True)
    tale.places["election"] = chair.here


def _name(chair: Walker, office: str, name: str, *, has_accepted: bool = True) -> None:
    """Offices stand in the order of the constitution, whatever language they are in."""
    chair.follow("/name")
    offices = chair.page.locator("[name=contest_id] option")
    number = list(STANDING).index(office) if offices.count() == len(STANDING) else 0
    chair.send(
        contest_id=offices.nth(number).get_attribute("value"),
        member_id=chair.option("member_id", name),
        has_accepted=has_accepted,
    )


def _accept(tale: Tale) -> None:
    """Who was named says yes on her own phone, and nobody else can say it for her but those who run the election."""
    new = tale.people[NEW_TREASURER]
    new.go(tale.places["election"])
    answers = new.page.locator('main form:has([name="stands"][value="yes"]) button')
    assert answers.count() == 1
    new.click(answers)
    old = tale.people[OLD_TREASURER]
    kept = old.here
    assert kept == tale.places["sheet"]


def _begin(chair: Walker) -> None:
    chair.follow("/begin")
    chair.send(
        method="hands",
        first_teller=chair.option("first_teller", TELLERS[0]),
        second_teller=chair.option("second_teller", TELLERS[1]),
    )


def _slips(chair: Walker) -> list[str]:
    """Where each teller's slip leads."""
    if "/slips" not in chair.here:
        chair.follow("/slips")
    links = chair.page.locator('main a[href*="/teller/"]')
    return [urlsplit(links.nth(n).get_attribute("href") or "").path for n in range(links.count())]


def _count_twice(tale: Tale, chair: Walker) -> None:
    """The two differ about the treasurer, are told where, and count again."""
    first, second = _slips(chair)
    chair.stop("28-slips")
    teller = tale.person("a teller")
    _count(teller, first, VOTES, FOR_NOBODY)
    miscounted = {**VOTES, NEW_TREASURER: 8}
    other = tale.person("the other teller")
    _count(other, second, miscounted, {**FOR_NOBODY, "treasurer": 2})
    assert other.page.locator("main .note.near li").count() == 1
    other.stop("29-tellers-differ", axe=True)
    other.fill(reason="Mkono mmoja ulirukwa.")
    asked_again = {name: VOTES[name] for name in STANDING["treasurer"]}
    _count(other, second, asked_again, {"treasurer": FOR_NOBODY["treasurer"]}, is_open=True)
    other.stop("30-tellers-agree")


def _count(
    teller: Walker, slip: str, votes: Mapping[str, int], nobody: Mapping[str, int], *, is_open: bool = False
) -> None:
    """Type the numbers of every office that is asked: once the two differed, only where they did."""
    if not is_open:
        teller.go(slip)
        teller.fill(ballots=CAME)
    for name, count in votes.items():
        teller.page.get_by_label(name, exact=True).fill(str(count))
    empty = teller.page.locator('main [name$="_nobody"]')
    for number, count in enumerate(nobody.values()):
        empty.nth(number).fill(str(count))
    teller.confirm()


def _draw_the_lot(chair: Walker) -> None:
    assert not chair.page.locator('main a[href$="/declare"]').count()
    chair.click(chair.page.locator('main a[href*="/lots/"]'))
    chair.send(expect=422, numbers="")
    chair.send(expect=422, numbers="7 41")
    chair.send(numbers="7 41 100")
    assert chair.page.locator("main details.more p:has(bdi) code").count() == 2
    chair.stop("32-lot-drawn")


def _declare(tale: Tale, chair: Walker, *, picture: str = "") -> None:
    chair.go(tale.places["election"])
    chair.follow("/declare")
    if picture:
        chair.stop(picture)
    chair.confirm()

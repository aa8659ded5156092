"""A return in words: the parts of the form in its order, for a PDF and for a document that can still be edited.

Numbers of identity and signatures are lines to write on by hand: they are asked by forms and kept nowhere here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from babel.dates import format_skeleton, get_day_names
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from groups.objectives.forms import STATES
from groups.officers.forms import office_name
from groups.returns.forms import CHOICES, GROUP_TYPES, KINDS, OFFICES, QUESTIONS, ROWS, SAID
from network.authorities.guide import AREA, BANK, Authority, Kind, Part
from network.documents.editable import docx
from network.documents.paper import document, in_language
from network.web.formatting import clock_time, money, number, whole_day

Block = dict[str, Any]
LEFT_OUT = "left_out"
ABOUT = (
    "special_interest",
    "division",
    "location",
    "sub_location",
    "village",
    "formed_in",
    "postal",
    "landmark",
)
HAND_LINES = 3
"""Empty lines for what is added by hand."""


@dataclass(frozen=True)
class Page:
    """What stands in a return, and what is needed to put it into words."""

    facts: Mapping[str, Any]
    names: Mapping[str, str]
    authority: Authority
    called: str
    kind: str
    covers: tuple[date, date]
    handed_in_on: date | None = None


def paper(page: Page, *, language: str) -> bytes:
    """The return as a PDF, in any language there is."""
    with in_language(language):
        return document(
            "groups/returns/return.typ", title=_title(page), bar=_kind(page), place=page.facts["group"], language=language, footer=_footer(page),
            lead=_lead(page), sections=_sections(page),
        )  # fmt: skip


def editable(page: Page, *, language: str) -> bytes:
    """The same as a document that can still be changed."""
    with in_language(language):
        return docx(
            title=_title(page), bar=_kind(page), place=page.facts["group"], lead=_lead(page), sections=_sections(page), footer=_footer(page),
            language=language,
        )  # fmt: skip


def report_words(page: Page, *, language: str) -> str:
    """The report in the group's own words, else one drafted from the figures."""
    if page.facts["words"]:
        return str(page.facts["words"])
    with in_language(language):
        return "\n\n".join(_drafted(page))


def _title(page: Page) -> str:
    title = str(page.authority.name if not page.called else page.called)
    return _("%(kind)s: %(authority)s", kind=_kind(page), authority=title)


def _kind(page: Page) -> str:
    """Also what a window's bar says: an authority's name there would tell whoever looks on what kind of group this is."""
    return _("Yearly return") if page.kind == Kind.YEARLY else _("Report of a quarter")


def _lead(page: Page) -> str:
    first, last = page.covers
    return _("From %(first)s to %(last)s", first=whole_day(first), last=whole_day(last))


def _footer(page: Page) -> str:
    if page.handed_in_on is None:
        return _("Draft of %(day)s", day=whole_day(date.fromisoformat(page.facts["as_of"])))
    return _("As handed in on %(day)s", day=whole_day(page.handed_in_on))


def _sections(page: Page) -> list[dict[str, Any]]:
    """The parts this form asks for, in its order."""
    made = {
        Part.GROUP: (_("Basic information of the group"), _group), Part.PLACE: (_("Where the group is"), _place),
        Part.PEOPLE: (_("Membership of the group"), _people), Part.RATIO: (_("Lived experience"), _ratio),
        Part.OFFICERS: (_("Current office bearers"), _officers), Part.EVERYBODY: (_("List of all members, attached"), _everybody),
        Part.MEETINGS: (_("Official meetings"), _meetings), Part.BANK: (_("Bank information"), _bank),
        Part.ASSETS: (_("Asset base: what the group owns"), _assets), Part.ACTIVITIES: (_("Current activities"), _activities),
        Part.MONEY: (_("The money of this time"), _money), Part.OBJECTIVES: (_("Objectives"), _objectives),
        Part.REPORT: (_("Report"), _report), Part.SIGNATURES: (_("Signatures"), _signatures),
    }  # fmt: skip
    asked = [part for part in page.authority.parts(page.kind) if part in made]
    parts = [(part, list(made[part][1](page))) for part in asked]
    return [
        {"title": _numbered(page, part, made[part][0]), "blocks": blocks, "attached": part == Part.EVERYBODY}
        for part, blocks in parts
        if blocks
    ]


def _numbered(page: Page, part: Part, title: str) -> str:
    """A part's title as the form numbers it, where that is known."""
    return f"{page.authority.numbers.get(part, '')} {title}".strip()


def _facts(pairs: list[tuple[Any, Any]]) -> Block:
    """Pairs of what is asked and its answer; a line to write on where there is none."""
    return {"kind": "facts", "pairs": [[str(what), str(answer or "")] for what, answer in pairs]}


def _table(
    head: list[str], rows: list[list[str]], *, has_numbers: bool = False, is_by_hand: bool = False, narrow: tuple[int, ...] = ()
) -> Block:  # fmt: skip
    """A table; `narrow` are the columns no wider than their words, where it is written on by hand."""
    return {
        "kind": "table", "head": head, "rows": rows, "numbers": has_numbers, "by_hand": is_by_hand, "narrow": list(narrow)
    }  # fmt: skip


def _words(text: str) -> Block:
    return {"kind": "words", "text": text}


def _answers(page: Page, codes: tuple[str, ...]) -> list[tuple[Any, Any]]:
    given = page.facts["answers"]
    asked = [code for code in codes if code in page.authority.questions]
    return [(QUESTIONS[code], CHOICES.get(code, {}).get(given.get(code), given.get(code))) for code in asked]


def _group(page: Page) -> Iterator[Block]:
    certificate, has_types = page.facts["certificate"], "group_type" in page.authority.questions
    until = certificate.get("holds_until")
    lines = [
        (_("Name of the group"), page.facts["group"]),
        (_("Certificate number"), certificate.get("number")),
    ]
    if has_types:
        yield _facts(
            [*lines, (_("Date of renewal"), whole_day(page.handed_in_on) if page.handed_in_on else "")]
        )
        given = page.facts["answers"].get("group_type")
        ticks = [[str(words), code == given] for code, words in GROUP_TYPES.items()]
        yield {"kind": "ticks", "title": str(QUESTIONS["group_type"]), "options": ticks}
        lines = []
    else:
        lines.append((_("Certificate holds until"), whole_day(date.fromisoformat(until)) if until else ""))
    lines += _answers(page, ABOUT)
    if Part.REACH in page.authority.parts(page.kind):
        lines += [
            (_("E-mail of the group"), ""),
            (_("Mobile of the group"), ""),
            (_("Website, if there is one"), ""),
        ]
    if lines:
        yield _facts(lines)


def _place(page: Page) -> Iterator[Block]:
    if lines := _answers(page, AREA):
        yield _facts(lines)


def _activities(page: Page) -> Iterator[Block]:
    """In the group's own words, or lines to write on."""
    if told := page.facts["answers"].get("activities"):
        yield _words(told)
    else:
        yield _facts([(f"{number(at)}.", "") for at in range(1, HAND_LINES + 1)])


def _people(page: Page) -> Iterator[Block]:
    counted = page.facts["people"].get("matrix")
    if not counted:
        yield _words(_("Nobody has been counted yet."))
        return
    unsaid = counted["members"]["not_said"]
    codes = [code for code in SAID if code != "not_said" or any(row[code] for row in counted.values())]
    rows = [
        [str(words), *(number(counted[row][code]) for code in codes), number(sum(counted[row].values()))]
        for row, words in ROWS.items()
    ]
    yield _table([_("Who"), *(str(SAID[code]) for code in codes), _("Total")], rows, has_numbers=True)
    if unsaid:
        yield _words(
            ngettext(
                "One member did not say, or asked to be left out; they are counted in the total only.",
                "%(count)s members did not say, or asked to be left out; they are counted in the total only.",
                unsaid, count=number(unsaid),
            )
        )  # fmt: skip
    counted_on = date.fromisoformat(page.facts["people"]["counted_on"])
    yield _words(_("Counted on %(day)s.", day=whole_day(counted_on)))


def _ratio(page: Page) -> Iterator[Block]:
    found = page.facts["people"].get("ratio")
    if not found:
        yield _words(_("Fewer than five members have said whether they have lived experience."))
        return
    yield _words(
        _(
            "Of %(answered)s members who answered, %(lived)s have lived experience. Nobody is named.",
            answered=number(found[1]), lived=number(found[0]),
        )
    )  # fmt: skip


def _officers(page: Page) -> Iterator[Block]:
    head = [
        _("No."),
        _("Office"),
        _("Name"),
        _("F or M"),
        _("ID no."),
        _("Telephone or e-mail"),
        _("Signature"),
    ]
    rows = [
        [number(at), str(OFFICES.get(one["office"]) or office_name(one["office"])), _name(page, one["member"]), "", "", "", ""]
        for at, one in enumerate(page.facts["officers"], 1)
    ]  # fmt: skip
    yield _table(head, rows, is_by_hand=True, narrow=(0, 1, 3))
    left_out = sum(one["member"] == LEFT_OUT for one in page.facts["officers"])
    if left_out:
        yield _words(
            ngettext("One name is left out because that person asked for it.", "%(num)d names are left out because those people asked for it.", left_out)
        )  # fmt: skip


def _name(page: Page, member: str) -> str:
    if member == LEFT_OUT:
        return _("(left out)")
    return page.names.get(member, "")


def _everybody(page: Page) -> Iterator[Block]:
    listed = [page.names[one] for one in page.facts["listed"] if one in page.names]
    rows = [[number(at), name, "", ""] for at, name in enumerate(listed, 1)]
    if rows:
        yield _table([_("No."), _("Name"), _("ID no."), _("Signature")], rows, is_by_hand=True, narrow=(0, 1))
    left_out = page.facts["left_out"]
    if left_out:
        yield _words(
            ngettext("One member asked not to be on this list.", "%(num)d members asked not to be on this list.", left_out)
        )  # fmt: skip


def _meetings(page: Page) -> Iterator[Block]:
    its = page.facts["meetings"]
    lines = [(_("Venue"), its["place"])]
    if its["weekday"] is not None:
        day = get_day_names(locale=get_locale())[its["weekday"]]
        lines += [(_("Usual day"), day), (_("Usual time"), clock_time(time.fromisoformat(its["hour"])))]
    else:
        lines += [(_("Usual day"), ""), (_("Usual time"), "")]
    yield _facts([*lines, (_("Meetings held in this time"), number(its["held"]))])


def _bank(page: Page) -> Iterator[Block]:
    yield _facts(_answers(page, BANK))


def _assets(page: Page) -> Iterator[Block]:
    rows = [
        [what, whole_day(date.fromisoformat(since)), money(amount, currency) if amount is not None else ""]
        for what, since, amount, currency in page.facts["assets"]
    ]
    yield _table([_("What"), _("Since"), _("Worth, about")], rows or [["", "", ""]] * HAND_LINES)


def _money(page: Page) -> Iterator[Block]:
    its = page.facts["money"]
    came, went = (money(its[0], its[2]), money(its[1], its[2])) if its else ("", "")
    yield _facts([(_("Came in"), came), (_("Went out"), went)])


def _objectives(page: Page) -> Iterator[Block]:
    rows = [
        [title, str(STATES[state]), _quarter(date.fromisoformat(on))]
        for title, state, on in page.facts["objectives"]
    ]
    if rows:
        yield _table([_("Objective"), _("How it stands"), _("Quarter")], rows)
    else:
        yield _words(_("None were set in this time."))


def _quarter(first: date) -> str:
    return str(format_skeleton("yQQQ", first, locale=get_locale()))


def _report(page: Page) -> Iterator[Block]:
    text = page.facts["words"] or "\n\n".join(_drafted(page))
    for paragraph in text.split("\n\n"):
        yield _words(paragraph)


def _drafted(page: Page) -> Iterator[str]:
    """A simple report, from nothing but what is written down."""
    its = page.facts["meetings"]
    held = ngettext("The group met once in this time.", "The group met %(count)s times in this time.", its["held"], count=number(its["held"]))  # fmt: skip
    if not its["held"]:
        held = _("No meeting of this time is written down.")
    if its["held"] > 1 and its["most"]:
        held += " " + _("Between %(fewest)s and %(most)s people came.", fewest=number(its["fewest"]), most=number(its["most"]))  # fmt: skip
    yield held
    objectives = page.facts["objectives"]
    if objectives:
        done = sum(state == "achieved" for _title, state, _on in objectives)
        yield _(
            "It set itself %(count)s objectives. Achieved so far: %(done)s.", count=number(len(objectives)), done=number(done)
        )  # fmt: skip
    if its := page.facts["money"]:
        yield _("%(came)s came in and %(went)s went out.", came=money(its[0], its[2]), went=money(its[1], its[2]))  # fmt: skip


def _signatures(page: Page) -> Iterator[Block]:  # noqa: ARG001 - every part takes the page
    rows = [[str(office_name(office)), "", "", ""] for office in ("chairperson", "secretary", "treasurer")]
    yield _table([_("Office"), _("Name"), _("Signature"), _("Date")], rows, is_by_hand=True, narrow=(0,))
    yield {"kind": "stamp", "text": _("For the authority: stamp, date and signature")}


def kind_words(kind: str) -> Any:
    """What kind of paper it is, in words."""
    return KINDS[Kind(kind)]

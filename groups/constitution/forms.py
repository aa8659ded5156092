"""What is asked when somebody proposes that the constitution says something else; what changed, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields import SelectChoice

from groups.constitution.rules import Change, What
from groups.decisions.forms import MAJORITIES, WhenForm
from groups.officers.forms import METHODS, RULES, office_name
from groups.officers.forms import REFUSALS as OF_OFFICES
from groups.officers.rules import (
    NEEDED,
    OWN,
    Articles,
    CountingRule,
    Majority,
    Method,
    Office,
    Refusal,
    rule_for,
)
from network.web.fields import CountField
from network.web.forms import Form, LineField, WordsField, needed

LONGEST_NAME = 40
LONGEST_WORDS = 20_000
HOW_COUNTED: Mapping[CountingRule, Any] = {
    CountingRule.FIRST_PAST_THE_POST: _l(
        "Each person has one vote. The seat goes to whoever has most votes."
    ),
    CountingRule.BLOCK_VOTE: _l(
        "Each person has as many votes as there are seats. The seats go to those with most votes."
    ),
    CountingRule.APPROVAL: _l(
        "Each person votes for as many people as they like. The seats go to those with most votes."
    ),
    CountingRule.SCOTTISH_STV: _l(
        "Each person puts people in order. A vote that is not needed, or cannot help, passes on to the next name "
        "(order of preference, counted by the Scottish rules)."
    ),
}
REFUSALS: Mapping[Any, Any] = {
    **OF_OFFICES,
    Refusal.TOO_MANY_PROPOSALS: _l("Many proposals wait already. The members decide about those first."),
    Refusal.OFFICE_NEEDED: _l("A group has a chairperson, a secretary and a treasurer."),
    Refusal.OFFICE_TWICE: _l("There is an office of this name already."),
}


def _number(label: Any, most: int, **named: Any) -> CountField:
    return CountField(label, [needed(_l("Write a number."))], most=most, **named)


class ProposeForm(Form):
    """The whole of what a constitution says, filled in with what holds now; built for the offices there are."""

    quorum_percent = _number(_l("Of 100 members, how many must take part for a vote to count?"), 100)
    notice_days = _number(_l("How many days before a vote is everybody told?"), 365)
    challenge_days = _number(
        _l("For how many days can a result be challenged?"), 60,
        description=_l("Anybody who could vote can say that something went wrong. After these days the result is final."),
    )  # fmt: skip
    voting_after_days = _number(
        _l("After how many days in the group may a new member vote?"), 366, description=_l("0: from the first day.")
    )  # fmt: skip
    amend_majority = RadioField(
        _l("How many must agree to change the constitution or to close the group?"),
        [needed()],
        choices=[SelectChoice(str(code), word) for code, word in MAJORITIES.items()],
        description=_l("Whoever says neither yes nor no is not counted for this."),
    )
    fills_rest = BooleanField(
        _l("Whoever is elected in a by-election stays for the rest of the running term only"),
        description=_l("Without this, a by-election begins a whole term."),
    )
    words = WordsField(
        _l("The constitution in your own words"),
        most=LONGEST_WORDS,
        description=_l(
            "Write or paste the whole text here, if you have one. It stands beside what this page asks."
        ),
        render_kw={"rows": 8},
    )
    reason = WordsField(
        _l("What should change, and why?"),
        [needed()],
        most=1000,
        description=_l("Everybody in the group reads this before the vote."),
    )
    offices: tuple[Office, ...] = ()

    @classmethod
    def starting_from(cls, articles: Articles, *, words: str) -> "ProposeForm":
        """The form filled in from what holds now, with a place for one more office."""
        questions: dict[str, Any] = {"offices": articles.offices}
        for number, office in enumerate(articles.offices, start=1):
            questions |= _questions(number, office)
        questions |= {
            "new_name": LineField(
                _l("One more office: what is it called?"), most=LONGEST_NAME, description=_l("Leave this empty if no office is added.")
            ),
            "new_seats": _number(_l("How many seats?"), 20, default=1),
            "new_months": _number(_l("For how many months?"), 120, default=12),
            "new_method": _method(Method.APPOINTED),
            "new_rule": _rule(None),
        }  # fmt: skip
        made = type("ProposeForm", (cls,), questions)(
            data={
                "quorum_percent": articles.quorum_percent, "notice_days": articles.notice_days, "challenge_days": articles.challenge_days,
                "voting_after_days": articles.voting_after_days, "amend_majority": str(articles.amend_majority), "fills_rest": articles.fills_rest,
                "words": words,
            }
        )  # fmt: skip
        made.offices = articles.offices
        return made

    def fields_of(self, prefix: str) -> list[Any]:
        """The questions about one office."""
        return [field for name, field in self._fields.items() if name.startswith(f"{prefix}_")]

    @property
    def articles(self) -> Articles:
        """What was typed."""
        kept = [
            self._office(f"office{number}", office.code, office)
            for number, office in enumerate(self.offices, start=1)
            if not self._answer(f"office{number}_goes")
        ]
        if name := self._answer("new_name"):
            kept.append(self._office("new", OWN + name, None))
        return Articles(
            offices=tuple(kept), quorum_percent=self.quorum_percent.data or 0, notice_days=self.notice_days.data or 0,
            challenge_days=self.challenge_days.data or 0, voting_after_days=self.voting_after_days.data or 0,
            amend_majority=Majority(self.amend_majority.data), fills_rest=bool(self.fills_rest.data),
        )  # fmt: skip

    def _office(self, prefix: str, code: str, before: Office | None) -> Office:
        seats, months = self._answer(f"{prefix}_seats") or 1, self._answer(f"{prefix}_months") or 1
        method = Method(self._answer(f"{prefix}_method") or (before.method if before else Method.APPOINTED))
        rule = self._answer(f"{prefix}_rule")
        return Office(code, seats, months, method, CountingRule(rule) if rule else None)

    def _answer(self, name: str) -> Any:
        return self._fields[name].data if name in self._fields else None


def _method(default: Method) -> SelectField:
    return SelectField(
        _l("How is it filled?"),
        choices=[SelectChoice(str(code), word) for code, word in METHODS.items()],
        default=str(default),
    )


def _rule(default: CountingRule | None) -> SelectField:
    return SelectField(
        _l("Where it is elected: how do votes become seats?"),
        choices=[
            SelectChoice("", _l("As usual: most votes for one seat, order of preference for several")),
            *(SelectChoice(str(code), word) for code, word in RULES.items()),
        ],
        default=str(default or ""),
    )


def _questions(number: int, office: Office) -> dict[str, Any]:
    """What is asked about an office. The three that every group has are elected and stay."""
    asked: dict[str, Any] = {
        f"office{number}_seats": _number(_l("How many seats?"), 20, default=office.seats),
        f"office{number}_months": _number(_l("For how many months?"), 120, default=office.months),
    }
    asked[f"office{number}_rule"] = _rule(office.rule)
    if office.code not in NEEDED:
        asked[f"office{number}_method"] = _method(office.method)
        asked[f"office{number}_goes"] = BooleanField(_l("This office is no longer needed"))
    return asked


class PutForm(WhenForm):
    """When a proposal is decided."""

    @classmethod
    def with_notice(cls, days: int) -> "PutForm":
        """The form that says how many days before."""
        form = cls()
        form.say_notice(days)
        return form


def say(change: Change) -> str:
    """One change in a sentence."""
    office = str(office_name(change.office))
    if change.what in {What.OFFICE_ADDED, What.OFFICE_GONE, What.WORDS}:
        return {
            What.OFFICE_ADDED: _("A new office: %(office)s.", office=office),
            What.OFFICE_GONE: _("The office is given up: %(office)s.", office=office),
        }.get(change.what, _("The text in the group’s own words is another."))
    if change.what == What.METHOD:
        before, after = METHODS[change.before], METHODS[change.after]
        return _("%(office)s: %(after)s, no longer %(before)s.", office=office, before=before, after=after)
    if change.what == What.MAJORITY:
        return _("To change the constitution: %(after)s, no longer %(before)s.", before=MAJORITIES[change.before], after=MAJORITIES[change.after])  # fmt: skip
    if change.what == What.FILLS_REST:
        return _say_by_election(rest=change.after)
    if change.what == What.RULE:
        before, after = RULES[change.before], RULES[change.after]
        return _(
            "%(office)s is counted so: %(after)s. Before: %(before)s.",
            office=office,
            before=before,
            after=after,
        )
    return _number_changed(change, office)


def _number_changed(change: Change, office: str) -> str:
    values = {"office": office, "before": change.before, "after": change.after}
    return {
        What.SEATS: lambda: _("%(office)s: seats %(after)d, before %(before)d.", **values),
        What.MONTHS: lambda: _("%(office)s: months of a term %(after)d, before %(before)d.", **values),
        What.QUORUM: lambda: _("Members of 100 who must take part: %(after)d, before %(before)d.", **values),
        What.NOTICE: lambda: _("Days of notice: %(after)d, before %(before)d.", **values),
        What.CHALLENGE: lambda: _("Days to challenge a result: %(after)d, before %(before)d.", **values),
        What.VOTING_AFTER: lambda: _(
            "Days until a new member votes: %(after)d, before %(before)d.", **values
        ),
    }[change.what]()


def say_articles(articles: Articles) -> list[str]:
    """What a constitution says that this service acts on, in plain sentences."""
    return [*(_say_office(office) for office in articles.offices), *say_for_all(articles)]


def say_for_all(articles: Articles) -> list[str]:
    """What holds for every office and every vote."""
    return [
        _("A vote counts when at least %(percent)d of 100 members take part.", percent=articles.quorum_percent),
        ngettext(
            "Everybody is told at least one day before.", "Everybody is told at least %(num)d days before.", articles.notice_days
        ),
        _say_voters(articles.voting_after_days),
        ngettext(
            "A result can be challenged for one day.", "A result can be challenged for %(num)d days.", articles.challenge_days
        ),
        _("To change the constitution or close the group it takes %(majority)s.", majority=MAJORITIES[articles.amend_majority]),
        _("Officers stay until the next are elected, so that the group is never without."),
        _say_by_election(rest=articles.fills_rest),
    ]  # fmt: skip


def _say_by_election(*, rest: bool) -> str:
    if rest:
        return _(
            "An elected office that becomes empty is filled by a by-election, for the rest of the running term."
        )
    return _("An elected office that becomes empty is filled by a by-election, for a whole term.")


def say_offices(articles: Articles) -> list[tuple[str, list[str]]]:
    """Each office with what the constitution says about it: seats and term, how it is filled, who votes, who names."""
    return [
        (str(office_name(office.code)), _say_in_full(office, articles.voting_after_days))
        for office in articles.offices
    ]


def _say_in_full(office: Office, voting_after_days: int) -> list[str]:
    said = [
        ngettext("One seat.", "%(num)d seats.", office.seats),
        ngettext("A term lasts one month.", "A term lasts %(num)d months.", office.months),
    ]
    if office.method == Method.APPOINTED:
        said += [
            _("The members appoint: somebody is proposed, and the members say yes or no."),
            _say_voters(voting_after_days),
        ]
    elif office.method == Method.NOMINATED:
        said += [
            _("Fellow members name somebody. Nobody names themselves, and whoever is named says yes or no."),
            _("Whoever holds an elected office cannot be in it."),
        ]
    else:
        said += [
            _("The members elect. Anybody in the group can stand, or be named and say yes."),
            *_say_count(office),
            _say_voters(voting_after_days),
        ]
    return said


def _say_count(office: Office) -> list[str]:
    """How votes become seats: what elections are counted by, and what becomes of it where people raise their hands."""
    rule = rule_for(office.rule, seats=office.seats)
    said = [str(HOW_COUNTED[rule])]
    if rule != CountingRule.SCOTTISH_STV:
        return said
    if office.rule:
        return [*said, _("Hands cannot show an order, so people do not vote by show of hands.")]
    if office.seats == 1:
        return [*said, _("By show of hands, which cannot show an order, most votes decide.")]
    return [
        *said,
        _("By show of hands, which cannot show an order, most votes decide; everybody has as many votes as there are seats."),
    ]  # fmt: skip


def _say_voters(days: int) -> str:
    if not days:
        return _("Every member may vote, from the first day.")
    return ngettext(
        "A member may vote after one day in the group.", "A member may vote after %(num)d days in the group.", days
    )  # fmt: skip


def _say_office(office: Office) -> str:
    said = {"office": office_name(office.code), "method": METHODS[office.method], "months": office.months}
    if office.method == Method.ELECTED:
        return ngettext(
            "%(office)s: one seat, %(method)s, for %(months)d months. %(rule)s.",
            "%(office)s: %(num)d seats, %(method)s, for %(months)d months. %(rule)s.",
            office.seats, **said, rule=RULES[rule_for(office.rule, seats=office.seats)],
        )  # fmt: skip
    return ngettext(
        "%(office)s: one seat, %(method)s, for %(months)d months.", "%(office)s: %(num)d seats, %(method)s, for %(months)d months.",
        office.seats, **said,
    )  # fmt: skip

"""The guides, by country profile. Kept in code like the numbers to call, so that nothing has to be asked to show one.

Only what a source says stands here, without sums, which change each year. `checked_on` is the day somebody of the network last asked the office in charge, and
stays empty until then: the page says so. What no source says is left out, and asked as a question instead.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

WHO = "WHO, Peer support mental health services (2021)"
"""Its chapter on Users and Survivors of Psychiatry in Kenya."""
CRPD = "Convention on the Rights of Persons with Disabilities"
GOV = "www.gov.uk"
"""The pages of the government of the United Kingdom, where each of these has one of its own."""


@dataclass(frozen=True)
class Benefit:
    """One thing it opens: what, for whom, and what it takes."""

    what: Any
    who: Any
    takes: Any
    source: str
    checked_on: date | None = None


@dataclass(frozen=True)
class Registering:
    """What it is to register, as far as a source says: how, what it costs, and what others then know."""

    how: Any
    costs: Any
    reveals: Any
    group: Any
    """What it is for a group, which is another thing."""
    source: str
    checked_on: date | None = None


@dataclass(frozen=True)
class Guide:
    """A country's guide; without benefits where nobody has written any down."""

    name: Any
    registering: Registering | None = None
    benefits: tuple[Benefit, ...] = ()
    where: tuple[Any, ...] = ()
    """Who helps with asking, and with a no."""


REGISTERED = _l("Somebody who is registered as a person with a disability.")
ASK_COUNCIL = _l("Ask the council’s office what it takes now.")
KENYA = Guide(
    _l("Kenya"),
    Registering(
        how=_l(
            "With the National Council for Persons with Disabilities. There is a form to fill in, and an appointment for an assessment."
            " Somebody of your group can help you with both, if you want."
        ),
        costs=_l("No source here says what it costs, nor the assessment. Ask before you go."),
        reveals=_l(
            "An office of the state then has it in writing that you live with a disability, and at the assessment somebody asks about your health."
        ),
        group=_l(
            "That is another thing: the group registers with the ministry and with the council, renews that each year, and can then ask for money."
            " It says nothing about you. You can have your details left out of the yearly list."
        ),
        source=WHO,
    ),
    (
        Benefit(_l("Paying less tax"), REGISTERED, _l("Ask the council’s office which taxes, and what it takes now."), WHO),
        Benefit(_l("Money for learning"), REGISTERED, ASK_COUNCIL, WHO),
        Benefit(_l("Tools for a trade"), REGISTERED, ASK_COUNCIL, WHO),
        Benefit(
            _l("Fees at local markets"),
            _l("Somebody who is registered and works for themselves, such as selling at a market."),
            _l("Ask the council’s office how one is freed from the fees where you sell."),
            WHO,
        ),
        Benefit(
            _l("Programmes for earning a living"),
            _l("People and groups, alone or together."),
            _l("Your group or your network knows which ones there are now."),
            WHO,
        ),
        Benefit(
            _l("Support from the state in daily life"),
            _l("It differs from one programme to the next."),
            _l("Somebody of your group or your network can go through it with you."),
            WHO,
        ),
    ),
)  # fmt: skip
ENGLAND = Guide(
    _l("England"),
    Registering(
        how=_l(
            "In England nobody has to be on a list of persons with disabilities. Each of the things below is asked for by itself, where it says."
            " The Equality Act 2010 protects you with any of them and without."
        ),
        costs=_l("Asking is free. For a Blue Badge a council may take a small fee."),
        reveals=_l(
            "Whoever you ask then has it in writing how your days are, and some have somebody talk with you about it."
            " Access to Work also writes to your employer, if you have one."
        ),
        group=_l("A group asks for none of this. It can help you fill in a form, and come along."),
        source="Equality Act 2010; GOV.UK",
    ),
    (
        Benefit(
            _l("Personal Independence Payment (PIP)"),
            _l(
                "Somebody of 16 years or more and under State Pension age who finds everyday things or getting around hard, for three months"
                " already and for nine more to come. What you earn and what you have saved do not count."
            ),
            _l(
                "Ask the Department for Work and Pensions (DWP), by telephone first. A form about your days follows, and mostly a talk with somebody"
                " they send. Against a no you can ask them to look again, and then a tribunal."
            ),
            f"{GOV}/pip",
        ),
        Benefit(
            _l("Attendance Allowance"),
            _l(
                "Somebody of State Pension age or older who has needed help in the day or at night for six months."
                " Getting around does not count here, nor what you earn and have saved."
            ),
            _l("Ask the Attendance Allowance service of the DWP for the form, or fill it in online."),
            f"{GOV}/attendance-allowance",
        ),
        Benefit(
            _l("Universal Credit, with the limited capability for work and work-related activity (LCWRA) element"),
            _l(
                "Somebody with little or no income whom the DWP finds unable for now to work, or to get ready for work."
                " Other rules hold for whoever began to have it on 6 April 2026 or later; ask which are yours."
            ),
            _l(
                "Tell the DWP in your Universal Credit account, or by telephone. A form follows, and mostly a talk, called the Work Capability Assessment."
            ),
            "Universal Credit Regulations 2013, regulation 27; Universal Credit Act 2025",
        ),
        Benefit(
            _l("Access to Work"),
            _l(
                "Somebody of 16 years or more who has paid work or begins it soon, also on their own account, and needs support to do it or to get there."
            ),
            _l(
                "Ask Access to Work at the DWP, online or by telephone, best before the work begins."
                " What your employer has to change anyway is the employer’s to pay."
            ),
            f"{GOV}/access-to-work",
        ),
        Benefit(
            _l("Blue Badge, for parking close by"),
            _l(
                "Somebody who drives or is driven, and for whom the way from the car is very hard or not safe. That counts also where nobody can see why."
            ),
            _l("Ask your council, online or on paper. With some decisions on PIP you have it without more questions."),
            f"{GOV}/apply-blue-badge",
        ),
        Benefit(
            _l("Disabled Students’ Allowance"),
            _l(
                "Somebody from England in higher education who needs support to study. Income does not count, and nothing is paid back."
            ),
            _l(
                "Ask Student Finance England, or the NHS Business Services Authority for its courses."
                " They want a paper as proof, then somebody goes through with you what would help."
            ),
            f"{GOV}/disabled-students-allowance-dsa",
        ),
        Benefit(
            _l("Council tax reduction"),
            _l(
                "Somebody with a low income. Besides, a home that is arranged for a person with a disability can cost less, and some people"
                " are not counted for this tax at all; the law has old, hard words for them."
            ),
            _l("Ask the council you pay the tax to. Each has rules of its own, and says which papers it wants."),
            f"{GOV}/apply-council-tax-reduction; Local Government Finance Act 1992",
        ),
    ),
    where=(
        _l("Citizens Advice: free, in confidence, and it has nothing to do with whoever decides."),
        _l("The welfare rights advisers of your council, where it has some."),
        _l("An organisation near you that is led by persons with disabilities: they have filled in these forms themselves."),
        _l("A law centre or a free legal advice clinic, above all where the answer was no. The time to object is short; ask at once."),
    ),
)  # fmt: skip
ANYWHERE = Guide(
    _l("Anywhere else"),
    benefits=(
        Benefit(
            _l("Money to live on"),
            _l("The Convention speaks of social protection, and of help with what a disability costs, for people and families."),
            _l("Ask the office for social affairs of your town, district or county which payments there are, and who decides."),
            f"{CRPD}, article 28",
        ),
        Benefit(
            _l("Work, or a trade of your own"),
            _l("It speaks of work one can choose, of what an employer has to change, and of help to begin a trade of one’s own or with others."),
            _l("Ask the employment office, and the ministry or fund that lends or gives money for small trades."),
            f"{CRPD}, article 27",
        ),
        Benefit(
            _l("Learning"),
            _l("It speaks of learning together with everybody else, at every age, with the support one needs."),
            _l("Ask the school, the college or the ministry of education about fees, bursaries and support in class."),
            f"{CRPD}, article 24",
        ),
        Benefit(
            _l("Getting around"),
            _l("It speaks of getting around how and when one chooses, at a price one can pay."),
            _l("Ask the town and whoever runs buses and trains about lower fares."),
            f"{CRPD}, article 20",
        ),
        Benefit(
            _l("Living where and with whom you choose"),
            _l("It speaks of help at home and in the neighbourhood, so that nobody has to live in a place that is not theirs."),
            _l("Ask the office for social affairs who comes to help, and what that costs."),
            f"{CRPD}, article 19",
        ),
        Benefit(
            _l("Deciding for yourself, and a lawyer"),
            _l("It speaks of support to decide for oneself, and of the same way to the courts as everybody has."),
            _l("Ask a legal advice centre or the commission for human rights; many ask for no money."),
            f"{CRPD}, articles 12 and 13",
        ),
    ),
    where=(
        _l("An organisation of persons with disabilities: they know which office it is, and what it really asks."),
        _l("The council or the ministry that is there for persons with disabilities, where your country has one."),
        _l("The town hall or the chief’s office: ask which office it is, and on which days it is open."),
        _l("Your network: it may know somebody who has asked before you."),
    ),
)  # fmt: skip
GUIDES = {"kenya": KENYA, "england": ENGLAND, "generic": ANYWHERE}
"""By the country profile a network chose (`network.tenancy.settings`)."""
_BY_LANGUAGE = {"sw": "kenya"}
ASK_FIRST = (
    _l("What does it open for me now, and from when on?"),
    _l("What does it cost, with the way there and every paper I need?"),
    _l("Who can read what is written about me, and for how long?"),
    _l("Can I be taken off again, and what stays then?"),
    _l("Can somebody I choose come with me?"),
    _l("Can I have the same without registering?"),
)
"""Questions that help wherever somebody asks, before they decide."""


def profile_for(asked: str | None, language: str) -> str:
    """The profile that was asked for, else one where the page's language is spoken, else any place."""
    if asked in GUIDES:
        return asked
    return _BY_LANGUAGE.get(language, "generic") if asked is None else "generic"

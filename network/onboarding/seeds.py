"""The steps and phrases an office starts with. English is the original; the others are drafts nobody has reviewed."""

from dataclasses import dataclass, field
from datetime import datetime

from network.wording.commands import translate, write_text
from network.wording.models import Text


@dataclass(frozen=True)
class SeedText:
    """Words with their translations: language to (title, body)."""

    title: str
    body: str
    drafts: dict[str, tuple[str, str]] = field(default_factory=dict)


def write_seed(purpose: str, words: SeedText, *, now: datetime) -> Text:
    """Keep a text with its draft translations in the office in scope."""
    text = write_text(purpose=purpose, language="en", title=words.title, body=words.body, now=now)
    for language, (title, body) in words.drafts.items():
        translate(text, language=language, title=title, body=body, now=now)
    return text


def _step(en: tuple[str, str], sw: tuple[str, str], fr: tuple[str, str]) -> SeedText:
    return SeedText(*en, {"sw": sw, "fr": fr})


def _phrase(en: str, sw: str, fr: str) -> SeedText:
    return SeedText("", en, {"sw": ("", sw), "fr": ("", fr)})


STEPS = {
    "application": _step(
        ("A first word", "You told us that you want to start a group. That is all it takes to begin."),
        ("Neno la kwanza", "Ulituambia unataka kuanzisha kikundi. Hiyo inatosha kuanza."),
        (
            "Un premier mot",
            "Vous nous avez dit que vous voulez créer un groupe. Il n’en faut pas plus pour commencer.",
        ),
    ),
    "conversation": _step(
        (
            "A conversation",
            "We talk, by phone or in person: what you have in mind, and what you would like from us.",
        ),
        ("Mazungumzo", "Tunazungumza, kwa simu au ana kwa ana: unachofikiria, na ungependa tusaidie nini."),
        (
            "Une conversation",
            "Nous parlons, par téléphone ou de vive voix : votre idée, et ce que vous attendez de nous.",
        ),
    ),
    "questions": _step(
        (
            "Questions to think about",
            "For whom is the group, where and how often does it meet, who helps it run, what makes it safe.",
        ),
        (
            "Maswali ya kufikiria",
            "Kikundi ni cha nani, kitakutana wapi na mara ngapi, nani atasaidia kukiendesha, usalama utatoka wapi.",
        ),
        (
            "Des questions à se poser",
            "Pour qui est le groupe, où et quand il se réunit, qui l’anime, ce qui met chacun en confiance.",
        ),
    ),
    "partners": _step(
        (
            "Partners know of you",
            "Social services, health workers and the local administration hear of the group, if you want them to.",
        ),
        (
            "Washirika wanawafahamu",
            "Huduma za jamii, wahudumu wa afya na utawala wa eneo wanasikia kuhusu kikundi, mkitaka.",
        ),
        (
            "Les partenaires vous connaissent",
            "Les services sociaux, de santé et la commune entendent parler du groupe, si vous le voulez.",
        ),
    ),
    "seed_funding": _step(
        ("Money to begin with", "The network helps with the first costs: a room, tea, the way there."),
        ("Pesa za kuanzia", "Mtandao unasaidia gharama za mwanzo: chumba, chai, nauli."),
        ("De quoi commencer", "Le réseau aide pour les premiers frais : une salle, du thé, le trajet."),
    ),
    "first_meeting": _step(
        ("The first meeting", "You meet, agree on how you want to be together, and choose your officers."),
        ("Mkutano wa kwanza", "Mnakutana, mnakubaliana jinsi ya kuwa pamoja, na mnachagua viongozi."),
        (
            "La première réunion",
            "Vous vous réunissez, convenez de vos règles et choisissez vos responsables.",
        ),
    ),
    "registration": _step(
        ("Registration", "The group is registered with the authority, if that is of use to you."),
        ("Usajili", "Kikundi kinasajiliwa na mamlaka, ikiwa kinawafaa."),
        ("L’enregistrement", "Le groupe est enregistré auprès de l’administration, si cela vous est utile."),
    ),
    "bank_account": _step(
        ("An account of its own", "The group opens a bank account or a mobile money till in its own name."),
        ("Akaunti yake yenyewe", "Kikundi kinafungua akaunti ya benki au ya simu kwa jina lake."),
        ("Un compte à soi", "Le groupe ouvre un compte en banque ou de paiement mobile à son nom."),
    ),
    "charter": _step(
        ("The charter", "You read the network’s charter together and decide whether to adopt it."),
        ("Mkataba", "Mnasoma mkataba wa mtandao pamoja na kuamua kama mtaukubali."),
        ("La charte", "Vous lisez ensemble la charte du réseau et décidez de l’adopter ou non."),
    ),
    "listed": _step(
        ("People can find you", "You decide what is shown of the group, so that others can find it."),
        ("Watu wanaweza kuwapata", "Mnaamua nini kionyeshwe kuhusu kikundi, ili wengine wakipate."),
        (
            "On peut vous trouver",
            "Vous décidez de ce qui est montré du groupe, pour que d’autres le trouvent.",
        ),
    ),
    "objectives": _step(
        ("What you want to change", "You set what you want to work for in the first quarter."),
        ("Mnachotaka kubadilisha", "Mnaweka malengo ya kufanyia kazi katika robo ya kwanza ya mwaka."),
        (
            "Ce que vous voulez changer",
            "Vous fixez ce que vous voulez défendre pendant le premier trimestre.",
        ),
    ),
}

PHRASES = (
    _phrase(
        "Thank you, we have your message. One of us reads it and answers you here.",
        "Asante, tumepata ujumbe wako. Mmoja wetu anausoma na atakujibu hapa.",
        "Merci, nous avons votre message. L’un de nous le lit et vous répond ici.",
    ),
    _phrase(
        "When can we talk? Tell us a day and a time that suit you.",
        "Tunaweza kuzungumza lini? Tuambie siku na saa inayokufaa.",
        "Quand pouvons-nous parler ? Dites-nous un jour et une heure qui vous conviennent.",
    ),
    _phrase(
        "We do not speak your language well yet. A volunteer helps us to read what you write; we do not give them your name.",
        "Bado hatujui lugha yako vizuri. Mtu wa kujitolea anatusaidia kusoma unachoandika; hatumpi jina lako.",
        "Nous ne parlons pas encore bien votre langue. Une personne bénévole nous aide à lire ce que vous écrivez ; nous ne lui donnons pas votre nom.",
    ),
    _phrase(
        "Tell us a little more, as you like: who might come, and where you could meet.",
        "Tuambie zaidi kidogo, upendavyo: nani wanaweza kuja, na mnaweza kukutana wapi.",
        "Dites-nous en un peu plus, comme vous voulez : qui pourrait venir, et où vous réunir.",
    ),
    _phrase(
        "Your group can open. Here is the next step.",
        "Kikundi chenu kinaweza kufunguliwa. Hii hapa hatua inayofuata.",
        "Votre groupe peut ouvrir. Voici la prochaine étape.",
    ),
    _phrase(
        "Take the time you need. We are here when you are ready.",
        "Chukua muda unaohitaji. Tupo hapa ukiwa tayari.",
        "Prenez le temps qu’il vous faut. Nous sommes là quand vous serez prêts.",
    ),
)  # fmt: skip

"""What stands on a sheet, how the people on it are reached, and what words open it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

PEOPLE = 3
HOW_MANY_WORDS = 4
LISTED = 2048
"""Words on each list: four of them are one of 2^44."""
MOST_SHARES = 10
TO_PICK_UP = timedelta(days=7)
"""How long a link for one person waits for that person."""
LASTS = {"1": timedelta(days=1), "7": timedelta(days=7), "30": timedelta(days=30), "90": timedelta(days=90)}
"""How long a link for whoever has the words may work."""
_FEWEST_DIGITS = 6


@dataclass(frozen=True)
class Person:
    """Somebody to call, and where: a number, an address, or words such as “the blue house”."""

    name: str = ""
    reach: str = ""


@dataclass(frozen=True)
class Written:
    """What a person wrote on their sheet. Everything may be empty."""

    name: str = ""
    helps: str = ""
    hurts: str = ""
    wishes: str = ""
    text: str = ""
    people: tuple[Person, ...] = ()

    @property
    def has_text(self) -> bool:
        """Whether there is a text ready to send, and somebody to send it to."""
        return bool(self.text and any(person.reach for person in self.people))


def plain_words(typed: str) -> str:
    """Words as they are used for closing: small letters without accents, one space between, however they were typed."""
    spread = unicodedata.normalize("NFKD", typed.lower().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(sign for sign in spread if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z]+", bare))


def ways_to_reach(reach: str, text: str) -> list[tuple[str, str]]:
    """Links that call or write to somebody, with the text ready; nothing for what is no number and no address."""
    said = quote(text, safe="")
    if re.fullmatch(r"[^@\s?&]+@[^@\s?&]+", reach.strip()):
        return [("mail", f"mailto:{reach.strip()}?body={said}")]
    digits = re.sub(r"[^0-9]", "", reach)
    if len(digits) < _FEWEST_DIGITS or not re.fullmatch(r"[+0-9 ()./\-]+", reach.strip()):
        return []
    is_international = reach.strip().startswith("+")
    number = f"+{digits}" if is_international else digits
    found = [("call", f"tel:{number}"), ("sms", f"sms:{number}?body={said}")]
    return [*found, ("whatsapp", f"https://wa.me/{digits}?text={said}")] if is_international else found

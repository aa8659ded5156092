"""Who walks through the story, and what the walk has seen so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.browser.walker import Walker
from tests.factories.network import day_there

DEMO_PASSWORD = "mango-rain-drum"
PASSWORD = "kikombe-cha-chai-7"
TWENTY = (
    "Kamau", "Akinyi", "Chege", "Nafula", "Mwende", "Otis", "Pili", "Rukia", "Sefu", "Tatu",
    "Umi", "Vumi", "Waceke", "Yusufu", "Zena", "Adongo", "Bosire", "Chao", "Dama", "Ekiru",
)  # fmt: skip
CHAIR, OLD_TREASURER, NEW_TREASURER, SECRETARY = "Wambui", "Kamau", "Akinyi", "Chege"
TELLERS = ("Zena", "Yusufu")
TELL_ABOUT_THEMSELVES = ("Nafula", "Mwende", "Otis", "Pili", "Rukia", "Sefu")


def today_in_kitui() -> str:
    """The day it is where the group meets, as its forms take it: not always the day it is for this machine."""
    return day_there().isoformat()


@dataclass
class Tale:
    """One telling of the story: its own group, its own people, one browser for each of them."""

    visit: Callable[..., Any]
    number: int
    has_javascript: bool
    keeps_pictures: bool
    people: dict[str, Walker] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """Addresses that were met on the way, by what they lead to."""

    @property
    def group_name(self) -> str:
        return f"Tumaini la Kitui {self.number}"

    @property
    def guide(self) -> str:
        return f"Ground rules for a first meeting, {self.number}"

    @property
    def guide_in_swahili(self) -> str:
        return f"Kanuni za kikao cha kwanza, {self.number}"

    def sign_in_of(self, name: str) -> str:
        return f"{name.lower()}{self.number}@kitui.example"

    def person(self, name: str, *, language: str = "sw") -> Walker:
        """Somebody with a phone of their own, 360 pixels wide."""
        if name not in self.people:
            visitor = self.visit(width=360, language=language, javascript=self.has_javascript)
            self.people[name] = Walker(visitor, "story" if self.keeps_pictures else None)
        return self.people[name]

    def from_demo(self, name: str, sign_in: str) -> Walker:
        """Somebody of the demo, signed in."""
        is_new = name not in self.people
        walker = self.person(name, language="en")
        if is_new:
            walker.visitor.sign_in(sign_in, DEMO_PASSWORD)
        return walker

    def amina(self) -> Walker:
        """The network's office, at its first page."""
        amina = self.from_demo("Amina", "amina@usp-kenya.example")
        amina.go("/places")
        return amina

    def at_home(self, name: str) -> Walker:
        """Somebody of the new group, at the group's first page."""
        walker = self.people[name]
        walker.go(self.places["group"])
        return walker

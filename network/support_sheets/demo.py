"""Two sheets in the demo: Wanjiru's, which Otieno keeps, and so that there is something on the page for both."""

from datetime import timedelta

from network import demo
from network.demo import Story
from network.support_sheets import commands, locks, queries
from network.support_sheets.rules import Person, Written
from network.tenancy import scope

WORDS = "mango river drum morning"
"""The demo's people are invented, and so this is told to everybody."""
OTHER_WORDS = "lemon garden song cloud"
WRITTEN = Written(
    name="Wanjiru",
    helps="Sit with me. Tea with ginger. A walk to the river when it is not hot.",
    hurts="Many questions. Loud rooms. Being told to calm down.",
    people=(
        Person("Otieno", "+254 711 222 333"),
        Person("My sister Njeri", "njeri@people.example"),
        Person("Mama Akinyi", "the blue house behind the market"),
    ),
    text="Can you call me or come to me? It would help me today.",
    wishes="Njeri looks after the children. Tell my work only that I am away.",
)


def init_app() -> None:
    """Add the chapter, after the people are there."""
    demo.register(95, tell)


def tell(story: Story) -> None:
    """One writes, and another keeps what they were shown."""
    owner, keeper = story.people.get("Wanjiru"), story.people.get("Otieno")
    if owner is None or keeper is None:
        return
    key, then = locks.new_key(), story.now - timedelta(days=40)
    with scope.visiting(account_id=owner):
        sheet = commands.write_sheet(
            account_id=owner, lock=locks.lock(key, WORDS), content=locks.close(key, WRITTEN), now=then
        )
        token = commands.share_sheet(sheet, lock=locks.lock(key, OTHER_WORDS), lasts=None, now=story.now)
        commands.share_sheet(
            sheet, lock=locks.lock(key, OTHER_WORDS), lasts=timedelta(days=30), now=story.now
        )
    with scope.visiting(account_id=keeper):
        share = queries.find_share_behind(token, now=story.now)
        if share:
            commands.keep_share(share, by=keeper)

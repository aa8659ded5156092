"""Pages that groups and offices both have: the same views, each place under its own address."""

from typing import Any

from flask import Blueprint

PLACES = ("/g/<uuid:group_id>", "/n/<uuid:network_id>")


class PlacePages(Blueprint):
    """A blueprint whose every page stands under `/g/<group>/…` and under `/n/<office>/…`, with one name.

    `url_for` needs no more than elsewhere: the place comes back by itself, and with it the right one of the two
    addresses. Who may open a page is in the permission table, with a line for each kind of place.
    """

    def __init__(self, name: str, import_name: str, *, under: str, template_folder: str) -> None:
        super().__init__(name, import_name, template_folder=template_folder)
        self.under = under

    def add_url_rule(self, rule: str, *positional: Any, **named: Any) -> None:
        """Add the page twice, once for each kind of place."""
        for place in PLACES:
            super().add_url_rule(f"{place}{self.under}{rule}", *positional, **named)

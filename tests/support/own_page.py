"""Telling and taking back on one's own page in a group, as somebody does who read the words beside the question."""

from tests.support.client import Page, StrictClient


def shown_beside(page: Page, purpose: str) -> str:
    """Which words stood beside this question, as the page says."""
    for form in page.forms():
        hidden = {i.get("name"): i.get("value") or "" for i in form.iter("input")}
        if hidden.get("purpose") == purpose and "words_shown" in hidden:
            return hidden["words_shown"]
    return ""


def tell(client: StrictClient, page: Page, purpose: str, value: str | None = None) -> Page:
    """Answer one question; without a value, say a plain yes."""
    answer = {"purpose": purpose, "words_shown": shown_beside(page, purpose)}
    return client.send(page, answer if value is None else {**answer, purpose: value}, to="me/tell")


def take_back(client: StrictClient, page: Page, purpose: str) -> Page:
    """Take one answer back."""
    return client.send(page, {"purpose": purpose}, to="me/take-back")

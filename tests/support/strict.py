"""Reads every page as the strictest reviewer would."""

from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from tests.support.outside import is_public, told_by

CONTROLS = {"input", "select", "textarea"}
TYPED = {"text", "search", "tel", "email", "url", "number", "date", "time", "password"}
UNLABELLED = {"hidden", "submit", "button"}


def parse(html: str) -> Element:
    """The page as a tree. Fails where the markup is not clean."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def text_of(element: Element | None) -> str:
    """The words inside an element, as they are read."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def check(html: str, *, path: str) -> Element:
    """Fail, naming the page, where its shape is not what every page owes its reader."""
    tree = parse(html)
    if path == "/leave":
        return tree
    _check_heading(tree, path)
    _check_outside(tree, path)
    _check_ids(tree, path)
    _check_labels(tree, path)
    _check_forms(tree, path)
    _check_typed(tree, path)
    root = tree if tree.tag == "html" else tree.find("html")
    assert root is not None, path
    assert root.get("lang"), f"{path}: the page does not say its language"
    assert root.get("dir") in {"ltr", "rtl"}, f"{path}: the page does not say its direction"
    assert not [e for e in tree.iter() if "style" in e.attrib], (
        f"{path}: an inline style, which the policy forbids"
    )
    assert not [e for e in tree.iter() if any(name.startswith("on") for name in e.attrib)], (
        f"{path}: an inline script"
    )
    assert not [e for e in tree.iter("script") if not e.get("src")], f"{path}: an inline script"
    return tree


def _check_heading(tree: Element, path: str) -> None:
    headings = list(tree.iter("h1"))
    assert len(headings) == 1, f"{path}: a page has exactly one h1, this has {len(headings)}"
    title = text_of(next(iter(tree.iter("title"))))
    if "data-private" in headings[0].attrib:
        assert text_of(headings[0]) not in title, f"{path}: the title keeps what the heading says"
        return
    assert title.startswith(text_of(headings[0])), (
        f"{path}: the title {title!r} does not start with the heading {text_of(headings[0])!r}"
    )


def _check_outside(tree: Element, path: str) -> None:
    """Every page has the way out, one tap away, before anything else; its title tells nobody who looks what it is about."""
    ways = [a for a in tree.iter("a") if "data-leave" in a.attrib]
    assert [a.get("href") for a in ways] == ["/leave"], f"{path}: there is not one way out"
    title = text_of(next(tree.iter("title")))
    assert is_public(path) or not told_by(title), f"{path}: the title {title!r} tells {told_by(title)}"


def _check_ids(tree: Element, path: str) -> None:
    twice = [i for i, n in Counter(e.get("id") for e in tree.iter() if e.get("id")).items() if n > 1]
    assert not twice, f"{path}: these ids occur twice: {twice}"


def _check_labels(tree: Element, path: str) -> None:
    named = {label.get("for") for label in tree.iter("label")}
    inside = {id(control) for label in tree.iter("label") for control in label.iter()}
    for control in (e for e in tree.iter() if e.tag in CONTROLS and e.get("type") not in UNLABELLED):
        has_name = (
            control.get("id") in named
            or id(control) in inside
            or control.get("aria-label")
            or control.get("aria-labelledby")
        )
        assert has_name, f"{path}: {control.get('name')} has no label"


def _check_forms(tree: Element, path: str) -> None:
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        names = {e.get("name") for e in form.iter("input")}
        assert form.get("action"), f"{path}: a form does not say where it goes"
        assert "csrf_token" in names, f"{path}: the form to {form.get('action')} has no csrf_token"
        # A vote sent again takes its own place; a key would tell when it came.
        # A form that carries somebody's words has none either: the key's print would be a print of the words.
        is_without = {"data-seal", "data-here"} & set(form.attrib)
        assert is_without or "once" in names, f"{path}: the form to {form.get('action')} can be sent twice"


def _check_typed(tree: Element, path: str) -> None:
    """What one person types is offered to nobody else on the same phone, unless the field says what it is for."""
    says = {id(control) for form in tree.iter("form") if form.get("autocomplete") for control in form.iter()}
    for control in (
        e for e in tree.iter() if e.tag == "textarea" or (e.tag == "input" and e.get("type", "text") in TYPED)
    ):
        has_said = control.get("autocomplete") or id(control) in says
        assert has_said, f"{path}: {control.get('name')} does not say whether a phone may keep what is typed"


def values_of(form: Element) -> dict[str, Any]:
    """What the form would send as it stands."""
    values: dict[str, Any] = {}
    for control in (e for e in form.iter() if e.tag in CONTROLS and e.get("name")):
        kind = control.get("type", "text")
        if control.tag == "textarea":
            _add(values, control, "".join(control.itertext()).removeprefix("\n"))
        elif control.tag == "select":
            for value in _chosen(control):
                _add(values, control, value)
        elif (
            kind not in {"submit", "button", "checkbox", "radio", "file"}
            or control.get("checked") is not None
        ):
            _add(values, control, control.get("value", "on" if kind == "checkbox" else ""))
    return values


def _add(values: dict[str, Any], control: Element, value: str) -> None:
    name = str(control.get("name"))
    values[name] = (
        [*values[name], value]
        if isinstance(values.get(name), list)
        else ([values[name], value] if name in values else value)
    )


def _chosen(select: Element) -> list[str]:
    options = list(select.iter("option"))
    chosen = [o for o in options if o.get("selected") is not None] or (
        [] if select.get("multiple") is not None else options[:1]
    )
    return [o.get("value", text_of(o)) for o in chosen]

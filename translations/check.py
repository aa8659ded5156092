"""Whether the catalogues can be trusted: `python -m translations.check`, part of `make check` and of the tests.

Fresh: the template holds every sentence of the code. Sound: what stands in braces and tags is the same on both
sides, plurals have every form, nothing is a guess. Complete: a language that is offered has every sentence.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from translations import messages
from translations.locales import KNOWN_LOCALES

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")


def complaints(catalogs: Path = messages.CATALOGS, root: Path = messages.ROOT) -> list[str]:
    """What is wrong, a line each. Before the first `make messages` there is nothing to compare."""
    template = catalogs / "messages.pot"
    if not template.exists():
        return []
    found = []
    if template.read_bytes() != messages.written(messages.collect(root)):
        found.append("messages.pot is behind the code: run `make messages` and commit what changed")
    for language in messages.translated_into():
        path = messages.path_of(language, catalogs)
        if not path.exists():
            found.append(f"{language}: there is no catalogue; run `make messages`")
            continue
        catalog = messages.read(path, language)
        is_offered = KNOWN_LOCALES[language].is_offered
        found += [f"{language}: {line}" for line in wrong_with(catalog, is_offered=is_offered)]
    return found


def wrong_with(catalog: Catalog, *, is_offered: bool) -> Iterator[str]:
    """What is wrong with one language."""
    for message in catalog:
        if not message.id:
            continue
        name = message.id[0] if isinstance(message.id, list | tuple) else message.id
        if message.fuzzy:
            yield f"a guess nobody has looked at: {name}"
        strings = _strings(message)
        if not all(strings):
            if is_offered or any(strings):
                yield f"not translated: {name}"
            continue
        if message.pluralizable and len(strings) != catalog.num_plurals:
            yield f"{len(strings)} plural forms where the language has {catalog.num_plurals}: {name}"
        if not _holds_the_same(message, strings):
            yield f"names in braces or tags differ: {name}"


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string or ""]


def _holds_the_same(message: Message, strings: list[str]) -> bool:
    ids = list(message.id) if isinstance(message.id, list | tuple) else [message.id]
    names = [set(PLACEHOLDER.findall(one)) for one in ids]
    tags = {tuple(sorted(TAG.findall(one))) for one in ids}
    most, least = set.union(*names), set.intersection(*names)
    return all(
        least - {"num", "count"} <= set(PLACEHOLDER.findall(one)) <= most
        and tuple(sorted(TAG.findall(one))) in tags
        for one in strings
    )


if __name__ == "__main__":
    lines = complaints()
    sys.stdout.write("\n".join([*lines, f"{len(lines)} things to put right in the catalogues", ""]))
    sys.exit(bool(lines))

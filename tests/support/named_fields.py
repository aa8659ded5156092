"""What people are asked for: the fields of forms with their words, of schemas, and inputs written in templates."""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from wtforms.fields.choices import SelectChoice

from network.data_map import NamedField

INPUT = re.compile(r"<(?:input|select|textarea)\b[^>]*?\bname=\"([\w-]+)\"")


def below(base: type) -> Iterator[type]:
    """Every class built on this one."""
    for child in base.__subclasses__():
        yield child
        yield from below(child)


def fields_of_forms(forms: Iterable[type], languages: Iterable[str]) -> list[NamedField]:
    """Each field with its label, help and choices in each language; inside a request of the application."""
    found = []
    for form in forms:
        where = f"{form.__module__.removesuffix('.forms')}.{form.__name__}"
        fields = {name: field for name in dir(form) if hasattr(field := getattr(form, name), "field_class")}
        for name, field in fields.items():
            found.append(NamedField(f"{where}.{name}", tuple(_in_each(field, languages))))
    return found


def fields_of_tables_of_words(packages: Iterable[str], languages: Iterable[str]) -> list[NamedField]:
    """Codes with their words, as choices are made of when a page is made: the tables beside the forms."""
    modules = [m for name, m in list(sys.modules.items()) if name.split(".")[0] in packages]
    tables = [
        (f"{module.__name__.removesuffix('.forms')}.{name}", table)
        for module in modules
        if module.__name__.endswith((".forms", ".words"))
        for name, table in vars(module).items()
        if name.isupper() and isinstance(table, dict)
    ]
    return [NamedField(where, tuple(_said(table, languages))) for where, table in tables]


def fields_of_schemas(schemas: Iterable[type]) -> list[NamedField]:
    return [
        NamedField(f"{schema.__module__}.{schema.__name__}.{name}", ())
        for schema in schemas
        for name in getattr(schema, "_declared_fields", {})
    ]


def fields_of_templates(templates: Iterable[Path]) -> list[NamedField]:
    return [
        NamedField(f"{template.parent.name}/{template.name}", (name,))
        for template in templates
        for name in INPUT.findall(template.read_text(encoding="utf-8"))
    ]


def _in_each(field: Any, languages: Iterable[str]) -> Iterator[str]:
    told = [value for key, value in field.kwargs.items() if key in {"label", "description", "choices"}]
    yield from _said([field.args[:1], told], languages)


def _said(told: Any, languages: Iterable[str]) -> Iterator[str]:
    for language in languages:
        with force_locale(language):
            yield from _words(told)


def _words(told: Any) -> Iterator[str]:
    """Every word in it: those that are translated when they are read, too."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from _words([key, value])
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _words(one)
    elif isinstance(told, SelectChoice):
        yield from _words([told.value, told.label])
    elif isinstance(told, str) or type(told).__name__ == "LazyString":
        yield str(told)

"""The data map: what each column is for, how near it comes to a person, and until when it is kept.

It is written beside the tables, in a `data_map.toml` in the folder of their `models.py`; docs/privacy.md says how.
`tests/house/test_data_map.py` holds it against the models.
"""

from network.data_map.columns import Column, columns_of, files, kept_columns
from network.data_map.periods import period
from network.data_map.reading import (
    Basis,
    DataClass,
    DataMap,
    Entry,
    Keeping,
    NamedField,
    Words,
    read_map,
    read_words,
)
from network.data_map.telling import pages

__all__ = [
    "Basis",
    "Column",
    "DataClass",
    "DataMap",
    "Entry",
    "Keeping",
    "NamedField",
    "Words",
    "columns_of",
    "files",
    "kept_columns",
    "pages",
    "period",
    "read_map",
    "read_words",
]

"""Lists come a page at a time."""

from typing import Any

import sqlalchemy as sa
from flask import request
from flask_sqlalchemy.pagination import Pagination

from network.db import db

PER_PAGE = 25


def page_of(selection: sa.Select[Any], *, per_page: int = PER_PAGE) -> Pagination:
    """The page of a selection the address asks for; a page that is not there is the first one."""
    wanted = request.args.get("page", 1, type=int)
    return db.paginate(
        selection, page=max(1, min(wanted, 10_000)), per_page=per_page, max_per_page=100, error_out=False
    )

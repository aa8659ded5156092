"""The office looks at what would be published, and takes the files."""

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from funding.onward.rules import GrantKind
from funding.open_data import queries
from funding.open_data.formats import giving
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.documents import sheets
from network.documents.answers import Kind, answer
from network.documents.paper import in_language

bp = Blueprint(
    "open_data", __name__, url_prefix="/n/<uuid:network_id>/onward/open-data", template_folder="../templates"
)
PROGRAMMES = {GrantKind.SEED: _l("Seed money"), GrantKind.PROJECT: _l("Grants for projects")}


def _published() -> queries.Published:
    """Files are in the office's language, whoever takes them."""
    with in_language(current_group().language):
        names = {str(kind): str(words) for kind, words in PROGRAMMES.items()}
    return queries.published(names, now=clock.now())


@bp.get("")
@requires(Permission.ONWARD_READ)
def show_open_data() -> ResponseReturnValue:
    found = _published()
    return render_template(
        "funding/open_data/show_open_data.html",
        shown=len(found.awards),
        left_out=found.left_out,
        publisher=queries.publisher(),
        latest=found.awards[:5],
    )


@bp.get("/grants.json")
@requires(Permission.ONWARD_READ)
def download_json() -> ResponseReturnValue:
    found = _found()
    day = clock.today(current_group().time_zone)
    content = giving.package(found.awards, publisher=queries.publisher(), issued_on=day)
    return _file(content.encode(), Kind.JSON)


@bp.get("/grants.csv")
@requires(Permission.ONWARD_READ)
def download_csv() -> ResponseReturnValue:
    rows = [giving.row(award) for award in _found().awards]
    return _file(sheets.csv(sheets.Sheet("grants", giving.HEADINGS, rows)), Kind.CSV)


def _found() -> queries.Published:
    """The standard has no file without a grant in it."""
    found = _published()
    if not found.awards:
        abort(404)
    return found


def _file(content: bytes, kind: Kind) -> Response:
    day = clock.today(current_group().time_zone)
    return answer(content, kind, name=f"grants-{day.isoformat()}")

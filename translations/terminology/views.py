"""The word guide as a page for anybody."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from network.access.guard import public
from network.web.languages import current_language, known
from translations.terminology import guide

bp = Blueprint("terminology", __name__, template_folder="../templates")


@bp.get("/<language:language>/words")
@public("how we speak is for everybody to read and to question")
def list_terms(language: str) -> ResponseReturnValue:  # noqa: ARG001 - the address chooses the language of the page
    return render_template(
        "translations/terminology/list.html", terms=guide.terms(), here=current_language().code, known=known()
    )

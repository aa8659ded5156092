"""The guide for visitors, and the same inside a group or an office. Both only show it: nothing is kept of who read what."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from network.access.guard import current_group, public, requires
from network.benefits.guide import ASK_FIRST, GUIDES, profile_for
from network.benefits.queries import profile_of
from network.permissions import Permission
from network.web.place_pages import PlacePages

public_bp = Blueprint("public_benefits", __name__)
bp = PlacePages("benefits", __name__, under="/benefits", template_folder="../templates")


@public_bp.get("/<language:language>/benefits")
@public("what registering opens is for everybody to weigh, without a trace")
def show_to_visitors(language: str) -> ResponseReturnValue:
    return _page("network/benefits/public.html", profile_for(request.args.get("country"), language))


@bp.get("")
@requires(Permission.HOME_READ)
def show_guide() -> ResponseReturnValue:
    asked = request.args.get("country")
    return _page(
        "network/benefits/show.html", profile_for(asked, "") if asked else profile_of(current_group())
    )


def _page(template: str, profile: str) -> ResponseReturnValue:
    return render_template(
        template,
        guide=GUIDES[profile],
        others=[(code, guide.name) for code, guide in GUIDES.items() if code != profile],
        ask_first=ASK_FIRST,
    )

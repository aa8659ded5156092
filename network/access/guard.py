"""The guard on every view: `@requires(...)`, `@by_link(...)` or `@public("why")`. A view without one fails the build."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from network import clock
from network.access import table
from network.access.actor import current_actor
from network.accounts import commands as accounts
from network.accounts import queries, stand_ins
from network.accounts.models import LinkPurpose, PrivateLink
from network.accounts.sign_in import shortened_address
from network.tenancy import scope
from network.tenancy.models import GroupKind
from network.tenancy.queries import get_group

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class Guard:
    """What a view declared, for the tests that walk every route."""

    why: str = ""
    permission: StrEnum | None = None
    purpose: LinkPurpose | None = None
    of: Callable[..., Any] | None = None


def public(why: str) -> Callable[[View], View]:
    """Open to everybody, for a reason that is written down."""

    def decorate(view: View) -> View:
        view.guard = Guard(why=why)  # type: ignore[attr-defined]
        return view

    return decorate


def requires(permission: StrEnum, *, of: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Let in whoever the permission table lets in; with `of`, load the thing the address names and hand it over.

    Not signed in: to the sign-in page. Nobody here, or not ours: 404, the same as for what does not exist. Here but not
    allowed: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**ids: Any) -> ResponseReturnValue:
            actor = current_actor()
            if not actor.is_signed_in:
                return redirect(
                    url_for("accounts.sign_in", next=request.path if request.method == "GET" else None)
                )
            if scope.current().group_id and not actor.roles:
                abort(404)
            g.is_let_in = True
            _stay_in_kind()
            subject = of(**ids) if of else None
            if not table.is_granted(permission, actor, subject):
                abort(403)
            return view(subject) if of else view(**ids)

        guarded.guard = Guard(permission=permission, of=of)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _stay_in_kind() -> None:
    """An office has no pages of a group, nor a group those of an office, whatever the address says."""
    name, _ = g.get("place", (None, None))
    if name and (name == "network_id") != (current_group().kind == GroupKind.OFFICE):
        abort(404)


def by_link(purpose: LinkPurpose) -> Callable[[View], View]:
    """Let in whoever holds a private link for this purpose; the view receives the link. A dead link has its own page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(token: str, **ids: Any) -> ResponseReturnValue:
            link = _link_behind(token, purpose)
            g.is_let_in = True
            return view(link, **ids)

        guarded.guard = Guard(purpose=purpose)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _link_behind(token: str, purpose: LinkPurpose) -> PrivateLink:
    """The link, or the page of a dead one. A code is short, so guessing one is slowed here as where codes are typed."""
    place, now = shortened_address(), clock.now()
    brought = stand_ins.meant_by(token, now=now)
    if brought is None:
        flash(_("This page was open for long, or in another browser. Enter your code again."))
        abort(redirect(url_for("accounts.enter_code"), 303))
    if queries.is_code(brought) and accounts.wait_from(whence=place, now=now):
        abort(429)
    link = queries.find_link(brought, purpose, now=now)
    if link is None or link.group_id != scope.current().group_id:
        if queries.is_code(brought):
            accounts.note_try(what=f"code {queries.as_code(brought)}", whence=place, now=now)
        abort(410)
    if request.method == "GET":
        _keep_out_of_addresses(token, now=now)
    return link


def _keep_out_of_addresses(token: str, *, now: datetime) -> None:
    """A code that came in an address, as in a note, is exchanged for a word that opens nothing elsewhere."""
    if stand_ins.is_stand_in(token):
        stand_ins.keep_on(token, now=now)
    elif queries.is_code(token):
        ids = {**(request.view_args or {}), "token": stand_ins.stand_in_for(token, now=now)}
        abort(redirect(url_for(str(request.endpoint), **ids), 303))


def can(permission: StrEnum, subject: Any = None) -> bool:
    """Whether the person asking may; for templates that leave out what would be refused."""
    return table.is_granted(permission, current_actor(), subject)


def current_group() -> Any:
    """The group (or office) the address names, read once a request."""
    if scope.current().group_id is None:
        return None
    if "group" not in g:
        g.group = get_group(scope.group_id())
    return g.group

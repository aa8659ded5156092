"""A browser without a screen: fetches pages, reads them strictly, fills in their forms."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from network import clock
from network.accounts.models import Account, BrowserSession
from network.accounts.queries import token_hash
from network.db import db
from tests.support import strict
from tests.support.app import in_scope
from tests.support.outside import told_by


@dataclass
class Page:
    """A page as it was answered."""

    response: TestResponse
    path: str

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @cached_property
    def tree(self) -> Element:
        return strict.parse(self.html)

    @property
    def text(self) -> str:
        """The words of the page's own part, as they are read."""
        return strict.text_of(next(self.tree.iter("main"), self.tree))

    @property
    def heading(self) -> str:
        return strict.text_of(next(self.tree.iter("h1")))

    @property
    def links(self) -> list[str]:
        return [a.get("href", "") for a in self.tree.iter("a")]

    @property
    def fields_with_errors(self) -> set[str]:
        """The names of the controls that are marked as needing another look."""
        return {str(e.get("name")) for e in self.tree.iter() if e.get("aria-invalid") == "true"}

    def forms(self) -> list[Element]:
        """The forms that change something, without those in the frame of the page."""
        main = next(self.tree.iter("main"), self.tree)
        return [form for form in main.iter("form") if (form.get("method") or "").lower() == "post"]

    def form(self, to: str | None = None) -> Element:
        """The form whose address holds these words; without, the first."""
        return next(form for form in self.forms() if to is None or to in (form.get("action") or ""))


class StrictClient(FlaskClient):
    """Checks the shape of every HTML page it sees, and the name of every file."""

    def open(self, *positional: Any, **named: Any) -> TestResponse:
        response = super().open(*positional, **named)
        if response.mimetype == "text/html" and not response.location:
            strict.check(response.get_data(as_text=True), path=response.request.path)
        file = response.headers.get("Content-Disposition", "").replace("-", " ")
        assert not told_by(file), f"{response.request.path}: the file {file} tells {told_by(file)}"
        return response

    def fetch(self, path: str, **named: Any) -> Page:
        """Get a page, following where it leads."""
        response = self.get(path, follow_redirects=True, **named)
        return Page(response, response.request.path)

    def send(
        self, page: Page, values: dict[str, Any] | None = None, *, to: str | None = None, follow: bool = True
    ) -> Page:
        """Fill in a form of the page (the first, or the one whose address holds `to`) and send it."""
        form = page.form(to)
        content = {**strict.values_of(form), **(values or {})}
        response = self.post(form.get("action") or page.path, data=content, follow_redirects=follow)
        return Page(response, response.request.path)

    def sign_in(self, account: Account | uuid.UUID) -> "StrictClient":
        """Be this person from now on, without the work of checking a password."""
        account_id = account if isinstance(account, uuid.UUID) else account.id
        token, now = secrets.token_urlsafe(32), clock.now()
        with in_scope():
            db.session.add(
                BrowserSession(
                    id=uuid.uuid4(),
                    token_hash=token_hash(token),
                    account_id=account_id,
                    contents={"_user_id": str(account_id), "_fresh": True},
                    created_at=now,
                    seen_at=now,
                    expires_at=now + timedelta(hours=1),
                )
            )
        self.set_cookie("pamoja", token)
        return self

    def sign_out(self) -> "StrictClient":
        """Forget who this was, as a new browser would."""
        self.delete_cookie("pamoja")
        return self

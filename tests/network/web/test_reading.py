"""Which language a page is in, and what every answer carries."""

import re
from typing import Any

import pytest
from flask import url_for
from werkzeug.exceptions import HTTPException

from network.web import headers
from network.web.languages import current_language
from network.web.unit_of_work import Pamoja
from tests.factories.network import make_account
from tests.support import strict
from tests.support.client import StrictClient


class TestTheBrowsersWish:
    @pytest.mark.parametrize(
        ("asked", "code"),
        [
            ("sw-KE", "sw"), ("sw", "sw"), ("SW-ke", "sw"), ("sw-Latn-KE", "sw"), ("fr-CA", "fr"), ("en-GB,sw;q=0.5", "en"),
            ("sw-Arab", None), ("ar-EG", None), ("ar-EG,fr;q=0.3", "fr"), ("xx", None), ("tlh-KE", None), ("*", None), ("", None),
            ("fr;q=0", None), ("fr;q=0,sw;q=0.1", "sw"), ("xx,sw-Arab,fr-FR;q=0.2", "fr"), ("en-XA", "en"),
            ("-", None), ("fr;q=0.000", None),
        ],
    )  # fmt: skip
    def test_is_understood(self, app: Pamoja, asked: str, code: str | None) -> None:
        default = app.config["DEFAULT_LANGUAGE"]
        with app.test_request_context("/", headers={"Accept-Language": asked}):
            app.preprocess_request()
            found = current_language().code
        assert found == (code or default)

    @pytest.mark.parametrize(
        "asked", [";;;q=,,", "fr;q=abc", "fr;q=-1", "\x80\xff", "sw-" * 400, "fr_CA", "en;q=1;q=2,"]
    )
    def test_may_be_nonsense(self, client: StrictClient, asked: str) -> None:
        assert client.get("/sign-in", headers={"Accept-Language": asked}).status_code == 200


class TestThePagesLanguage:
    @pytest.mark.parametrize(
        ("code", "direction"), [("en", "ltr"), ("sw", "ltr"), ("fr", "ltr"), ("ar", "rtl"), ("en-XA", "ltr")]
    )
    def test_is_its_addresss_and_the_page_says_so(
        self, client: StrictClient, code: str, direction: str
    ) -> None:
        page = client.get(f"/{code}/", headers={"Accept-Language": "fr"})
        root = strict.parse(page.text)
        root = root if root.tag == "html" else root.find("html")
        assert (root.get("lang"), root.get("dir")) == (code, direction)

    def test_sticks_once_somebody_chose_it(self, client: StrictClient) -> None:
        client.get("/language/sw?next=/en/help-now")
        assert '<html lang="sw"' in client.get("/sign-in", headers={"Accept-Language": "fr"}).text
        assert '<html lang="fr"' in client.get("/fr/").text
        assert '<html lang="sw"' in client.get("/sign-in").text

    def test_is_the_accounts_where_nothing_was_chosen(self, client: StrictClient) -> None:
        client.sign_in(make_account(language="fr"))
        assert '<html lang="fr"' in client.get("/me", headers={"Accept-Language": "en"}).text

    @pytest.mark.parametrize("path", ["/xx/", "/EN/", "/language/xx", "/en-GB/", "/en-xa/"])
    def test_an_address_in_no_language_is_no_page(self, client: StrictClient, path: str) -> None:
        assert client.get(path).status_code == 404

    def test_the_pseudo_language_brackets_every_sentence(self, client: StrictClient) -> None:
        client.get("/language/en-XA")
        for path in ("/en-XA/", "/sign-in", "/code", "/nowhere"):
            answer = client.get(path)
            for words in _sentences(strict.parse(answer.text)):
                assert re.fullmatch(r"(\[.*~~~\]\W*)+", words), (
                    f"{path}: {words!r} is not marked for translation"
                )


def _sentences(tree: Any) -> list[str]:
    """What stands in headings, paragraphs, labels and buttons of the page itself."""
    main = next(tree.iter("main"))
    kinds = {"h1", "h2", "h3", "p", "label", "button", "legend"}
    found = [strict.text_of(e) for e in main.iter() if e.tag in kinds and not len(e)]
    return [words for words in found if words and "Pamoja" not in words]


EXACT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
ALWAYS = {
    "Content-Security-Policy": EXACT,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class TestHeaders:
    def test_every_route_carries_them_whatever_it_answers(self, app: Pamoja) -> None:
        known = {"uuid": "8d1f0f2e-6c1c-4d8e-9f0a-000000000000", "language": "en"}
        client = app.test_client()
        statuses = set()
        for rule in app.url_map.iter_rules():
            values = {
                name: "pamoja.css" if name == "filename" else known.get(_kind(rule, name), "x")
                for name in rule.arguments
            }
            with app.test_request_context("/"):
                path = url_for(rule.endpoint, **values)
            for method in ("GET", "POST", "PUT"):
                answer = client.open(path, method=method)
                answer.close()
                statuses.add(answer.status_code)
                missing = {name for name, value in ALWAYS.items() if answer.headers.get(name) != value}
                assert not missing, f"{method} {path} -> {answer.status_code}: {missing}"
                assert answer.headers.get("Cache-Control"), path
                assert answer.status_code < 500 or rule.endpoint == "network.healthz", f"{method} {path}"
        assert {200, 302, 404, 405, 400} <= statuses

    def test_the_policy_is_exactly_this(self) -> None:
        assert headers.POLICY == EXACT

    def test_what_only_some_may_see_is_never_stored(self, client: StrictClient) -> None:
        assert client.get("/me").headers["Cache-Control"] == "no-store"
        assert client.get("/join/" + "x" * 32).headers["Cache-Control"] == "no-store"
        assert client.get("/sign-in").headers["Cache-Control"] == "no-store"
        assert client.get("/nowhere").headers["Cache-Control"] == "no-store"
        client.sign_in(make_account())
        for path in ("/me", "/en/", "/en/help-now"):
            assert client.get(path).headers["Cache-Control"] == "no-store"

    def test_public_pages_may_be_and_our_files_for_a_year(self, app: Pamoja) -> None:
        client = app.test_client()
        assert client.get("/en/help-now").headers["Cache-Control"] == "no-cache"
        with client.get("/static/pamoja.css") as sheet:
            assert "max-age=31536000" in sheet.headers["Cache-Control"]

    def test_a_spoofed_host_leads_nowhere(self, client: StrictClient) -> None:
        spoofed = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        for path in ("/", "/me", "/language/sw?next=/en/"):
            assert "evil" not in client.get(path, headers=spoofed).location


def _kind(rule: Any, name: str) -> str:
    kind = type(rule._converters[name]).__name__
    return {"UUIDConverter": "uuid", "LanguageConverter": "language"}.get(kind, "")


BROKEN = [
    b"", b"\xff\xfe=\xff", b"a" * 10_000, b"&&&===", b"%zz=%c3%28&code=%ff", b"code=%00&sign_in=%00&password=%00",
    b"code=%ED%A0%80&sign_in=%ED%A0%80", b"code[]=1&code=2&code=3", b"once=%00", b"sign_in=%E2%80%AEabc&password=x",
]  # fmt: skip
KINDS = [
    "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "application/json", "text/plain", "\x80",
]  # fmt: skip


class TestMalformedForms:
    def test_never_break_anything(self, app: Pamoja) -> None:
        from tests.support.app import another_app

        with another_app() as made:
            made.config["WTF_CSRF_ENABLED"] = False
            client = app.test_client_class(made, made.response_class, use_cookies=True)
            public = [
                rule.endpoint
                for rule in made.url_map.iter_rules()
                if "POST" in (rule.methods or ())
                and getattr(getattr(made.view_functions[rule.endpoint], "guard", None), "why", "")
            ]
            for endpoint in public:
                rule = next(iter(made.url_map.iter_rules(endpoint)))
                with made.test_request_context("/"):
                    path = url_for(endpoint, **dict.fromkeys(rule.arguments - {"language"}, "x"))
                for content in BROKEN:
                    for kind in KINDS:
                        answer = _post(client, path, content, kind)
                        assert answer < 500, (path, content[:40], kind)
        assert len(public) >= 2


def _post(client: Any, path: str, content: bytes, kind: str) -> int:
    from werkzeug.test import EnvironBuilder

    environ = EnvironBuilder(path, method="POST", data=content).get_environ()
    environ["CONTENT_TYPE"] = kind
    try:
        answer = super(StrictClient, client).open(environ)
    except HTTPException as refused:
        return refused.code or 500
    return int(answer.status_code)

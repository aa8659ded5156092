"""Unsafe settings refuse to start, and say which."""

from dataclasses import replace
from pathlib import Path

import pytest

from network import config
from network.config import Settings, UnsafeSettings
from tests.support.app import another_app

SAFE = Settings(
    database_url="postgresql://web@localhost/pamoja",
    redis_url="redis://localhost",
    secret_key="0123456789abcdef0123456789abcdef",
    master_key="fedcba9876543210fedcba9876543210",
)


class TestServing:
    def test_safe_settings_serve(self) -> None:
        config.require_serving(SAFE)

    @pytest.mark.parametrize("missing", ["database_url", "redis_url", "secret_key", "master_key"])
    def test_nothing_may_be_missing(self, missing: str) -> None:
        with pytest.raises(UnsafeSettings, match=missing.upper()):
            config.require_serving(replace(SAFE, **{missing: ""}))

    @pytest.mark.parametrize("weak", ["short", "a" * 40, "changeme" * 5])
    @pytest.mark.parametrize("name", ["secret_key", "master_key"])
    def test_secrets_are_long_and_random(self, name: str, weak: str) -> None:
        with pytest.raises(UnsafeSettings):
            config.require_serving(replace(SAFE, **{name: weak}))

    def test_the_two_secrets_differ(self) -> None:
        with pytest.raises(UnsafeSettings):
            config.require_serving(replace(SAFE, master_key=SAFE.secret_key))

    @pytest.mark.parametrize(
        "url",
        [
            "http://pamoja.example",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "ftp://x",
        ],
    )
    def test_people_elsewhere_are_served_over_https_only(self, url: str) -> None:
        with pytest.raises(UnsafeSettings, match="PUBLIC_URL"):
            config.require_serving(replace(SAFE, public_url=url))

    @pytest.mark.parametrize("url", ["http://localhost:8000", "http://[::1]:8000", "https://pamoja.example"])
    def test_this_machine_may_do_without(self, url: str) -> None:
        config.require_serving(replace(SAFE, public_url=url))

    def test_a_default_language_nobody_registered_is_refused(self) -> None:
        with pytest.raises(UnsafeSettings, match="sw"), another_app(default_language="tlh"):
            pass


class TestReading:
    def test_the_environment_counts_before_what_make_run_wrote(self, tmp_path: Path) -> None:
        written = tmp_path / "run.env"
        written.write_text("# a note\nREDIS_URL=redis://a\nSECRET_KEY=x=y\n", encoding="utf-8")
        found = config.load({"REDIS_URL": "redis://b"}, written)
        assert (found.redis_url, found.secret_key) == ("redis://b", "x=y")

    def test_an_empty_value_hides_the_written_one(self, tmp_path: Path) -> None:
        written = tmp_path / "run.env"
        written.write_text("DATABASE_OWNER_URL=postgresql://owner@localhost/x\n", encoding="utf-8")
        assert config.load({"DATABASE_OWNER_URL": ""}, written).owner_url == ""

"""
The browser for browser tests: Debian's Chromium, driven by Playwright.

`python -m tests.support.browser`, which `make test` runs first, looks for it, installs it where that is
allowed and says clearly when browser tests are left out. With BROWSER_TESTS=required that is an error.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter",
]
LEFT_OUT = "Browser tests are LEFT OUT: there is no Chromium here. As root: apt-get install chromium"


def path_of_chromium() -> str | None:
    """Where Chromium is, if it is."""
    return next((found for name in NAMES if (found := shutil.which(name, path=_everywhere()))), None)


def is_required() -> bool:
    """Whether a missing browser is an error, as in CI."""
    return os.environ.get("BROWSER_TESTS") == "required"


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One browser for this worker; each test opens a context of its own in it."""
    path = path_of_chromium()
    if path is None:
        (pytest.fail if is_required() else pytest.skip)(LEFT_OUT)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


def main() -> int:
    """Look for Chromium, try to install it, say what will happen."""
    if path_of_chromium() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("No Chromium for the browser tests: installing Debian's ...", flush=True)  # noqa: T201 - a command
        _install()
    if path_of_chromium() is None:
        print(LEFT_OUT, file=sys.stderr, flush=True)  # noqa: T201 - a command
        return 1 if is_required() else 0
    return 0


def _install() -> None:
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--no-install-recommends", "-y", "-qq", "chromium"]
    for command in (install, ["apt-get", "update", "-qq"], install):
        if subprocess.run(command, env=env, check=False).returncode == 0 and command is install:
            return


def _everywhere() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin", "/usr/local/bin", "/snap/bin"])


if __name__ == "__main__":
    sys.exit(main())

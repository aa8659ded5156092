"""What all tests share: real servers, a browser, the application and a strict client, all from `tests/support/`."""

pytest_plugins = ["tests.support.servers", "tests.support.browser", "tests.support.fixtures"]

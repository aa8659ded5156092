"""What all tests share. The real servers and the browser come from `tests/support/`."""

pytest_plugins = ["tests.support.servers", "tests.support.browser"]

"""A real Chromium, and pages that fail their test when they misbehave (tests/browser/looking.py)."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.live import Live, migrated, serving
from tests.browser.looking import Watch

ARGUMENTS = (
    "--no-sandbox",  # Chromium refuses root with it
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # nothing leaves this machine
)

expect.set_options(timeout=20_000)  # a busy machine is no fault of a page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one that CHROMIUM names. Skips where there is none."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium: set CHROMIUM, or install it (make system)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Pages, each of a fresh Chinese browser. What the watch saw fails the test at its end."""
    watch = Watch()
    with ExitStack() as contexts:

        def of_a_fresh_browser() -> Page:
            context = contexts.enter_context(browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai"))
            watch.over(context)
            return context.new_page()

        yield of_a_fresh_browser
    assert watch.complaints == []


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    """A page of a fresh browser, for a test that needs one."""
    return new_page()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def live_server(tmp_path: Path, empty_database: Path) -> Iterator[Live]:
    """The application on a port of its own, with an empty database."""
    with serving(tmp_path / "live", empty_database) as live:
        yield live

"""What every page must be like, whatever a test wants of it: quiet, at home, open to all, not wider than its window."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

HOME = {"127.0.0.1", "localhost"}
NARROW: tuple[ViewportSize, ...] = ({"width": 375, "height": 800},)
WIDE: tuple[ViewportSize, ...] = ({"width": 1280, "height": 800},)
WINDOWS = NARROW + WIDE
JUDGE = "axe.run({resultTypes: ['violations']}).then(({violations}) => ({violations}))"


@dataclass
class Watch:
    """Collects what a page must not do: errors, breaches of its own policy, requests to other hosts."""

    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self.console)
        context.on("request", self.request)
        context.on("response", self.response)
        context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))

    def console(self, message: ConsoleMessage) -> None:
        # A refused form is answered with 4xx, which Chromium reports here too: `response` tells the two apart.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname not in HOME:
            self.complaints.append(f"request to another host: {request.url}")

    def response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and not response.request.is_navigation_request()):
            self.complaints.append(f"{response.status} for {response.url}")


def look(page: Page, windows: Sequence[ViewportSize] = WINDOWS) -> None:
    """Look at a page in a narrow and a wide window, the one it leaves: no axe violation, no sideways scroll."""
    for window in windows:
        page.set_viewport_size(window)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= window["width"], f"{page.url} scrolls sideways: {width} px in a window of {window['width']}"
        results = judged(page)
        assert not results.violations_count, f"{page.url} at {window['width']} px:\n{results.generate_report()}"


def judged(page: Page) -> AxeResults:
    """axe's violations alone: what a page passes is a hundred times as much, and takes as long to bring here."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return AxeResults(page.evaluate(JUDGE))

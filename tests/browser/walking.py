"""The steps of a journey: arriving at pages, following links, filling in, pressing, being told."""

from collections.abc import Callable

from playwright.sync_api import FilePayload, Locator, Page, Response, expect

from tests.browser.looking import look
from tests.uploads import pdf_of_rectangle

FOCUSED = """() => {
  const e = document.activeElement;
  const shown = e.checkVisibility() && e.getBoundingClientRect().bottom > 0;
  const marked = getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none';
  return [e.id || e.textContent.trim(), shown, marked];
}"""


def scan(name: str, content: bytes = b"") -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content or pdf_of_rectangle()}


def arrived(page: Page, title: str) -> None:
    """The page of this title is there, and is as every page must be."""
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
    look(page)


def go(page: Page, link: str) -> None:
    page.get_by_role("link", name=link, exact=True).click()


def follow(page: Page, link: str, title: str) -> None:
    go(page, link)
    arrived(page, title)


def press(scope: Page | Locator, button: str) -> None:
    scope.get_by_role("button", name=button, exact=True).click()


def told(page: Page, message: str) -> None:
    expect(page.get_by_role("status").filter(has_text=message)).to_be_visible()


def answer_to(page: Page, act: Callable[[], None]) -> Response:
    """What the server answers to a hand-in."""
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        act()
    return answer.value


def fill(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        page.locator(f"#{name}").fill(text)


def row(page: Page, text: str) -> Locator:
    return page.get_by_role("row").filter(has_text=text)


def tab_to(page: Page, wanted: str, *, most: int = 40) -> None:
    """Press Tab until something is reached; everything on the way can be seen to have the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        reached, shown, marked = page.evaluate(FOCUSED)
        assert shown, f"the focus is on something out of sight: {reached}"
        assert marked, f"nothing shows that the focus is on {reached}"
        if reached == wanted:
            return
    raise AssertionError(f"{wanted} can't be reached by Tab")

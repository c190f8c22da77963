"""`make pictures`: the pictures of the README and the manual, taken from a freshly loaded demonstration.

Pages are found as a reader finds them, by the words of their links: a picture that can no longer be taken says that the
manual is out of date too.
"""

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from threading import Thread

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from accounts import demonstration
from app import create_app
from core import clock

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
ROSTER = HERE.parent / "tests" / "data" / "rosters" / "05_海兰绿色_花名册 最终版2.xlsx"
WIDE, TALL, PHONE = (1280, 900), (1280, 1150), (375, 800)
COLOURS = 128  # enough for flat pages with text
LARGEST = 150_000  # bytes
STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"


def open_path(path: str) -> Callable[[Page], None]:
    return lambda page: page.goto(path) and None


def follow(path: str, *links: str) -> Callable[[Page], None]:
    """Open a page and follow links by their words."""

    def go(page: Page) -> None:
        page.goto(path)
        for link in links:
            page.get_by_role("link", name=link).first.click()
            page.wait_for_load_state()

    return go


def first_row(path: str) -> Callable[[Page], None]:
    """Open a list and follow its first row."""

    def go(page: Page) -> None:
        page.goto(path)
        page.locator("table:not(.board) tbody th a").first.click()
        page.wait_for_load_state()

    return go


def first_year(page: Page) -> None:
    """This year's summaries, at the desk."""
    page.goto(f"/desk/summaries/{clock.today().year}")


def bring_roster(page: Page) -> None:
    page.goto("/agency/staff/import")
    page.set_input_files("input[type=file]", ROSTER)
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_load_state()


def verify(page: Page) -> None:
    """The page that the receipt's QR code leads to."""
    page.goto("/filing/receipt")
    text = page.inner_text("main")
    page.context.clear_cookies()  # whoever scans it is not signed in
    page.goto(text[text.index("/verify/") :].split()[0])


# name, who is signed in, window, how the page is reached
SHOTS: tuple[tuple[str, str, tuple[int, int], Callable[[Page], None]], ...] = (
    ("register", "", WIDE, open_path("/register")),
    ("agency-page", "", WIDE, follow("/register", "吉林市雾凇环境评价有限公司")),
    ("agency-home", "heitu", WIDE, open_path("/home")),
    ("particulars", "songliao", WIDE, open_path("/agency/particulars")),
    ("staff", "songliao", WIDE, open_path("/agency/staff")),
    ("import-preview", "heitu", TALL, bring_roster),
    ("returned", "hailong", WIDE, open_path("/filing")),
    ("worklist", "reviewer1", WIDE, open_path("/desk")),
    ("review", "reviewer1", TALL, follow("/desk", "四平黑土地能效技术有限公司")),
    ("material", "reviewer1", WIDE, follow("/desk", "四平黑土地能效技术有限公司", "材料", "法人资格证明")),
    ("receipt", "songliao", TALL, open_path("/filing/receipt")),
    ("phone", "songliao", PHONE, verify),
    ("evaluations", "hengyuan", TALL, open_path("/evaluations")),
    ("evaluation", "songliao", TALL, first_row("/evaluations?state=handed_over")),
    ("evaluation-list", "approver1", WIDE, open_path("/desk/evaluations")),
    ("representative", "approver1", TALL, follow("/desk/evaluations", "国家级评价名额", "宋衡")),
    ("agreement", "reviewer1", TALL, follow("/desk/supervision/agreements", "白山江源木业有限公司")),
    ("summaries", "reviewer1", WIDE, first_year),
    ("complaint", "", PHONE, open_path("/complaints/new")),
    ("complaint-desk", "reviewer1", TALL, follow("/desk/complaints", "JB")),
    ("impact", "reviewer1", TALL, follow("/desk/sanctions/impact", "京畿绿测")),
    ("circular", "", TALL, follow("/circulars", "演示")),
    ("applicants", "changchun", WIDE, open_path("/desk/applicants")),
    ("applicant-home", "ruiyuan", WIDE, open_path("/start")),
)


def main() -> None:
    app = create_app()
    PICTURES.mkdir(exist_ok=True)
    with served(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, username, window, reach in SHOTS:
            with signed_in(browser, app, address, username, window) as page:
                reach(page)
                if page.evaluate(STATUS) >= 400:
                    sys.exit(f"{name}.png would show an error: {page.url}")
                content = compressed(page.screenshot())
            if len(content) > LARGEST:
                sys.exit(f"{name}.png has {len(content)} bytes: more than a picture here may have")
            (PICTURES / f"{name}.png").write_bytes(content)


def chromium() -> str:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return program or sys.exit("no Chromium: set CHROMIUM, or install it (make system)")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@contextmanager
def signed_in(browser: Browser, app: Flask, address: str, username: str, window: tuple[int, int]) -> Iterator[Page]:
    """A page of a fresh browser, signed in unless for a visitor."""
    viewport = {"width": window[0], "height": window[1]}
    context = browser.new_context(base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=viewport)
    with context:
        page = context.new_page()
        if username:
            listed = demonstration.published(app.extensions["settings"].instance)
            page.goto("/accounts/login")
            page.fill("[name=username]", username)
            page.fill("[name=password]", next(each.password for each in listed if each.username == username))
            page.get_by_role("button", name="登录").click()
            page.wait_for_load_state()
        yield page


def compressed(content: bytes) -> bytes:
    picture, output = Image.open(BytesIO(content)).convert("RGB"), BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(output, "PNG", optimize=True)
    return output.getvalue()


if __name__ == "__main__":
    main()

"""The watch over our pages sees what it is there for: each page here has one fault."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import Watch, look

PAGE = """<!doctype html><html lang="zh-CN"><head><title>页面</title><link rel="icon" href="data:,"></head>
<body><main><h1>标题</h1>{}</main></body></html>"""
FAULTS = {
    "/console": ("<script>console.error('出错了')</script>", "出错了"),
    "/uncaught": ("<script>throw new Error('没有人接住')</script>", "没有人接住"),
    "/elsewhere": ("<img alt='图' src='http://elsewhere.example/a.png'>", "elsewhere.example"),
    "/missing": ("<img alt='图' src='/missing.png'>", "404"),
    "/broken": ("", "500"),
    "/style": ("<p style='color: red'>字</p>", "Content Security Policy"),
}
UGLY = {
    "/no-label": ("<input>", "label"),
    "/wide": ("<p>" + "W" * 400 + "</p>", "scrolls sideways"),
}
SCRIPTED = {"/console", "/uncaught"}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content, _ = {**FAULTS, **UGLY, "/good": ("<p>一切正常</p>", ""), "/refused": ("", "")}.get(
            self.path, (None, "")
        )
        self.send_response(404 if content is None else {"/refused": 422, "/broken": 500}.get(self.path, 200))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        policy = "default-src 'self'; img-src 'self' data: http:"
        self.send_header("Content-Security-Policy", policy + "; script-src 'unsafe-inline'" * (self.path in SCRIPTED))
        self.end_headers()
        self.wfile.write(PAGE.format(content or "").encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def complaints(browser: Browser, url: str) -> list[str]:
    watch = Watch()
    with browser.new_context() as context:
        watch.over(context)
        context.new_page().goto(url, wait_until="networkidle")
    return watch.complaints


@pytest.mark.parametrize("path", FAULTS)
def test_the_watch_sees(browser: Browser, site: str, path: str) -> None:
    assert FAULTS[path][1] in "\n".join(complaints(browser, site + path))


@pytest.mark.parametrize("path", ["/good", "/refused"])
def test_the_watch_has_nothing_against(browser: Browser, site: str, path: str) -> None:
    assert complaints(browser, site + path) == []


@pytest.mark.parametrize("path", UGLY)
def test_a_look_refuses(browser: Browser, site: str, path: str) -> None:
    with browser.new_page() as page:
        page.goto(site + path)
        with pytest.raises(AssertionError, match=UGLY[path][1]):
            look(page)


def test_a_look_passes_a_good_page(browser: Browser, site: str) -> None:
    with browser.new_page() as page:
        page.goto(f"{site}/good")
        look(page)

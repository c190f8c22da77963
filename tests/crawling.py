"""Following every link as somebody does who looks around."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

PAGES_OF_EACH_PATTERN = 4  # of an endpoint, for each account


class Page(HTMLParser):
    """What of a page the crawl looks at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.title, self.headings, self.links = "", 0, []  # type: str, int, list[str]
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_title = tag == "title"
        self.headings += tag == "h1"
        if tag == "form" and (given.get("method") or "get").lower() == "get":
            self.links.append(given.get("action") or "")
        self.links += [given[name] or "" for name in ("href", "src") if name in given]

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


@dataclass
class Crawl:
    """Everything that one account comes to by links from the home page, a few pages of each pattern."""

    app: Flask
    client: FlaskClient
    who: str
    begins: tuple[str, ...] = ()  # addresses besides those where everybody begins
    of_each: int = PAGES_OF_EACH_PATTERN
    look: Callable[[str, TestResponse], None] = lambda url, answer: None
    reached: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def run(self) -> "Crawl":
        waiting, seen, visits = deque(["/", "/start", *self.begins]), set[str](), Counter[str]()
        while waiting:
            url = waiting.popleft()
            endpoint = self._endpoint(url)
            if url in seen or endpoint == "static" or visits[endpoint] == self.of_each:
                continue
            seen.add(url)
            visits[endpoint] += 1
            self.reached.add(endpoint)
            waiting.extend(self._visit(url))
        return self

    def _endpoint(self, url: str) -> str:
        """Empty for an address that is none of ours."""
        try:
            return str(self.app.url_map.bind("localhost").match(urlsplit(url).path)[0])
        except HTTPException:
            return ""

    def _visit(self, url: str) -> Iterator[str]:
        answer = self.client.get(url)
        self.look(url, answer)
        if answer.status_code >= 400:
            self.faults.append(f"{self.who}: {url} answers {answer.status_code}")
        elif answer.location:
            yield from self._own(url, answer.location)
        elif answer.mimetype == "text/html":
            page = Page(answer.text)
            if not page.title.partition("·")[0].strip():
                self.faults.append(f"{self.who}: {url} has no title")
            if page.headings != 1:
                self.faults.append(f"{self.who}: {url} has {page.headings} h1")
            for link in page.links:
                yield from self._own(url, link)
        answer.close()

    @staticmethod
    def _own(base: str, link: str) -> Iterator[str]:
        target = urlsplit(urljoin(f"http://localhost{base}", link))
        if target.scheme == "http" and target.netloc == "localhost":
            yield f"{target.path}?{target.query}" if target.query else target.path

"""A small application around the templates, as strict as the real one, and a reader of what they give."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from core.presentation import day, moment

ROOT = Path(__file__).parents[2]
VOID = {"input", "br", "img", "link", "meta", "hr", "col"}


class Page(HTMLParser):
    """A fragment of HTML as a list of elements; fails on tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = text
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if not tags or tag in tags]

    def ids(self) -> list[str]:
        return [attributes["id"] for attributes in self.all() if "id" in attributes]


class StrictFlask(Flask):
    jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}  # noqa: RUF012 - Flask's own name and form


@pytest.fixture
def app() -> Flask:
    app = StrictFlask("pages", root_path=str(ROOT))
    app.secret_key = "for these tests"
    app.jinja_env.filters.update(day=day, moment=moment)
    CSRFProtect(app)
    return app


@pytest.fixture
def render(app: Flask) -> Iterator[Any]:
    with app.test_request_context("/"):
        yield lambda source, **context: Page(render_template_string(source, **context))


@pytest.fixture
def read() -> type[Page]:
    return Page

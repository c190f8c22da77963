"""The frame of every page, and the pages of errors."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, flash

ROOT = Path(__file__).parents[2]
SCRIPT = "<script>alert(1)</script>"

FRAMED = '{% extends "base.html" %}{% block title %}名录{% endblock %}{% block content %}<p>正文</p>{% endblock %}'


def test_the_frame_stands_without_a_context(render: Any) -> None:
    page = render(FRAMED)
    assert page.all("html")[0]["lang"] == "zh-CN"
    assert page.all("main")[0]["id"] == "main"
    assert page.all("a")[0]["href"] == "#main"
    assert not page.all("nav", "form", "aside")
    assert "演示环境" not in page.text


def test_the_frame_shows_who_is_in_and_where_one_is(render: Any) -> None:
    navigation = [
        SimpleNamespace(label="待办", url="/desk", current=True, count=7),
        SimpleNamespace(label="备案", url="/filings", current=False, count=None),
    ]
    password = SimpleNamespace(label="修改密码", url="/password")
    bell = SimpleNamespace(label="消息", url="/notices", current=False, count=120)
    account = SimpleNamespace(name="周敏", links=[password], bell=bell, sign_out_url="/sign-out")
    flash(SCRIPT, "warning")
    page = render(FRAMED, navigation=navigation, account=account, owner="省厅 · 审核", demonstration=True)
    current = [link for link in page.all("a") if link.get("aria-current") == "page"]
    assert [link["href"] for link in current] == ["/desk"]
    assert (page.all("form")[0]["action"], page.all("form")[0]["method"]) == ("/sign-out", "post")
    assert page.all("input")[0]["name"] == "csrf_token"
    for words in ("省厅 · 审核", "周敏", "修改密码", "99+", "条未读", "演示环境", "请注意", "&lt;script&gt;"):
        assert words in page.text


def test_an_aside_stands_beside_the_content_only_where_there_is_one(render: Any) -> None:
    assert len(render(FRAMED + "{% block aside %}<p>旁注</p>{% endblock %}").all("aside")) == 1
    assert render(FRAMED + "{% block aside %}{% endblock %}").all("aside") == []


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 429, 500])
def test_an_error_page_needs_nothing_but_itself(app: Flask, code: int) -> None:
    with app.test_request_context("/"):
        text = app.jinja_env.get_template(f"errors/{code}.html").render()
    assert text.count("<h1>") == 1
    assert 'class="lead"' in text


def test_what_the_frame_links_is_there_and_comes_from_here(app: Flask, render: Any) -> None:
    page = render(FRAMED)
    linked = [element.get("href") or element["src"] for element in page.all("link", "script")]
    assert len(linked) == 9
    client = app.test_client()
    for address in linked:
        with client.get(address) as answer:
            assert answer.status_code == 200


def test_styles_and_scripts_fetch_nothing_and_evaluate_nothing() -> None:
    for path in (ROOT / "static").glob("*.*s"):
        assert not re.search(r"url\(|@import|https?:|eval\(|innerHTML|\.style\b", path.read_text("utf-8")), path.name

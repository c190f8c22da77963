"""Filling in the public form, as a browser sends it."""

import re
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

FORM = "/complaints/new"
TYPED: dict[str, Any] = {
    "target_name": "某某环境咨询有限公司",
    "matters": ["false_report"],
    "facts": "报告里的能耗数据与电费单不符。",
    "kind": "person",
    "name": "辛实名",
    "phone": "13804310001",
    "consents": "y",
    "is_true": "y",
}
SECRET = re.compile(r"\b(?:[2-9A-HJ-NP-Z]{4}-){4}[2-9A-HJ-NP-Z]{4}\b")
NUMBER = re.compile(r"JB\d{8,}")


def opened(client: FlaskClient) -> str:
    """The token of a form that was just opened."""
    return token_in(client.get(FORM).text)


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def riddle_in(page: str) -> str:
    found = re.search(r'name="riddle" value="([^"]+)"', page)
    assert found is not None, "no riddle on the page"
    return found[1]


def post(client: FlaskClient, token: str, do: str = "send", *, place: str = "192.0.2.7", **typed: Any) -> TestResponse:
    """What is typed, over TYPED; None leaves a field out. Files as `files=[(content, name)]`."""
    data = {name: value for name, value in (TYPED | typed).items() if value is not None}
    data["files"] = [(BytesIO(content), name) for content, name in data.get("files", [])]
    answer = client.post(
        FORM,
        data={"token": token, "do": do, **data},
        content_type="multipart/form-data",
        environ_base={"REMOTE_ADDR": place},
        buffered=True,
    )
    return closed(answer)


def closed(answer: TestResponse) -> TestResponse:
    """The client makes a file of what is large to send, and leaves it open."""
    answer.request.environ["wsgi.input"].close()
    return answer


def receipt_of(client: FlaskClient, answer: TestResponse) -> tuple[str, str]:
    """Number and secret, as the receipt's page shows them."""
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["Location"]).text
    number, secret = NUMBER.search(page), SECRET.search(page)
    assert number is not None
    assert secret is not None
    return number[0], secret[0]


def enter(client: FlaskClient, number: str, secret: str, place: str = "192.0.2.7") -> TestResponse:
    return client.post(
        "/complaints/follow", data={"number": number, "secret": secret}, environ_base={"REMOTE_ADDR": place}
    )

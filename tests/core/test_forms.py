"""What is sent to a form in other shapes than our pages send it: refused or taken as text, never a failure."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient

from core.forms import tidy
from tests.factories import Make

LOGIN, REGISTER = "/accounts/login", "/agency/register"


@pytest.mark.parametrize("name", ["username", "password", "next"])
def test_a_file_where_text_is_asked_for_is_no_answer(client: FlaskClient, name: str) -> None:
    typed = {"username": "wang.min", "password": "correct horse battery", name: (BytesIO(b"x"), "x.txt")}
    assert client.post(LOGIN, data=typed).status_code == 422


@pytest.mark.parametrize("name", ["name", "representative_since", "capabilities", "authorised"])
def test_a_file_for_any_kind_of_field_is_no_answer(client: FlaskClient, name: str) -> None:
    assert client.post(REGISTER, data={name: (BytesIO(b"x"), "x.txt")}).status_code == 422


@pytest.mark.parametrize("sent", [{"username": 5, "password": ["a"]}, [1, 2], "text", None])
def test_json_is_no_answer(client: FlaskClient, sent: object) -> None:
    assert client.post(LOGIN, json=sent).status_code == 422


@pytest.mark.parametrize("version", ["9" * 5000, "9" * 20, "-1", "x", "²", ""])
def test_a_version_that_no_page_showed_is_a_conflict(make: Make, sign_in, version: str) -> None:  # type: ignore[no-untyped-def]
    user = sign_in(make.user_of(make.agency()))
    answer = user.post("/agency/rules", data={"version": version, "finance_system": "执行企业会计准则，单独建账核算"})
    assert answer.status_code == 409


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\0", "\x1b", "\ud800"])
def test_text_keeps_nothing_that_is_not_seen(unseen: str) -> None:
    assert tidy(f"吉林{unseen}评价\n有限公司") == "吉林评价\n有限公司"


def test_a_host_that_is_none_is_refused(client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": "x" * 300}).status_code == 400

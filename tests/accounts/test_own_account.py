"""One's own password and second step."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from tests.conftest import PASSWORD
from tests.factories import Make

SignIn = Callable[..., FlaskClient]
NEW = "lanterns over songhua"


def change(client: FlaskClient, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> tuple[int, str]:
    answer = client.post("/accounts/password", data={"old": old, "new": new, "again": again or new})
    return answer.status_code, answer.text


def row(app: Flask, user: User) -> User:
    with app.app_context():
        return db.session.get_one(User, user.id)


def test_a_new_password_ends_the_other_sessions_and_not_this_one(make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    here, there = sign_in(user), sign_in(user)
    assert change(here)[0] == 302
    assert here.get("/accounts/password").status_code == 200
    assert there.get("/accounts/password").status_code == 302
    sign_in(user, NEW)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"old": "not the old one"}, "当前密码不正确"),
        ({"new": "short"}, "至少 10 个字符"),
        ({"new": "woaini1314520"}, "太常见"),
        ({"new": PASSWORD}, "不能与当前密码相同"),
        ({"again": "something else"}, "两次输入的新密码不一致"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said(
    make: Make, sign_in: SignIn, typed: dict[str, str], says: str
) -> None:
    status, page = change(sign_in(make.officer("reviewer")), **typed)
    assert status == 422
    assert says in page


def test_an_agencys_own_code_is_no_password(make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    status, page = change(sign_in(make.user_of(agency)), new=(agency.credit_code or "").lower())
    assert status == 422
    assert "不能与用户名或统一社会信用代码相同" in page


def test_guessing_the_old_password_slows_down(make: Make, sign_in: SignIn) -> None:
    client = sign_in(make.officer("reviewer"))
    assert [change(client, old="guess guess guess")[0] for _ in range(5)] == [422, 422, 422, 422, 429]
    assert change(client)[0] == 429


def test_a_first_password_must_be_changed_before_anything_else(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("admin")
    with app.app_context(), transaction() as session:
        session.get_one(User, user.id).must_change_password = True
    client = sign_in(user)
    assert client.get("/accounts/users").location == "/accounts/password"
    assert "设置您自己的密码" in client.get("/accounts/password").text
    change(client)
    assert client.get("/accounts/users").status_code == 200


def test_no_password_is_in_the_log(app: Flask, make: Make, sign_in: SignIn) -> None:
    change(sign_in(make.officer("reviewer")))
    with app.app_context():
        written = " ".join(entry.content().decode() for entry in db.session.scalars(select(AuditEntry)))
    assert "account.password_changed" in written
    assert NEW not in written
    assert PASSWORD not in written


class TestTwoFactor:
    def enrol(self, app: Flask, client: FlaskClient, user: User) -> str:
        client.post("/accounts/two-factor/begin")
        secret = row(app, user).totp_secret
        assert secret is not None
        return secret

    def test_it_is_on_once_a_code_was_entered(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        user = make.officer("reviewer")
        client, other = sign_in(user), sign_in(user)
        assert "开始设置" in client.get("/accounts/two-factor").text
        secret = self.enrol(app, client, user)
        page = client.get("/accounts/two-factor").text
        assert re.search(r"<svg[^>]* viewBox=", page)  # or a smaller size would cut the code off
        assert "style=" not in page
        assert secret[:4] in page
        assert not row(app, user).totp_confirmed
        code = pyotp.TOTP(secret).at(clock.now())
        assert client.post("/accounts/two-factor", data={"code": code}).status_code == 302
        assert row(app, user).totp_confirmed
        assert secret[:4] not in client.get("/accounts/two-factor").text
        assert other.get("/accounts/password").status_code == 302

    def test_a_wrong_code_leaves_it_off(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        user = make.officer("reviewer")
        client = sign_in(user)
        self.enrol(app, client, user)
        answer = client.post("/accounts/two-factor", data={"code": "12345x"})
        assert answer.status_code == 422
        assert "验证码不正确" in answer.text
        assert not row(app, user).totp_confirmed

    def test_looking_at_the_page_makes_no_secret(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        user = make.officer("reviewer")
        sign_in(user).get("/accounts/two-factor")
        assert row(app, user).totp_secret is None

    def test_it_ends_with_the_password_only(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        user = make.officer("reviewer")
        client = sign_in(user)
        secret = self.enrol(app, client, user)
        client.post("/accounts/two-factor", data={"code": pyotp.TOTP(secret).at(clock.now())})
        assert client.post("/accounts/two-factor/end", data={"password": "guess guess"}).status_code == 422
        assert row(app, user).totp_confirmed
        assert client.post("/accounts/two-factor/end", data={"password": PASSWORD}).status_code == 302
        assert row(app, user).totp_secret is None

    def test_beginning_twice_is_refused_once_it_is_on(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        user = make.officer("reviewer")
        client = sign_in(user)
        secret = self.enrol(app, client, user)
        client.post("/accounts/two-factor", data={"code": pyotp.TOTP(secret).at(clock.now())})
        client.post("/accounts/two-factor/begin")
        assert row(app, user).totp_secret == secret

    def test_where_it_is_required_the_department_sets_it_up_first_and_agencies_need_not(
        self, app: Flask, make: Make, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        required = replace(app.extensions["settings"], two_factor_required=True)
        monkeypatch.setitem(app.extensions, "settings", required)
        officer, agency = make.officer("reviewer"), make.agency()
        assert sign_in(make.user_of(agency)).get("/notices").status_code == 200
        client = sign_in(officer)
        assert client.get("/notices").location == "/accounts/two-factor"
        secret = self.enrol(app, client, officer)
        client.post("/accounts/two-factor", data={"code": pyotp.TOTP(secret).at(clock.now())})
        assert client.get("/notices").status_code == 200
        refused = client.post("/accounts/two-factor/end", data={"password": PASSWORD})
        assert refused.status_code == 422
        assert "不能停用" in refused.text

    def test_a_code_of_the_enrolment_does_not_sign_in_again(self, app: Flask, make: Make, sign_in: SignIn) -> None:
        user = make.officer("reviewer")
        client = sign_in(user)
        with clock.frozen(clock.now()):
            secret = self.enrol(app, client, user)
            code = pyotp.TOTP(secret).at(clock.now())
            client.post("/accounts/two-factor", data={"code": code})
            visitor = app.test_client()
            visitor.post("/accounts/login", data={"username": user.username, "password": PASSWORD})
            assert visitor.post("/accounts/login/code", data={"code": code}).status_code == 422
        with clock.frozen(clock.now() + timedelta(seconds=90)):
            later = pyotp.TOTP(secret).at(clock.now())
            assert visitor.post("/accounts/login/code", data={"code": later}).status_code == 302

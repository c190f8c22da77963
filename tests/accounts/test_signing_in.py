"""Signing in and out: who gets in, how guessing slows down, what the log and the answers give away."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from accounts import demonstration, enrolment, totp
from accounts.demonstration import DemoAccount
from accounts.models import SignInThrottle, User
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from tests.conftest import PASSWORD
from tests.factories import Make

SignIn = Callable[..., FlaskClient]
WRONG = "wrong wrong wrong"


def attempt(client: FlaskClient, username: str, password: str = WRONG, **more: str) -> TestResponse:
    return client.post("/accounts/login", data={"username": username, "password": password, **more})


def log(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number))
        return [(entry.action, entry.actor, entry.object_label) for entry in entries]


def test_the_right_password_leads_on(app: Flask, make: Make, client: FlaskClient) -> None:
    user = make.officer("reviewer")
    answer = attempt(client, f" {user.username.upper()} ", PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/start")
    assert client.get("/accounts/password").status_code == 200
    assert log(app) == [("account.signed_in", user.username, user.username)]


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(make: Make, client: FlaskClient) -> None:
    user = make.officer("reviewer")
    known, unknown = attempt(client, user.username), attempt(client, "nobody1")
    assert known.status_code == unknown.status_code == 422
    assert "用户名或密码不正确" in known.text
    # a token tells the second in which it was made, and nothing of the name
    told, told_unknown = (
        re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", page.text) for page in (known, unknown)
    )
    assert told.replace(user.username, "NAME") == told_unknown.replace("nobody1", "NAME")


def test_only_own_paths_are_followed_after_signing_in(make: Make, client: FlaskClient) -> None:
    user = make.officer("reviewer")
    for target, leads_to in {
        "/desk?state=submitted": "/desk?state=submitted",
        "https://evil.example/": "/start",
        "//evil.example/": "/start",
        "/\\evil.example": "/start",
        "javascript:alert(1)": "/start",
        "desk": "/start",
        "http:///evil.example": "/start",
        "//[": "/start",
    }.items():
        assert attempt(client, user.username, PASSWORD, next=target).location == leads_to
        client.post("/accounts/logout")


def test_who_wanted_a_page_gets_it_after_signing_in(make: Make, client: FlaskClient) -> None:
    asked = client.get("/accounts/password?from=mail")
    assert asked.location == "/accounts/login?next=/accounts/password?from%3Dmail"
    form = client.get(asked.location).text
    assert 'value="/accounts/password?from=mail"' in form
    assert client.post("/accounts/logout").location == "/accounts/login"  # a POST can't be gone back to


def test_the_fifth_wrong_try_brings_a_minutes_wait_even_for_the_right_password(
    app: Flask, make: Make, client: FlaskClient
) -> None:
    user = make.officer("reviewer")
    start = clock.now()
    with clock.frozen(start):
        assert [attempt(client, user.username).status_code for _ in range(5)] == [422, 422, 422, 422, 429]
        refused = attempt(client, user.username, PASSWORD)
        assert refused.status_code == 429
        assert "请在 1 分钟后再试" in refused.text
    with clock.frozen(start + timedelta(seconds=30)):
        assert "请在 30 秒后再试" in attempt(client, user.username, PASSWORD).text
    with clock.frozen(start + timedelta(seconds=61)):
        assert "请在 2 分钟后再试" in attempt(client, user.username).text
    with clock.frozen(start + timedelta(seconds=200)):
        assert attempt(client, user.username, PASSWORD).status_code == 302
    assert [action for action, _, _ in log(app)] == ["account.locked", "account.locked", "account.signed_in"]


def test_an_unknown_name_waits_as_a_known_one_does_and_stays_out_of_the_log(app: Flask, client: FlaskClient) -> None:
    statuses = [attempt(client, "my-secret-password-typed-as-name").status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]
    assert log(app) == [("account.locked", "system", "不存在的账号")]
    with app.app_context():
        keys = db.session.scalars(select(SignInThrottle.key)).all()
    assert len(keys) == 2
    assert all(len(key) == 64 for key in keys)


def test_a_success_makes_the_next_wrong_try_the_first_again(make: Make, client: FlaskClient) -> None:
    user = make.officer("reviewer")
    for _ in range(2):
        assert [attempt(client, user.username).status_code for _ in range(4)] == [422] * 4
        assert attempt(client, user.username, PASSWORD).status_code == 302
        client.post("/accounts/logout")


def test_trying_many_names_from_one_address_slows_down_too(make: Make, app: Flask) -> None:
    user = make.officer("reviewer")
    guessing, elsewhere = app.test_client(), app.test_client()
    statuses = [attempt(guessing, f"name{number}").status_code for number in range(20)]
    assert statuses == [422] * 19 + [429]
    assert attempt(guessing, user.username, PASSWORD).status_code == 429
    somewhere_else = {"REMOTE_ADDR": "198.51.100.7"}
    data = {"username": user.username, "password": PASSWORD}
    assert elsewhere.post("/accounts/login", data=data, environ_base=somewhere_else).status_code == 302


def test_old_tries_are_forgotten(app: Flask, client: FlaskClient) -> None:
    with clock.frozen(clock.now() - timedelta(days=2)):
        attempt(client, "long-ago")
    attempt(client, "today")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInThrottle)) == 2


def test_a_closed_account_is_told_so_only_by_its_own_password(app: Flask, make: Make, client: FlaskClient) -> None:
    user = make.officer("reviewer")
    with app.app_context(), transaction() as session:
        session.get_one(User, user.id).active = False
    assert "已停用" not in attempt(client, user.username).text
    assert "该账号已停用" in attempt(client, user.username, PASSWORD).text
    assert client.get("/accounts/password").status_code == 302


def test_signing_out_ends_every_session_of_the_user(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    here, there = sign_in(user), sign_in(user)
    assert here.post("/accounts/logout").location == "/accounts/login"
    assert here.get("/accounts/password").status_code == 302
    assert there.get("/accounts/password").status_code == 302
    assert log(app)[-1] == ("account.signed_out", user.username, user.username)


def test_signing_in_takes_nothing_over_from_the_visitors_session(make: Make, client: FlaskClient) -> None:
    user = make.officer("reviewer")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    attempt(client, user.username, PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session


class TestSecondStep:
    @pytest.fixture
    def secret(self) -> str:
        return totp.new_secret()

    @pytest.fixture
    def user(self, app: Flask, make: Make, secret: str) -> User:
        user = make.officer("approver")
        with app.app_context(), transaction() as session:
            row = session.get_one(User, user.id)
            row.totp_secret, row.totp_confirmed = secret, True
        return user

    def code(self, secret: str) -> str:
        return str(pyotp.TOTP(secret).at(clock.now()))

    def test_the_password_alone_lets_nobody_in(self, client: FlaskClient, user: User) -> None:
        assert attempt(client, user.username, PASSWORD).location == "/accounts/login/code"
        assert client.get("/accounts/password").status_code == 302
        assert client.get("/accounts/login/code").status_code == 200

    def test_the_code_lets_in_and_is_taken_once(self, app: Flask, client: FlaskClient, user: User, secret: str) -> None:
        with clock.frozen(clock.now()):
            attempt(client, user.username, PASSWORD, next="/desk")
            code = self.code(secret)
            answer = client.post("/accounts/login/code", data={"code": f"{code[:3]} {code[3:]}"})
            assert (answer.status_code, answer.location) == (302, "/desk")
            again = app.test_client()
            attempt(again, user.username, PASSWORD)
            refused = again.post("/accounts/login/code", data={"code": code})
            assert refused.status_code == 422
            assert "已经用过" in refused.text
        with clock.frozen(clock.now() + timedelta(seconds=60)):
            assert again.post("/accounts/login/code", data={"code": self.code(secret)}).status_code == 302

    def test_guessing_codes_slows_down_and_the_password_does_not_reset_it(
        self, client: FlaskClient, user: User
    ) -> None:
        statuses = []
        for _ in range(5):
            attempt(client, user.username, PASSWORD)
            statuses.append(client.post("/accounts/login/code", data={"code": "000000"}).status_code)
        assert statuses == [422, 422, 422, 422, 429]
        assert attempt(client, user.username, PASSWORD).status_code == 429

    def test_the_step_waits_five_minutes_for_its_code(self, client: FlaskClient, user: User, secret: str) -> None:
        attempt(client, user.username, PASSWORD)
        with clock.frozen(clock.now() + timedelta(minutes=6)):
            answer = client.post("/accounts/login/code", data={"code": self.code(secret)})
            assert answer.location == "/accounts/login"

    def test_the_code_page_without_the_first_step_asks_for_it(self, client: FlaskClient) -> None:
        assert client.get("/accounts/login/code").location == "/accounts/login"

    def test_the_secret_is_sealed_in_the_database(self, app: Flask, user: User, secret: str) -> None:
        with app.app_context():
            kept = db.session.connection().exec_driver_sql("SELECT totp_secret FROM account").scalars().all()
        assert [secret.encode() in bytes(value) for value in kept if value] == [False]


def test_user_names_are_compared_as_they_are_kept() -> None:
    assert enrolment.tidy(" Ｗang.Min ") == "wang.min"


def test_the_demonstration_lists_its_accounts_and_production_never_does(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["settings"]
    demonstration.publish(
        settings.instance, [DemoAccount("demo.reviewer", "try-this-one", "省厅审核 李敏", "受理备案")]
    )
    try:
        shown = client.get("/accounts/login").text
        assert "demo.reviewer" in shown
        assert "try-this-one" in shown
        monkeypatch.setitem(app.extensions, "settings", replace(settings, mode="production"))
        assert "try-this-one" not in client.get("/accounts/login").text
    finally:
        (settings.instance / "demo-accounts.json").unlink()


def test_who_guesses_at_a_name_keeps_its_owner_out_of_new_browsers_only(app: Flask, make: Make) -> None:
    user = make.officer("reviewer")
    own, guesser = app.test_client(), app.test_client()
    attempt(own, user.username, PASSWORD)
    own.post("/accounts/logout")
    for _ in range(25):  # enough for the name and for the address
        attempt(guesser, user.username)
    assert attempt(guesser, user.username, PASSWORD).status_code == 429
    assert attempt(own, user.username, PASSWORD).status_code == 302


def test_a_browsers_mark_is_good_for_one_name_and_five_tries(app: Flask, make: Make) -> None:
    user, other = make.officer("reviewer"), make.officer("approver")
    browser = app.test_client()
    attempt(browser, user.username, PASSWORD)
    browser.post("/accounts/logout")
    assert [attempt(browser, user.username).status_code for _ in range(5)] == [422] * 4 + [429]
    assert attempt(browser, user.username, PASSWORD).status_code == 429
    for _ in range(5):
        attempt(app.test_client(), other.username)
    assert attempt(browser, other.username, PASSWORD).status_code == 429


@pytest.mark.parametrize("mark", ["", ".", "x.y", "é.é", "a" * 3000])
def test_a_mark_of_ones_own_making_is_none(app: Flask, make: Make, mark: str) -> None:
    user = make.officer("reviewer")
    for _ in range(5):
        attempt(app.test_client(), user.username)
    client = app.test_client()
    client.set_cookie("known", mark, path="/accounts/login")
    assert attempt(client, user.username, PASSWORD).status_code == 429

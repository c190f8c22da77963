"""A session ends after 30 idle minutes, after 12 hours, and when it is revoked."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from accounts.models import User
from core import clock
from core.db import transaction
from tests.factories import Make

SignIn = Callable[..., FlaskClient]
LOGIN = "/accounts/login"


def is_in(client: FlaskClient) -> bool:
    return client.get("/notices").status_code == 200


def test_it_lasts_while_it_is_used(make: Make, sign_in: SignIn) -> None:
    start = clock.now()
    with clock.frozen(start):
        client = sign_in(make.officer("reviewer"))
    for minutes in (29, 58, 87):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert is_in(client)


def test_it_ends_when_idle_and_says_so(make: Make, sign_in: SignIn) -> None:
    start = clock.now()
    with clock.frozen(start):
        client = sign_in(make.officer("reviewer"))
    with clock.frozen(start + timedelta(minutes=30, seconds=1)):
        ended = client.get("/notices?cursor=x")
        assert ended.location == "/accounts/login?next=/notices?cursor%3Dx"
        assert "因长时间没有操作" in client.get(LOGIN).text
        assert not is_in(client)


def test_it_ends_after_twelve_hours_however_busy(make: Make, sign_in: SignIn) -> None:
    start = clock.now()
    with clock.frozen(start):
        client = sign_in(make.officer("reviewer"))
    for minutes in range(20, 12 * 60 + 1, 20):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert is_in(client)
    with clock.frozen(start + timedelta(hours=12, seconds=1)):
        assert not is_in(client)
        assert "登录已过期" in client.get(LOGIN).text


def test_what_was_posted_after_the_end_is_not_done(make: Make, sign_in: SignIn) -> None:
    start = clock.now()
    with clock.frozen(start):
        client = sign_in(make.officer("reviewer"))
    with clock.frozen(start + timedelta(hours=1)):
        assert client.post("/notices/read", data={"up_to": 1}).location == LOGIN


def test_a_raised_epoch_ends_it_at_once(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    client = sign_in(user)
    assert is_in(client)
    with app.app_context(), transaction() as session:
        session.get_one(User, user.id).session_epoch += 1
    assert not is_in(client)


def test_a_cookie_of_before_signing_out_is_worth_nothing(make: Make, sign_in: SignIn, app: Flask) -> None:
    client = sign_in(make.officer("reviewer"))
    kept = client.get_cookie("session")
    assert kept is not None
    client.post("/accounts/logout")
    thief = app.test_client()
    thief.set_cookie("session", kept.value)
    assert not is_in(thief)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(make: Make, app: Flask) -> None:
    user = make.officer("reviewer")
    answer = app.test_client().post(LOGIN, data={"username": user.username, "password": "correct horse battery"})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_pages_of_a_session_are_kept_by_no_cache(make: Make, sign_in: SignIn) -> None:
    assert sign_in(make.officer("reviewer")).get("/notices").headers["Cache-Control"] == "no-store"

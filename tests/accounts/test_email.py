"""An address given where an account is made: vouched for by the admin, or waiting for its owner."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core.db import db
from tests.factories import Make

SignIn = Callable[..., FlaskClient]


def account(app: Flask, username: str) -> User | None:
    with app.app_context():
        found = db.session.scalar(select(User).where(User.username == username))
        db.session.expunge_all()
        return found


def test_what_an_admin_gives_counts_at_once(app: Flask, make: Make, sign_in: SignIn) -> None:
    given = {"username": "wang.min", "display_name": "王敏", "roles": ["reviewer"], "bureau": ""}
    sign_in(make.officer("admin")).post("/accounts/users/new", data=given | {"email": "Wang@Example.com"})
    made = account(app, "wang.min")
    assert made is not None
    assert made.mailed_at == "Wang@example.com"


def test_what_a_colleague_gives_waits_for_its_owner(app: Flask, make: Make, sign_in: SignIn) -> None:
    given = {"username": "li.lei", "display_name": "李雷", "email": "li@example.com"}
    sign_in(make.user_of(make.agency())).post("/accounts/colleagues/new", data=given)
    made = account(app, "li.lei")
    assert made is not None
    assert (made.email, made.mailed_at) == ("li@example.com", None)


@pytest.mark.parametrize("email", ["nobody", "a@example.com\tb@example.com", "a@example.com, b@example.com"])
def test_what_is_no_address_is_refused_at_its_field(app: Flask, make: Make, sign_in: SignIn, email: str) -> None:
    given = {"username": "li.lei", "display_name": "李雷", "email": email}
    answer = sign_in(make.user_of(make.agency())).post("/accounts/colleagues/new", data=given)
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert account(app, "li.lei") is None

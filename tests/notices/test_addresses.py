"""Where one's mail goes: confirmed by a code, in a few tries; turned off, never the notice."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.db import db
from notices.models import AddressCode, Mail
from notices.services import addresses
from tests.factories import Make

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def user(make: Make) -> User:
    return make.user_of(make.agency())


def account(app: Flask, user: User) -> User:
    with app.app_context():
        row = db.session.get_one(User, user.id)
        db.session.expunge_all()
        return row


def code_mailed(app: Flask) -> str:
    with app.app_context():
        text = db.session.scalars(select(Mail.text).order_by(Mail.id.desc())).first()
    found = re.search(r"验证码是 (\d{6})", text or "")
    assert found
    return found.group(1)


def wide(code: str) -> str:
    """As an input method in full width types it."""
    return "".join(chr(ord(digit) + 0xFEE0) for digit in code)


def test_an_address_counts_once_its_code_is_entered(app: Flask, user: User, sign_in: SignIn) -> None:
    client = sign_in(user)
    assert client.post("/notices/settings/address", data={"address": " Wang＠Example.COM "}).status_code == 302
    assert account(app, user).mailed_at is None
    page = client.get("/notices/settings").text
    assert "Wang@example.com" in page
    code = code_mailed(app)
    assert code not in page
    assert client.post("/notices/settings/confirm", data={"code": wide(code)}).status_code == 302
    assert account(app, user).mailed_at == "Wang@example.com"
    assert client.post("/notices/settings/confirm", data={"code": code}).status_code == 409  # once


def test_a_wrong_code_has_few_tries(app: Flask, user: User, sign_in: SignIn) -> None:
    client = sign_in(user)
    client.post("/notices/settings/address", data={"address": "wang@example.com"})
    code = code_mailed(app)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for left in (4, 3, 2, 1):
        page = client.post("/notices/settings/confirm", data={"code": wrong})
        assert page.status_code == 422
        assert f"还可以试 {left} 次" in page.text
    assert "次数已用完" in client.post("/notices/settings/confirm", data={"code": wrong}).text
    assert client.post("/notices/settings/confirm", data={"code": code}).status_code == 409
    assert account(app, user).email is None


@pytest.mark.parametrize(("later", "counts"), [(timedelta(), True), (timedelta(seconds=1), False)])
def test_a_code_is_good_for_half_an_hour(app: Flask, user: User, later: timedelta, counts: bool) -> None:
    at = clock.now()
    with app.app_context(), clock.frozen(at):
        addresses.ask_code(user.id, "wang@example.com")
    code = code_mailed(app)
    with app.app_context(), clock.frozen(at + addresses.VALID - timedelta(seconds=1) + later):
        if counts:
            addresses.confirm(user.id, code)
        else:
            with pytest.raises(addresses.NoCodeWaits):
                addresses.confirm(user.id, code)
    assert (account(app, user).email is not None) == counts


def test_a_new_code_ends_the_one_before_and_nobody_elses_code_counts(app: Flask, user: User, make: Make) -> None:
    other = make.officer("reviewer")
    with app.app_context():
        addresses.ask_code(user.id, "one@example.com")
        first = code_mailed(app)
        addresses.ask_code(user.id, "two@example.com")
        second = code_mailed(app)
        with pytest.raises(addresses.NoCodeWaits):
            addresses.confirm(other.id, second)
        if first != second:
            with pytest.raises(addresses.WrongCode):
                addresses.confirm(user.id, first)
        addresses.confirm(user.id, second)
    assert account(app, user).email == "two@example.com"


def test_nobody_has_codes_rained_on_an_address(app: Flask, make: Make) -> None:
    accounts = [make.officer("reviewer") for _ in range(2)]
    with app.app_context():
        for asking in (accounts[0], accounts[1], accounts[0]):
            addresses.ask_code(asking.id, "victim@example.com")
        with pytest.raises(addresses.TooManyCodes):
            addresses.ask_code(accounts[1].id, "VICTIM@example.com")
        for number in range(3):
            addresses.ask_code(accounts[0].id, f"other{number}@example.com")
        with pytest.raises(addresses.TooManyCodes):
            addresses.ask_code(accounts[0].id, "another@example.com")
        with clock.frozen(clock.now() + timedelta(days=1)):
            addresses.ask_code(accounts[1].id, "victim@example.com")


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a b", "名字@example.com", "a@b", "a@example.com,b@example.com", '"a b"@example.com', "a@-.com"],
)
def test_what_is_no_address_is_refused(app: Flask, user: User, sign_in: SignIn, address: str) -> None:
    answer = sign_in(user).post("/notices/settings/address", data={"address": address})
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(AddressCode)).all() == []


def test_mail_is_turned_off_and_on_and_the_address_removed(app: Flask, user: User, sign_in: SignIn) -> None:
    client = sign_in(user)
    with app.app_context():
        addresses.ask_code(user.id, "wang@example.com")
        addresses.confirm(user.id, code_mailed(app))
    client.post("/notices/settings/mail-off")
    assert account(app, user).mailed_at is None
    client.post("/notices/settings/mail-on")
    assert account(app, user).mailed_at == "wang@example.com"
    client.post("/notices/settings/remove")
    assert account(app, user).email is None
    assert client.get("/notices/settings").status_code == 200


def test_addresses_and_codes_are_kept_sealed(app: Flask, user: User) -> None:
    with app.app_context():
        addresses.ask_code(user.id, "wang@example.com")
        code = code_mailed(app)
        with db.engine.connect() as connection:
            rows = [
                str(row)
                for table in ("account", "mail", "address_code", "audit_entry")
                for row in connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608 - our own names
            ]
    assert not any("wang@example.com" in row or f"'{code}'" in row for row in rows)

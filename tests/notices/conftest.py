"""A mail server for the tests that want one, and readers with an address."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from accounts.models import User
from core import clock
from core.db import transaction
from core.settings import MailServer, Settings
from tests.notices import mail_server
from tests.notices.mail_server import Inbox

Use = Callable[[MailServer | None], None]
GiveAddress = Callable[[User, str], User]


@pytest.fixture
def use_server(app: Flask) -> Iterator[Use]:
    """Set the application's mail server for a test."""
    before: Settings = app.extensions["settings"]

    def use(server: MailServer | None) -> None:
        app.extensions["settings"] = replace(before, mail=server)

    yield use
    app.extensions["settings"] = before


@pytest.fixture
def inbox(use_server: Use) -> Iterator[Inbox]:
    """A server that takes everything, until a test tells it otherwise."""
    taking, port = Inbox(), mail_server.free_port()
    with mail_server.running(taking, port):
        use_server(mail_server.at(port))
        yield taking


@pytest.fixture
def give_address(app: Flask) -> GiveAddress:
    """Give a user a confirmed address."""

    def give(user: User, address: str) -> User:
        with app.app_context(), transaction() as session:
            row = session.get_one(User, user.id)
            row.email, row.email_confirmed_at = address, clock.now()
        return user

    return give

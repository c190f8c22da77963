"""Letting oneself in at the mail server: with a password, with TLS, and nothing in clear that was meant otherwise."""

import logging
from dataclasses import replace

import pytest

from notices.mailing.smtp import Connection, NoServer, Outcome, plain
from tests.notices import mail_server
from tests.notices.mail_server import AuthResult, Controller, Inbox

CONTENT = b"Subject: x\r\n\r\n.dots\r\n".replace(b"\r\n.", b"\r\n..")


@pytest.fixture
def guarded() -> "tuple[Inbox, int]":
    return Inbox(), mail_server.free_port()


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the test's server has no certificate
def test_the_right_password_is_let_in_and_a_wrong_one_is_no_fault_of_the_mail(
    guarded: tuple[Inbox, int], caplog: pytest.LogCaptureFixture
) -> None:
    inbox, port = guarded

    def check(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        return AuthResult(success=getattr(data, "password", b"") == b"right")

    caplog.set_level(logging.DEBUG)
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=check,
        auth_required=True,
        auth_require_tls=False,
        ready_timeout=20,
    )
    controller.start()
    try:
        server = replace(mail_server.at(port), username="user", password="right")
        with Connection(server) as connection:
            assert connection.hand_over("reader@example.com", CONTENT).outcome is Outcome.TAKEN
        with pytest.raises(NoServer) as refusal:
            Connection(replace(server, password="secret-word"))
    finally:
        controller.stop()
    assert "secret-word" not in f"{refusal.value}{caplog.text}"
    assert inbox.sources == [b"Subject: x\r\n\r\n.dots\r\n"]


def test_where_tls_is_asked_for_nothing_goes_without(guarded: tuple[Inbox, int]) -> None:
    inbox, port = guarded
    with mail_server.running(inbox, port):
        for server in (
            replace(mail_server.at(port), starttls=True, username="user", password="word"),
            replace(mail_server.at(port, timeout=1.0), secure=True),
        ):
            with pytest.raises(NoServer):
                Connection(server)
    assert inbox.taken == []


def test_what_a_server_says_is_shown_without_addresses_and_in_one_line() -> None:
    said = b"550 5.1.1 <wang.min@example.com>:\r\n no such user\x1b[31m wang@example.com"
    assert plain(said) == "550 5.1.1 <***>: no such user [31m ***"
    assert len(plain("长" * 999)) == 200

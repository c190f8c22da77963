"""A real SMTP server on a free port, which can be made to behave badly."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from core.settings import MailServer
from tests.notices.without_ours import without_our_packages

with without_our_packages("public"):  # it imports another library of that name
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

__all__ = ["AuthResult", "Controller"]
SENDER = "notices@example.gov.cn"
TAKEN = "250 taken"


@dataclass
class Inbox:
    """What the server does with what it is given. `taken` holds what it took for delivery."""

    taken: list[EmailMessage] = field(default_factory=list)
    sources: list[bytes] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # address → what RCPT is answered
    on_mail: str = "250 OK"
    drops_before: set[int] = field(default_factory=set)  # of the nth mail: the line goes before it is taken
    drops_after: set[int] = field(default_factory=set)  # the line goes after it is taken, without an answer
    delays: float = 0.0
    then: Callable[[], None] = lambda: None  # once a mail is taken, before it is answered
    answer: str = TAKEN
    seen: int = 0
    connections: int = 0

    async def handle_EHLO(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.on_mail.startswith("250"):
            envelope.mail_from = address
        return self.on_mail

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.seen += 1
        if self.seen in self.drops_before:
            return self._hang_up(server)
        if self.delays:
            await asyncio.sleep(self.delays)
        if not self.answer.startswith("250"):
            return self.answer
        content = bytes(envelope.content or b"")
        self.sources.append(content)
        self.taken.append(_read(content))
        self.then()
        return self._hang_up(server) if self.seen in self.drops_after else self.answer

    def _hang_up(self, server: SMTP) -> str:
        transport = server.transport
        assert transport is not None
        transport.abort()
        return TAKEN

    def times_taken(self) -> Counter[str]:
        return Counter(str(mail["Message-ID"]) for mail in self.taken)


def _read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def at(port: int, *, timeout: float = 5.0) -> MailServer:
    """The settings for a server on this machine."""
    return MailServer("127.0.0.1", port, sender=SENDER, timeout=timeout)


@contextmanager
def running(inbox: Inbox, port: int) -> Iterator[None]:
    controller = Controller(inbox, hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    inbox.connections = 0
    try:
        yield
    finally:
        controller.stop()

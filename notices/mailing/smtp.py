"""One connection to the mail server, and what became of a mail that was handed to it.

Only what the server can't have taken is tried again: once the dot that ends a mail is on its way, and no answer
comes, nobody knows, and a person decides.
"""

import contextlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from core.settings import MailServer

ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
LONGEST_REASON = 200
LAST_WORD = 4  # times the usual patience for the server's answer to the whole mail


class Outcome(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"  # for good
    LATER = "later"  # not now: greylisting, a full mailbox
    LOST = "lost"  # the connection went before the mail can have been taken
    UNKNOWN = "unknown"  # it went afterwards


@dataclass(frozen=True, slots=True)
class Handed:
    outcome: Outcome
    reason: str = ""


class NoServer(Exception):
    """The server is not to be had: down, too slow, or it won't have us."""


def plain(reason: object) -> str:
    """What a server said, without addresses: one line for the outbox."""
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    text = "".join(char if char.isprintable() else " " for char in ADDRESS.sub("***", text))
    return " ".join(text.split())[:LONGEST_REASON]


class Connection:
    """An open session with the server. Raises NoServer when it can't be opened."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        try:
            self._smtp = self._open()
        except smtplib.SMTPAuthenticationError as refusal:
            raise NoServer(f"登录被拒绝（{refusal.smtp_code}）") from None
        except TimeoutError:
            raise NoServer("连接超时") from None
        except (OSError, smtplib.SMTPException) as failure:
            raise NoServer(plain(getattr(failure, "smtp_error", failure)) or type(failure).__name__) from None

    def _open(self) -> smtplib.SMTP:
        server = self._server
        host = socket.gethostname() if server.host not in ("127.0.0.1", "localhost") else "localhost"
        smtp: smtplib.SMTP
        if server.secure:
            context = ssl.create_default_context()
            smtp = smtplib.SMTP_SSL(server.host, server.port, host, timeout=server.timeout, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, host, server.timeout)
        try:
            if smtp.sock is not None:  # the dot that ends a mail need not wait for its text's receipt
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if server.starttls:
                smtp.starttls(context=ssl.create_default_context())
            if server.username:
                smtp.login(server.username, server.password)
            else:
                smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._smtp.close()

    def hand_over(self, to: str, content: bytes) -> Handed:
        """Hand over one mail. `content` has CRLF ends of lines and its dots doubled."""
        smtp = self._smtp
        if smtp is None:
            raise RuntimeError("the connection is closed")
        try:
            answer = self._announce(smtp, to)
            if answer is not None:
                return answer
            smtp.send(content)
        except (OSError, smtplib.SMTPException) as failure:
            return Handed(Outcome.LOST, plain(failure) or "连接中断")
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self._server.timeout * LAST_WORD)
            smtp.send(b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
            code, said = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._server.timeout)
        except (OSError, smtplib.SMTPException) as failure:
            return Handed(Outcome.UNKNOWN, plain(failure) or "连接中断")
        return _judged(code, said) or Handed(Outcome.TAKEN)

    def _announce(self, smtp: smtplib.SMTP, to: str) -> Handed | None:
        """MAIL, RCPT and DATA; what it came to where the server does not want the mail now or ever."""
        code, said = smtp.mail(self._server.sender)
        if code != 250:  # it won't have us, whoever the mail is to
            return Handed(Outcome.LOST, plain(f"{code} ".encode() + said))
        code, said = smtp.rcpt(to)
        if code in (250, 251):
            code, said = smtp.docmd("DATA")
            if code == 354:
                return None
        answer = _judged(code, said) or Handed(Outcome.LATER, plain(f"{code} ".encode() + said))
        if answer.outcome is not Outcome.LOST:
            with contextlib.suppress(OSError, smtplib.SMTPException):  # if it went now, the next mail finds out
                smtp.rset()
        return answer


def _judged(code: int, said: bytes) -> Handed | None:
    """What an answer means; None for one that is no refusal."""
    reason = plain(f"{code} ".encode() + said)
    if code == 421 or code < 0:  # it closes
        return Handed(Outcome.LOST, reason)
    if 200 <= code < 400:
        return None
    return Handed(Outcome.REFUSED if code >= 500 else Outcome.LATER, reason)

"""Handing over what waits in the outbox: claimed first and committed, then sent, then noted. Never twice, none lost.

Who dies with a claim leaves it behind; after a while it counts as uncertain, and only the admin has it sent again.
A server that is down costs one knock at the door now and then, not a try of every mail.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from core import clock
from core.db import add_unless_there, db, transaction
from core.settings import MailServer as Server
from notices import sms
from notices.mailing import message
from notices.mailing.smtp import Connection, Handed, NoServer, Outcome, plain
from notices.models import Mail, MailKind, MailServer, MailState

BY_MAIL = (MailKind.NOTICE, MailKind.DIGEST, MailKind.CODE, MailKind.VISITOR)
A_ROUND = 500  # mails, after which others have their turn
ON_ONE_CONNECTION = 50
MOST_LOST = 3  # connections in a round
STALE = timedelta(minutes=15)  # a claim: longer than any server is waited for
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
MOST_TRIES = 60  # some two and a half days
KNOCKS, RAREST_KNOCK = timedelta(seconds=30), timedelta(minutes=10)
THE_SERVER = 1
# an instant farther off than there are is of a clock that was set back: nothing waits for it
FARTHEST_TRY, FARTHEST_KNOCK = 2 * LONGEST, 2 * RAREST_KNOCK


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that is this process's to send."""

    mail_id: int
    address: str
    content: bytes
    text: str


def send_waiting() -> int:
    """Hand over what is due to the mail server; how many mails were taken. Without a server they are kept."""
    _doubt_old_claims()
    server = message.settings().mail
    if server is None:
        return keep()
    if not _may_knock():
        return 0
    taken = lost = 0
    for _ in range(A_ROUND // ON_ONE_CONNECTION + MOST_LOST):
        if lost >= MOST_LOST or not _any(_due(BY_MAIL)):
            break
        try:
            with Connection(server) as connection:
                sent, broken = _over(connection, server)
        except NoServer as failure:
            _note_failure(str(failure))
            break
        taken, lost = taken + sent, lost + broken
    return taken


def _over(connection: Connection, server: Server) -> tuple[int, bool]:
    """As many as one connection takes; whether it was lost."""
    taken = 0
    for place in range(ON_ONE_CONNECTION):
        claim = _claim(BY_MAIL, server.sender)
        if claim is None:
            break
        handed = connection.hand_over(claim.address, claim.content)
        _settle(claim.mail_id, handed)
        if handed.outcome in (Outcome.LOST, Outcome.UNKNOWN):
            if place == 0:  # it let us in and then did not even take the first
                _note_failure(handed.reason)
            return taken, True
        taken += handed.outcome is Outcome.TAKEN
        if place == 0:
            _note_reached()
    return taken, False


def send_texts() -> int:
    """Hand over short messages that are due to the gateway; how many were taken."""
    name = message.settings().sms_gateway
    if not name:
        return 0
    return _hand_texts(sms.gateway(name).send)


def _hand_texts(send: Callable[[str, str], None]) -> int:
    taken = 0
    for _ in range(A_ROUND):
        claim = _claim((MailKind.SMS,), "") if _any(_due((MailKind.SMS,))) else None
        if claim is None:
            break
        try:
            send(claim.address, claim.text)
        except sms.NotNow as failure:
            handed = Handed(Outcome.LATER, plain(failure))
        except sms.Refused as failure:
            handed = Handed(Outcome.REFUSED, plain(failure))
        except Exception as failure:  # what a gateway's own code may raise, nobody knows
            handed = Handed(Outcome.UNKNOWN, type(failure).__name__)
        else:
            handed = Handed(Outcome.TAKEN)
        _settle(claim.mail_id, handed)
        taken += handed.outcome is Outcome.TAKEN
    return taken


def _claim(kinds: tuple[MailKind, ...], sender: str) -> Claim | None:
    """The next mail that is due, taken for this process before anything is handed over."""
    with transaction() as session:
        instant = clock.now()
        due = (
            select(Mail)
            .where(_due(kinds))
            .order_by(Mail.due_at, Mail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        mail = session.scalars(due).first()
        if mail is None:
            return None
        mail.state, mail.claimed_at = MailState.SENDING, instant
        mail.tries += 1
        content = message.on_the_wire(mail, sender) if sender else b""
        return Claim(mail.id, mail.address or "", content, mail.text or "")


def _settle(mail_id: int, handed: Handed) -> None:
    """Note what became of a claimed mail."""
    with transaction() as session:
        mail = session.get_one(Mail, mail_id, with_for_update=True, populate_existing=True)
        if mail.state is not MailState.SENDING:
            return  # it took so long that it counts as uncertain
        instant = clock.now()
        mail.error = handed.reason
        if handed.outcome is Outcome.TAKEN:
            mail.state, mail.sent_at, mail.error = MailState.SENT, instant, ""
        elif handed.outcome is Outcome.REFUSED:
            mail.state = MailState.FAILED
        elif handed.outcome is Outcome.UNKNOWN:
            mail.state = MailState.UNCERTAIN
        elif mail.tries >= MOST_TRIES:
            mail.state, mail.error = MailState.FAILED, f"多次重试未成功：{handed.reason}"
        else:
            mail.state, mail.due_at = MailState.WAITING, instant + backoff(mail.tries)
        if mail.kind is MailKind.VISITOR and mail.state in (MailState.SENT, MailState.FAILED):
            mail.address = mail.text = None


def backoff(tries: int) -> timedelta:
    """How long until the next try: a minute, doubling to an hour."""
    return min(SHORTEST * (1 << min(max(tries - 1, 0), 10)), LONGEST)


def _doubt_old_claims() -> None:
    """Claims of processes that died: whether the server took the mail, nobody knows."""
    now = clock.now()
    old = and_(Mail.state == MailState.SENDING, or_(Mail.claimed_at < now - STALE, Mail.claimed_at > now + STALE))
    if not _any(old):
        return
    with transaction() as session:
        told = {"state": MailState.UNCERTAIN, "error": "发送过程中断，不知服务器是否已接收"}
        session.execute(update(Mail).where(old).values(told))


def keep(kinds: tuple[MailKind, ...] = BY_MAIL) -> int:
    """There is no server: what waits is kept, and nothing leaves."""
    waiting = and_(Mail.state == MailState.WAITING, Mail.kind.in_(kinds))
    if _any(waiting):
        with transaction() as session:
            unsent: dict[str, object] = {"state": MailState.KEPT, "error": ""}
            visitors = update(Mail).where(waiting, Mail.kind == MailKind.VISITOR)
            session.execute(visitors.values(address=None, text=None, **unsent))
            session.execute(update(Mail).where(waiting).values(unsent))
    return 0


def _due(kinds: tuple[MailKind, ...]) -> ColumnElement[bool]:
    now = clock.now()
    its_time = or_(Mail.due_at <= now, Mail.due_at > now + FARTHEST_TRY)
    return and_(Mail.state == MailState.WAITING, its_time, Mail.kind.in_(kinds))


def _any(wanted: ColumnElement[bool]) -> bool:
    """Whether there is such a mail; reads only, so that a pulse with nothing to do keeps nobody from writing."""
    session = db.session()
    found = session.scalar(select(Mail.id).where(wanted).limit(1)) is not None
    session.rollback()
    return found


def _may_knock() -> bool:
    session = db.session()
    until = session.scalar(select(MailServer.next_at).where(MailServer.id == THE_SERVER))
    session.rollback()
    now = clock.now()
    return until is None or not now < until <= now + FARTHEST_KNOCK


def _note_failure(reason: str) -> None:
    with transaction() as session:
        row, instant = _server(session), clock.now()
        row.failures += 1
        row.error, row.failed_at = reason[:300], instant
        row.next_at = instant + min(KNOCKS * (1 << min(row.failures - 1, 10)), RAREST_KNOCK)


def _note_reached() -> None:
    with transaction() as session:
        row = _server(session)
        row.failures, row.next_at, row.error, row.reached_at = 0, None, "", clock.now()


def _server(session: Session) -> MailServer:
    add_unless_there(session, MailServer, id=THE_SERVER)
    return session.get_one(MailServer, THE_SERVER, with_for_update=True, populate_existing=True)

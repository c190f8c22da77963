"""Floods: how much one address, and all of them together, may hand in within an hour, in a table of our own.

Addresses are kept as keyed hashes, for two hours at most, and beside nothing that a reporter wrote. Past the first
threshold a riddle is asked (a picture, or digits spoken), once for a form; past the last one comes a refusal that says
until when, and which other ways there are. The thresholds are wide: a whole office, or the customers of a mobile
network, may share an address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from complaints.models import Guard, Riddle
from core import clock
from core.db import add_unless_there
from core.errors import DomainError
from core.sealed import keyring

WINDOW = timedelta(hours=1)
KEPT = timedelta(hours=2)
RIDDLE_VALID = timedelta(minutes=20)
OTHER_WAYS = "急需反映的，可以来信、来访：省工业和信息化厅或所在地市（州）工信局；也可以拨打 12345。"


class Kind(StrEnum):
    SEND = "send"  # complaints
    CODE = "code"  # codes mailed
    UPLOAD = "upload"  # megabytes of files
    RIDDLE = "riddle"  # riddles posed
    MAILBOX = "mailbox"  # codes to one mailbox; `address` is the mailbox


@dataclass(frozen=True, slots=True)
class Limit:
    """Of an hour: from how many on a riddle is asked, and how many there may be at most."""

    riddle: int
    most: int


HERE = {
    Kind.SEND: Limit(3, 20),
    Kind.CODE: Limit(3, 12),
    Kind.UPLOAD: Limit(150, 500),
    Kind.RIDDLE: Limit(10**9, 100),
    Kind.MAILBOX: Limit(10**9, 3),
}
EVERYWHERE = {
    Kind.SEND: Limit(300, 6_000),
    Kind.CODE: Limit(200, 1_500),
    Kind.UPLOAD: Limit(4_000, 20_000),
}


class TooMany(DomainError):
    """No more for this hour."""


class RiddleDue(DomainError):
    """First the riddle, then what was asked."""

    def __init__(self) -> None:
        super().__init__("近来提交较多，请先回答下面的验证题，再提交一次。填写的内容都还在。", field="riddle_answer")


def network(address: str) -> str:
    """What counts as one place: an IPv4 address, the /64 of an IPv6 one; what is neither is a place of its own."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found.packed, 64), strict=False).network_address)
    return str(found)


def count(session: Session, kind: Kind, address: str, amount: int = 1) -> None:
    """Note that so much came. Raises TooMany where it is more than an hour takes; then nothing is noted."""
    limits = {_key(kind, address): HERE[kind]}
    if kind in EVERYWHERE:
        limits[_key(kind)] = EVERYWHERE[kind]
    window = _window()
    for key in sorted(limits):  # always in one order, so that two never wait for each other
        row = _locked(session, key, window)
        row.count += amount
        if row.count > limits[key].most:
            raise _too_many(kind, window)


def require_answered(session: Session, form: str, address: str) -> None:
    """Raises RiddleDue where a riddle is due and none was answered for this form."""
    if is_due(session, address) and not has_passed(session, form):
        raise RiddleDue


def is_due(session: Session, address: str) -> bool:
    """Whether so much came from there, or from everywhere, that a riddle is asked."""
    thresholds = {_key(kind, address): limit.riddle for kind, limit in HERE.items()}
    thresholds |= {_key(kind): limit.riddle for kind, limit in EVERYWHERE.items()}
    counted = select(Guard.key, Guard.count).where(Guard.key.in_(sorted(thresholds)), Guard.window == _window())
    return any(found >= thresholds[key] for key, found in session.execute(counted))


def has_passed(session: Session, form: str) -> bool:
    return session.scalar(select(Riddle.token).where(Riddle.form == form, Riddle.passed).limit(1)) is not None


def any_old(session: Session) -> bool:
    return session.scalar(select(Guard.key).where(Guard.window < clock.now() - KEPT).limit(1)) is not None


def forget_old(session: Session) -> int:
    """Delete what no longer counts; returns how many rows."""
    old = delete(Guard).where(Guard.window < clock.now() - KEPT)
    return len(session.execute(old.returning(Guard.key)).all())


def _window() -> datetime:
    return clock.now().replace(minute=0, second=0, microsecond=0)


def _key(kind: Kind, address: str | None = None) -> str:
    place = "everywhere" if address is None else address if kind is Kind.MAILBOX else network(address)
    return keyring().keyed_hash(f"complaint guard {kind.value} {place}")


def _locked(session: Session, key: str, window: datetime) -> Guard:
    add_unless_there(session, Guard, key=key, window=window, count=0)
    return session.get_one(Guard, (key, window), with_for_update=True, populate_existing=True)


def _too_many(kind: Kind, window: datetime) -> TooMany:
    if kind is Kind.MAILBOX:
        return TooMany("发往这个邮箱的验证码已经够多，请先查看收件箱和垃圾箱，或者另外留一个电话。", field="email")
    minutes = max(1, ceil((window + WINDOW - clock.now()) / timedelta(minutes=1)))
    return TooMany(f"提交得过于频繁，暂时不能再收，请在 {minutes} 分钟后再试。{OTHER_WAYS}")

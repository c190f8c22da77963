"""How wrong tries slow down: per name and per address, for names that exist and names that don't alike.

What was tried is kept as a keyed hash only. An address has more tries than a name, because a whole office may share
one; a success clears the name and not the address, so that nobody clears the way by signing in themselves in between.
A browser that has signed in with a name before carries a mark and has tries of its own: whoever keeps guessing at a
name, or at names from the same office, keeps only strangers out.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts.models import SignInThrottle
from core import clock
from core.db import add_unless_there
from core.errors import DomainError
from core.sealed import keyring

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


class TooManyHandedIn(DomainError):
    """Too much was handed in from one address without an account."""


class TooManyTries(DomainError):
    """Wait until then."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"连续输错次数过多，请在{spoken(wait)}后再试。忘记密码的，请联系账号管理员重置。")
        self.wait = wait


@dataclass(frozen=True, slots=True, order=True)
class Tried:
    """A name or an address, and how many wrong tries it has before the first wait."""

    key: str
    tries: int


def name(username: str) -> Tried:
    """`username` as enrolment.tidy gives it."""
    return Tried(keyring().keyed_hash(f"sign-in name {username}"), tries=5)


def _address(remote: str) -> Tried:
    return Tried(keyring().keyed_hash(f"sign-in address {remote}"), tries=20)


def visitor(remote: str) -> Tried:
    """Who hands something in without an account: here, what counts is not wrong but many."""
    return Tried(keyring().keyed_hash(f"visitor address {remote}"), tries=20)


def tried_with(username: str, *, address: str, mark: str) -> tuple[Tried, ...]:
    """What a try to sign in counts against."""
    if _is_known(mark, username):
        return (Tried(keyring().keyed_hash(f"sign-in name {username} {mark}"), tries=5),)
    return name(username), _address(address)


def new_mark(username: str) -> str:
    """For a browser that has signed in: not to be made without the key, and good for this name alone."""
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_mark_proof(username, nonce)}"


def _is_known(mark: str, username: str) -> bool:
    nonce, _, proof = mark.partition(".")
    return secrets.compare_digest(proof.encode(), _mark_proof(username, nonce).encode())


def _mark_proof(username: str, nonce: str) -> str:
    return keyring().keyed_hash(f"sign-in mark {nonce} {username}")


def wait_after(failures: int, tries: int) -> timedelta:
    """None at first, then a minute, doubling to fifteen."""
    if failures < tries:
        return timedelta()
    doublings = min(failures - tries, 4)
    return min(SHORTEST * (1 << doublings), LONGEST)


def spoken(wait: timedelta) -> str:
    """45 秒, 8 分钟; what is begun counts whole, so that nobody comes back too early."""
    seconds = ceil(wait.total_seconds())
    return f" {seconds} 秒" if seconds < 60 else f" {ceil(seconds / 60)} 分钟"


def require_open(session: Session, tried: Sequence[Tried]) -> None:
    """Raises TooManyTries while one of them has to wait."""
    instant = clock.now()
    rows = [session.get(SignInThrottle, one.key, populate_existing=True) for one in tried]
    ends = [row.locked_until for row in rows if row and row.locked_until and row.locked_until > instant]
    if ends:
        raise TooManyTries(max(ends) - instant)


def note_failure(session: Session, tried: Sequence[Tried]) -> timedelta:
    """Count a wrong try; how long it now is until the next (zero: at once)."""
    instant = clock.now()
    forget_old(session)
    waits = []
    for one in sorted(tried):  # always in one order, so that two tries never wait for each other
        row = _locked(session, one.key, instant)
        row.failures += 1
        row.last_failure_at = instant
        wait = wait_after(row.failures, one.tries)
        row.locked_until = instant + wait if wait else None
        waits.append(wait)
    return max(waits)


def forget_old(session: Session) -> int:
    """Delete what no longer counts; returns how many rows."""
    old = delete(SignInThrottle).where(SignInThrottle.last_failure_at < clock.now() - FORGOTTEN_AFTER)
    return len(session.execute(old.returning(SignInThrottle.key)).all())


def count_hand_in(session: Session, remote: str) -> None:
    """Something was handed in without an account. Raises TooManyHandedIn where it was too much."""
    tried = [visitor(remote)]
    try:
        require_open(session, tried)
    except TooManyTries as refusal:
        raise TooManyHandedIn(f"从您所在的网络提交得过于频繁，请在{spoken(refusal.wait)}后再试。") from None
    note_failure(session, tried)


def clear(session: Session, tried: Tried) -> None:
    """A success: the next wrong try is the first again."""
    session.execute(delete(SignInThrottle).where(SignInThrottle.key == tried.key))


def _locked(session: Session, key: str, instant: datetime) -> SignInThrottle:
    add_unless_there(session, SignInThrottle, key=key, failures=0, last_failure_at=instant)
    return session.get_one(SignInThrottle, key, with_for_update=True, populate_existing=True)

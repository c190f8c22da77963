"""Asking for the password once more before something that its owner alone may do; wrong ones count as in signing in."""

from sqlalchemy.orm import Session

from accounts import passwords, throttle
from accounts.models import User
from accounts.throttle import TooManyTries
from core import audit
from core.errors import DomainError


class WrongPassword(DomainError):
    """Not the password of the account one is signed in with."""


def refusal_of(session: Session, user: User, password: str, *, field: str) -> DomainError | None:
    """None when it is the user's password. The caller raises the refusal after its transaction, so that it counts.

    Raises TooManyTries while the name has to wait.
    """
    tried = throttle.name(user.username)
    throttle.require_open(session, [tried])
    if passwords.matches(password, user.password_hash):
        throttle.clear(session, tried)
        return None
    wait = throttle.note_failure(session, [tried])
    if wait:
        audit.record(session, "account.locked", user, by=None, after=throttle.spoken(wait).strip())
        return TooManyTries(wait)
    return WrongPassword("当前密码不正确。", field=field)

"""Signing in and out. A wrong try is counted in a transaction of its own, so it stays counted when it is refused."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import enrolment, passwords, throttle, totp
from accounts.models import User
from accounts.throttle import TooManyTries
from core import audit, clock
from core.db import db, transaction
from core.errors import DomainError
from core.refs import Ref


class WrongCredentials(DomainError):
    """Name or password, or the code, is wrong; never says which of the first two."""


class Deactivated(DomainError):
    """The right password of an account that was closed."""


def sign_in(username: str, password: str, *, address: str, mark: str = "") -> User:
    """用户名和密码: the user, signed in unless a code is still to be asked (`user.totp_confirmed`).

    The password is checked before the transaction, which would hold the writers' queue for as long; the tries are
    looked at again inside, so that guessing in parallel gains nothing. Raises TooManyTries, WrongCredentials,
    Deactivated.
    """
    name = enrolment.tidy(username)
    tried = throttle.tried_with(name, address=address, mark=mark)
    throttle.require_open(db.session(), tried)
    kept = db.session.scalar(select(User.password_hash).where(User.username == name))
    right = passwords.matches(password, kept)
    with transaction() as session:
        throttle.require_open(session, tried)
        user = session.scalar(select(User).where(User.username == name, User.password_hash == kept))
        if user is not None and right:
            if not user.active:
                raise Deactivated("该账号已停用。如需恢复，请联系账号管理员。")
            if not user.totp_confirmed:
                _welcome(session, user, tried)
            return user
        wait = _note(session, name, user, tried)
    if wait:
        raise wait
    raise WrongCredentials("用户名或密码不正确。请检查大小写和输入法后重试。")


def enter_code(user_id: int, code: str, *, address: str, mark: str = "") -> User:
    """两步验证: the second step of signing in. Raises TooManyTries, WrongCredentials."""
    with transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
        tried = throttle.tried_with(user.username, address=address, mark=mark)
        throttle.require_open(session, tried)
        step = totp.step_of(user.totp_secret or "", code, at=clock.now(), after=user.totp_last_step)
        if step is not None and user.active and user.totp_confirmed:
            user.totp_last_step = step
            _welcome(session, user, tried)
            return user
        wait = _note(session, user.username, user, tried)
    if wait:
        raise wait
    raise WrongCredentials("验证码不正确或已经用过。请等验证器显示下一个验证码后再输入。", field="code")


def sign_out(user_id: int) -> None:
    """退出: ends every session of the user, because a copied cookie can't be called back one by one."""
    with transaction() as session:
        user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
        user.session_epoch += 1
        audit.record(session, "account.signed_out", user, by=user)


def _welcome(session: Session, user: User, tried: Sequence[throttle.Tried]) -> None:
    throttle.clear(session, tried[0])
    user.last_login_at = clock.now()
    audit.record(session, "account.signed_in", user, by=user)


def _note(session: Session, name: str, user: User | None, tried: Sequence[throttle.Tried]) -> TooManyTries | None:
    """Count the failure; the wait that it brings. The log never holds a name that isn't an account's."""
    wait = throttle.note_failure(session, tried)
    if not wait:
        return None
    known = user or session.scalar(select(User).where(User.username == name))
    about = known.ref if known else Ref("account", None, "不存在的账号")
    audit.record(session, "account.locked", about, by=None, after=throttle.spoken(wait).strip())
    return TooManyTries(wait)

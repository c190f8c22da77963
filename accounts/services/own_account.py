"""What everyone does with their own account: the password, and the second step of signing in."""

from sqlalchemy.orm import Session

from accounts import passwords, proof, queries, totp
from accounts.models import User
from core import audit, clock
from core.db import transaction
from core.errors import Conflict, DomainError


class SamePassword(DomainError):
    """The new password is the old one."""


class AlreadySet(Conflict):
    """The second step is set up already, or isn't any more."""


class WrongCode(DomainError):
    """Not the code that the app shows now."""


class RequiredHere(DomainError):
    """The settings require the second step of this user."""


def change_password(user_id: int, *, old: str, new: str) -> User:
    """修改密码: ends every other session. Raises TooManyTries, WrongPassword, WeakPassword, SamePassword."""
    with transaction() as session:
        user = _locked(session, user_id)
        refusal = proof.refusal_of(session, user, old, field="old")
        if refusal is None:
            not_these = (user.username, queries.credit_code_of(session, user) or "")
            passwords.require_strong(new, not_these=not_these, field="new")
            if new == old:
                raise SamePassword("新密码不能与当前密码相同。", field="new")
            user.password_hash = passwords.hashed(new)
            user.must_change_password = False
            user.session_epoch += 1
            audit.record(session, "account.password_changed", user, by=user)
            return user
    raise refusal


def begin_two_factor(user_id: int) -> None:
    """开始设置两步验证: makes a secret, which counts once a code of it was entered. Raises AlreadySet."""
    with transaction() as session:
        user = _locked(session, user_id)
        if user.totp_confirmed:
            raise AlreadySet("两步验证已经开启。更换手机时请先停用，再重新设置。")
        user.totp_secret = totp.new_secret()
        audit.record(session, "account.two_factor_begun", user, by=user)


def confirm_two_factor(user_id: int, code: str) -> User:
    """开启两步验证: the app shows the right code. Ends every other session. Raises AlreadySet, WrongCode."""
    with transaction() as session:
        user = _locked(session, user_id)
        if user.totp_confirmed or not user.totp_secret:
            raise AlreadySet("设置的状态已经变化，请刷新后再办理。")
        step = totp.step_of(user.totp_secret, code, at=clock.now(), after=user.totp_last_step)
        if step is None:
            raise WrongCode("验证码不正确。请核对手机时间是否准确，再输入验证器当前显示的 6 位数字。", field="code")
        user.totp_confirmed, user.totp_last_step = True, step
        user.session_epoch += 1
        audit.record(session, "account.two_factor_on", user, by=user)
        return user


def end_two_factor(user_id: int, *, password: str, required: bool) -> None:
    """停用两步验证. `required`: the settings ask it of department roles.

    Raises RequiredHere, AlreadySet, TooManyTries, WrongPassword.
    """
    with transaction() as session:
        user = _locked(session, user_id)
        if required and user.is_department:
            raise RequiredHere("您的岗位要求两步验证，不能停用；更换手机的，请联系系统管理员重置。")
        if not user.totp_confirmed:
            raise AlreadySet("两步验证尚未开启。")
        refusal = proof.refusal_of(session, user, password, field="password")
        if refusal is None:
            user.forget_two_factor()
            audit.record(session, "account.two_factor_off", user, by=user)
            return
    raise refusal


def _locked(session: Session, user_id: int) -> User:
    return session.get_one(User, user_id, with_for_update=True, populate_existing=True)

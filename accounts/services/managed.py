"""Accounts that one manages for others: an admin those of the department, an agency's first user its colleagues'."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from accounts import enrolment, passwords, queries, throttle
from accounts.models import Role, RoleGrant, User
from core import audit
from core.db import transaction
from core.errors import Conflict, DomainError


class LastAdmin(DomainError):
    """Without this account nobody could manage accounts any more."""


class OwnAccount(DomainError):
    """Not what one does to one's own account."""


class ChangedMeanwhile(Conflict):
    """Somebody else changed the account."""


def create_department_account(
    *,
    username: str,
    display_name: str,
    roles: Iterable[Role],
    bureau: str | None,
    by: User | None,
    password: str = "",
    email: str = "",
) -> str:
    """新建省厅或市（州）账号: its first password, made here unless the command line gives one.

    Raises BadUsername, UsernameTaken, RolesDontFit, WeakPassword, BadEmail.
    """
    if password:
        passwords.require_strong(password, not_these=[enrolment.tidy(username)])
    first = password or passwords.generated()
    with transaction() as session:
        user = enrolment.enrol(
            session,
            username=username,
            display_name=display_name,
            password=first,
            roles=roles,
            bureau=bureau,
            must_change_password=True,
            email=email,
            email_vouched=True,
        )
        audit.record(session, "account.created", user, by=by, after=_described(user.roles, bureau))
    return first


def create_colleague(*, username: str, display_name: str, by: User, email: str = "") -> str:
    """新增本机构账号: its first password. Raises BadUsername, UsernameTaken, BadEmail."""
    first = passwords.generated()
    with transaction() as session:
        user = enrolment.enrol(
            session,
            username=username,
            display_name=display_name,
            password=first,
            roles=[Role.AGENCY],
            agency_id=by.agency_id,
            must_change_password=True,
            email=email,
        )
        audit.record(session, "account.created", user, by=by, after=_described(user.roles, None))
    return first


def create_applicant_account(applicant_id: int, *, username: str, display_name: str, by: User, email: str = "") -> str:
    """为培育对象开通账号, by an officer: its first password. Raises BadUsername, UsernameTaken, BadEmail."""
    first = passwords.generated()
    with transaction() as session:
        user = enrolment.enrol(
            session,
            username=username,
            display_name=display_name,
            password=first,
            roles=[Role.APPLICANT],
            applicant_id=applicant_id,
            must_change_password=True,
            email=email,
        )
        audit.record(session, "account.created", user, by=by, after=_described(user.roles, None))
    return first


def change_department_account(
    user_id: int, *, version: int, display_name: str, roles: Iterable[Role], bureau: str | None, by: User
) -> None:
    """修改姓名、岗位: in force from the next request on. Raises ChangedMeanwhile, RolesDontFit, LastAdmin."""
    held = frozenset(roles)
    with transaction() as session:
        user, is_last_admin = _locked_beside_admins(session, user_id)
        if user.version != version:
            raise ChangedMeanwhile("该账号刚被他人修改过，请核对后重新提交。")
        enrolment.require_fitting(held, bureau=bureau)
        if is_last_admin and Role.ADMIN not in held:
            raise _last_admin()
        before = _described(user.roles, user.bureau)
        for grant in list(user.grants):
            if grant.role not in held:
                user.grants.remove(grant)
        user.grants.extend(RoleGrant(role=role) for role in sorted(held - user.roles))
        user.display_name, user.bureau = display_name, bureau
        user.version += 1
        session.flush()
        audit.record(session, "account.changed", user, by=by, before=before, after=_described(held, bureau))


def deactivate(user_id: int, *, by: User, reason: str) -> None:
    """停用: ends its sessions at once; doing it twice changes nothing. Raises OwnAccount, LastAdmin."""
    with transaction() as session:
        user, is_last_admin = _locked_beside_admins(session, user_id)
        if user.id == by.id:
            raise OwnAccount("不能停用自己的账号，请由另一名管理人员办理。")
        if is_last_admin:
            raise _last_admin()
        if user.active:
            user.active = False
            user.session_epoch += 1
            user.version += 1
            audit.record(
                session, "account.deactivated", user, by=by, before="active", after="deactivated", reason=reason
            )


def reactivate(user_id: int, *, by: User) -> None:
    """恢复: with the password it had; doing it twice changes nothing."""
    with transaction() as session:
        user = _locked(session, user_id)
        if not user.active:
            user.active = True
            user.version += 1
            audit.record(session, "account.reactivated", user, by=by, before="deactivated", after="active")


def reset_password(user_id: int, *, by: User | None) -> str:
    """重置密码: a new first password, to be changed when signing in; the sessions end. Raises OwnAccount."""
    with transaction() as session:
        user = _locked(session, user_id)
        if by is not None and user.id == by.id:
            raise OwnAccount("自己的密码请在“修改密码”中修改。")
        first = passwords.generated()
        user.password_hash = passwords.hashed(first)
        user.must_change_password = True
        user.session_epoch += 1
        throttle.clear(session, throttle.name(user.username))
        audit.record(session, "account.password_reset", user, by=by)
    return first


def reset_two_factor(user_id: int, *, by: User | None) -> None:
    """重置两步验证: for who lost the phone; the sessions end. Raises OwnAccount."""
    with transaction() as session:
        user = _locked(session, user_id)
        if by is not None and user.id == by.id:
            raise OwnAccount("自己的两步验证请在“两步验证”中办理。")
        if user.totp_secret:
            user.forget_two_factor()
            user.session_epoch += 1
            audit.record(session, "account.two_factor_reset", user, by=by)


def _locked(session: Session, user_id: int) -> User:
    return session.get_one(User, user_id, with_for_update=True, populate_existing=True)


def _locked_beside_admins(session: Session, user_id: int) -> tuple[User, bool]:
    """The account, and whether it is the only admin left. All are locked in one order, so that two admins who act on
    each other at once wait, and never for each other; who is an admin is read after the wait."""
    rows = session.scalars(
        queries.account_and_admins(user_id).with_for_update().execution_options(populate_existing=True)
    )
    accounts = {account.id: account for account in rows}
    admins = [account.id for account in accounts.values() if account.active and Role.ADMIN in account.roles]
    return accounts[user_id], admins == [user_id]


def _last_admin() -> LastAdmin:
    return LastAdmin("这是最后一个在用的系统管理账号，停用或改岗后将无人能管理账号；请先新建另一个。")


def _described(roles: Iterable[Role], bureau: str | None) -> str:
    words = "、".join(role.label for role in sorted(roles))
    return f"{words}（{bureau}）" if bureau else words

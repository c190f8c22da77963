"""Adding an account inside the transaction of the act it belongs to: a registration, an admin's, a colleague's."""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import passwords
from accounts.models import Role, RoleGrant, User
from core import clock
from core.contacts import email_text, is_mailable
from core.errors import DomainError
from core.places import bureaus

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
ALONE = frozenset({Role.AGENCY, Role.MUNICIPAL, Role.ADMIN, Role.APPLICANT})


class BadUsername(DomainError):
    """Not of the form that user names have."""


class UsernameTaken(DomainError):
    """Somebody else has this name."""


class RolesDontFit(DomainError):
    """These roles are not one person's, or lack what they need."""


class BadEmail(DomainError):
    """Not an address that mail can be sent to."""


def tidy(username: str) -> str:
    """A user name as it is kept and compared: half width, lower case, without blanks around it."""
    return unicodedata.normalize("NFKC", username).strip().lower()


def enrol(
    session: Session,
    *,
    username: str,
    display_name: str,
    password: str,
    roles: Iterable[Role],
    agency_id: int | None = None,
    applicant_id: int | None = None,
    bureau: str | None = None,
    must_change_password: bool = False,
    email: str = "",
    email_vouched: bool = False,
) -> User:
    """Add an account to the running transaction. The caller records the act.

    The password is taken as it is: whoever lets a person choose one calls passwords.require_strong first. An address
    that nobody vouches for waits until its owner confirms it.
    Raises BadUsername, UsernameTaken, RolesDontFit, BadEmail.
    """
    name, held = tidy(username), frozenset(roles)
    if not USERNAME.fullmatch(name):
        raise BadUsername(
            "用户名为 3 至 40 个字符，只用小写字母、数字、点、横线和下划线，以字母或数字开头。", field="username"
        )
    if session.scalar(select(User.id).where(User.username == name)) is not None:
        raise UsernameTaken(f"用户名 {name} 已有人使用，请换一个。", field="username")
    require_fitting(held, bureau=bureau)
    address = email_text(email)
    if address and not is_mailable(address):
        raise BadEmail("请填写完整的电子邮箱地址，例如 name@example.com；没有的可以不填。", field="email")
    user = User(
        username=name,
        display_name=display_name.strip(),
        password_hash=passwords.hashed(password),
        must_change_password=must_change_password,
        agency_id=agency_id,
        applicant_id=applicant_id,
        bureau=bureau,
        email=address or None,
        email_confirmed_at=clock.now() if address and email_vouched else None,
        created_at=clock.now(),
        grants=[RoleGrant(role=role) for role in sorted(held)],
    )
    session.add(user)
    session.flush()
    return user


def require_fitting(roles: frozenset[Role], *, bureau: str | None) -> None:
    """A reviewer may be an approver too; every other role stands alone. Raises RolesDontFit."""
    if not roles:
        raise RolesDontFit("请至少选择一个岗位。", field="roles")
    if len(roles) > 1 and roles & ALONE:
        alone = "、".join(role.label for role in sorted(roles & ALONE))
        raise RolesDontFit(f"“{alone}”不能与其他岗位同时担任；只有审核和审批可以由一人兼任。", field="roles")
    if Role.MUNICIPAL in roles and bureau not in bureaus():
        raise RolesDontFit("市（州）工信局账号要选择所属的工信局。", field="bureau")
    if Role.MUNICIPAL not in roles and bureau:
        raise RolesDontFit("只有市（州）工信局账号才选择工信局。", field="bureau")

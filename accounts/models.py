"""People who log in, and the tries of those who can't."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Model, Word
from core.places import bureaus
from core.refs import Ref
from core.sealed import SealedText


class Role(StrEnum):
    AGENCY = "agency"
    MUNICIPAL = "municipal"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMIN = "admin"
    APPLICANT = "applicant"

    @property
    def label(self) -> str:
        return {
            "agency": "第三方机构",
            "municipal": "市（州）工信局",
            "reviewer": "省厅审核",
            "approver": "省厅审批",
            "admin": "系统管理",
            "applicant": "培育对象",
        }[self.value]


DEPARTMENT_ROLES = frozenset({Role.MUNICIPAL, Role.REVIEWER, Role.APPROVER, Role.ADMIN})
PROVINCIAL_ROLES = frozenset({Role.REVIEWER, Role.APPROVER})


class User(Model):
    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)  # raised when an admin changes name, roles or standing
    username: Mapped[str] = mapped_column(String(80), unique=True)  # lower case
    display_name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)  # role agency
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicant.id"), index=True)  # role applicant
    bureau: Mapped[str | None] = mapped_column(String(20))  # role municipal: config/bureaus.csv
    active: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str | None] = mapped_column(SealedText)
    totp_confirmed: Mapped[bool] = mapped_column(default=False)
    totp_last_step: Mapped[int | None]  # a code is taken once
    session_epoch: Mapped[int] = mapped_column(default=0)  # raised to end all sessions
    email: Mapped[str | None] = mapped_column(SealedText)
    email_confirmed_at: Mapped[datetime | None]  # None: nothing is mailed there yet
    mail_off: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]
    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin", order_by="RoleGrant.role"
    )

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(grant.role) for grant in self.grants)

    # what Flask-Login asks of a user
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        """What the session remembers: raising the epoch ends every session."""
        return f"{self.id}:{self.session_epoch}"

    def forget_two_factor(self) -> None:
        """No code of the old secret is taken any more; the last step stays, so that none comes back with it."""
        self.totp_secret, self.totp_confirmed = None, False

    @property
    def mailed_at(self) -> str | None:
        """Where mail goes: an address that is confirmed, of somebody who wants mail."""
        return self.email if self.email and self.email_confirmed_at and not self.mail_off else None

    @property
    def is_department(self) -> bool:
        return bool(self.roles & DEPARTMENT_ROLES)

    @property
    def is_provincial(self) -> bool:
        return bool(self.roles & PROVINCIAL_ROLES)

    @property
    def bureau_name(self) -> str:
        """Of a municipal account; empty for the others."""
        bureau = bureaus().get(self.bureau or "")
        return bureau.name if bureau else ""

    @property
    def ref(self) -> Ref:
        return Ref("account", self.id, self.username)


class RoleGrant(Model):
    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(Word(Role))
    user: Mapped[User] = relationship(back_populates="grants")


class SignInThrottle(Model):
    """Failed tries for a name or an address, known or not, so that guessing slows down for both alike."""

    __tablename__ = "sign_in_throttle"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # keyed hash of what was tried
    failures: Mapped[int]
    last_failure_at: Mapped[datetime] = mapped_column(index=True)  # old rows are forgotten
    locked_until: Mapped[datetime | None]

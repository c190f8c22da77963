"""Reading accounts: the admin's list, one account as seen by a user, an agency's own."""

from dataclasses import dataclass

from sqlalchemy import Select, Table, or_, select
from sqlalchemy.orm import Session

from accounts.models import Role, RoleGrant, User
from core.db import db
from core.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class UserFilter:
    word: str = ""
    role: Role | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Everyone of one agency. Its first user, the one with the oldest account still in use, manages the others."""

    agency_id: int
    members: tuple[User, ...]

    @property
    def first_id(self) -> int | None:
        return next((member.id for member in self.members if member.active), None)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of an agency's accounts, and the id of the one that manages them."""

    account: User
    first_id: int | None


def users(session: Session, wanted: UserFilter, cursor: str | None) -> Page[User]:
    """Accounts in the order of their names."""
    rows = select(User)
    if wanted.word:
        rows = rows.where(
            or_(
                User.username.contains(wanted.word.lower(), autoescape=True),
                User.display_name.contains(wanted.word, autoescape=True),
            )
        )
    if wanted.role:
        rows = rows.where(User.grants.any(RoleGrant.role == wanted.role))
    if wanted.active is not None:
        rows = rows.where(User.active == wanted.active)
    return page_of(session, rows, keys=[User.username], cursor=cursor)


def account_seen_by(user: User, user_id: int) -> User | None:
    """Any account, for the admin's pages."""
    return db.session.get(User, user_id)


def department_account_seen_by(user: User, user_id: int) -> User | None:
    """An account whose roles an admin sets; an agency's users have the one role they have."""
    account = db.session.get(User, user_id)
    return account if account is not None and not account.roles & {Role.AGENCY, Role.APPLICANT} else None


def colleagues_seen_by(user: User) -> Colleagues | None:
    """Everyone of the user's own agency, the oldest account first."""
    if user.agency_id is None:
        return None
    members = db.session.scalars(select(User).where(User.agency_id == user.agency_id).order_by(User.id))
    return Colleagues(user.agency_id, tuple(members))


def colleague_seen_by(user: User, user_id: int) -> Colleague | None:
    """One of the user's own agency; for anybody else's the account does not exist."""
    everyone = colleagues_seen_by(user)
    account = next((member for member in everyone.members if member.id == user_id), None) if everyone else None
    return Colleague(account, everyone.first_id) if everyone and account else None


def account_and_admins(user_id: int) -> Select[User]:
    """An account and all admins, in the one order in which they are locked."""
    is_admin = User.grants.any(RoleGrant.role == Role.ADMIN)
    return select(User).where(or_(User.id == user_id, is_admin)).order_by(User.id)


def agency_names(session: Session, accounts: Page[User] | list[User]) -> dict[int, str]:
    """Agency id → name, of the agencies that these accounts belong to."""
    items = accounts.items if isinstance(accounts, Page) else accounts
    ids = {account.agency_id for account in items if account.agency_id is not None}
    agency = _agency()
    found = session.execute(select(agency.c.id, agency.c.name).where(agency.c.id.in_(ids))) if ids else ()
    return {row.id: row.name for row in found}


def credit_code_of(session: Session, user: User) -> str | None:
    """The code of the user's agency: nobody may take it for a password."""
    agency = _agency()
    return session.scalar(select(agency.c.credit_code).where(agency.c.id == user.agency_id))


def _agency() -> Table:
    """The table that `account.agency_id` points to; its mapping stands in a package above this one."""
    return db.metadata.tables["agency"]

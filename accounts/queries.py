"""Reading accounts: the admin's list, one account as seen by a user, an agency's own."""

from dataclasses import dataclass

from sqlalchemy import Select, Table, or_, select
from sqlalchemy.orm import Session

from accounts.models import Role, RoleGrant, User
from core.db import db
from core.paging import Page, page_of

BODIES = ("agency", "applicant")  # whose users an account may be one of


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


def body_names(session: Session, accounts: Page[User] | list[User]) -> dict[int, str]:
    """Account id → name of the agency or applicant that it belongs to."""
    items = accounts.items if isinstance(accounts, Page) else accounts
    found: dict[int, str] = {}
    for kind in BODIES:
        ids = {account.id: body_id for account in items if (body_id := getattr(account, f"{kind}_id")) is not None}
        body = _table(kind)
        names = select(body.c.id, body.c.name).where(body.c.id.in_(ids.values()))
        known = {row.id: row.name for row in session.execute(names)} if ids else {}
        found |= {account_id: known[body_id] for account_id, body_id in ids.items()}
    return found


def credit_code_of(session: Session, user: User) -> str | None:
    """The code of the user's agency or applicant: nobody may take it for a password."""
    for kind in BODIES:
        body_id = getattr(user, f"{kind}_id")
        if body_id is not None:
            body = _table(kind)
            return session.scalar(select(body.c.credit_code).where(body.c.id == body_id))
    return None


def _table(kind: str) -> Table:
    """A table that an account points to; its mapping stands in a package above this one."""
    return db.metadata.tables[kind]

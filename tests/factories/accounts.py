"""People who log in."""

from itertools import count

from flask import Flask

from accounts import passwords
from accounts.models import Role, RoleGrant, User
from core import clock
from core.db import db, transaction

PASSWORD = "correct horse battery"
_numbers = count(1)


class MakesAccounts:
    def __init__(self, app: Flask) -> None:
        self.app = app

    def officer(self, *roles: str, bureau: str | None = None) -> User:
        """A department account with these roles (`municipal` needs its bureau)."""
        return self.account(*roles, bureau=bureau)

    def account(
        self, *roles: str, agency_id: int | None = None, applicant_id: int | None = None, bureau: str | None = None
    ) -> User:
        number = next(_numbers)
        with self.app.app_context():
            with transaction() as session:
                user = User(
                    username=f"user{number}",
                    display_name=f"人员{number}",
                    password_hash=passwords.hashed(PASSWORD),
                    agency_id=agency_id,
                    applicant_id=applicant_id,
                    bureau=bureau,
                    created_at=clock.now(),
                    grants=[RoleGrant(role=Role(role)) for role in roles],
                )
                session.add(user)
            db.session.refresh(user)
            db.session.expunge_all()
        return user

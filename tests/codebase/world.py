"""A small world in which every route has its object, so that who is let in can be tried on all of them.

A new URL value gets a line in VALUES: how to find or make what it names. One endpoint may need another thing than the
rest: its line then reads "blueprint.endpoint value".
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from accounts.models import User
from core import clock
from core.db import db, transaction
from notices import outbox
from notices.models import Notice
from notices.outbox import Audience
from tests.factories import Make


@dataclass(frozen=True)
class World:
    app: Flask
    file: Path
    users: dict[str, User]  # role → who tries with it
    things: dict[str, int | str]  # URL value → what it names, as VALUES made it
    notices: dict[str, int]  # role → a notice to whoever has it

    def client(self, role: str) -> FlaskClient:
        """Signed in without the sign-in: the session says who it is, as begin_session leaves it."""
        client = self.app.test_client()
        if role in self.users:
            instant = clock.now().timestamp()
            with client.session_transaction() as session:
                session.update(_user_id=self.users[role].get_id(), _fresh=True, began=instant, used=instant)
        return client

    def address(self, rule: Rule, role: str) -> str:
        """The route's address with the thing that this role would try."""
        values = {name: self._value(rule.endpoint, name, role) for name in rule.arguments - set(rule.defaults or ())}
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(rule.endpoint, {**(rule.defaults or {}), **values})

    def _value(self, endpoint: str, name: str, role: str) -> int | str:
        if name == "notice_id":
            return self.notices.get(role, 1)
        key = f"{endpoint} {name}" if f"{endpoint} {name}" in self.things else name
        if key not in self.things:
            raise LookupError(f"{endpoint} takes {name}: say in tests/codebase/world.py what it names")
        return self.things[key]

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """As it was made: what an earlier try changed is undone."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for leftover in (f"{self.file}-wal", f"{self.file}-shm"):
            Path(leftover).unlink(missing_ok=True)
        shutil.copy(f"{self.file}.world", self.file)
        yield


def create(app: Flask) -> World:
    """Make it in the empty database of a test application on SQLite, and keep a copy to go back to."""
    make = Make(app)
    agency = make.agency()
    users = {
        "agency": make.user_of(agency),
        "municipal": make.officer("municipal", bureau="changchun"),
        "reviewer": make.officer("reviewer"),
        "approver": make.officer("approver"),
        "admin": make.officer("admin"),
    }
    colleague = make.account("agency", agency_id=agency.id)
    things: dict[str, int | str] = {"agency_id": agency.id, "user_id": colleague.id}
    things["accounts.edit_user user_id"] = make.officer("reviewer").id
    for name, find in VALUES.items():
        things[name] = find(make, agency)
    notices = {role: _notice(app, user) for role, user in users.items()}
    with app.app_context():
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        file = Path(db.engine.url.database or "")
        db.engine.dispose()
    shutil.copy(file, f"{file}.world")
    return World(app, file, users, things, notices)


def _notice(app: Flask, user: User) -> int:
    with app.app_context(), transaction() as session:
        outbox.post(session, "filing_taken", to=Audience.account(user.id), about=user)
        session.flush()
        return session.scalars(select(Notice.id).order_by(Notice.id.desc())).first() or 0


# URL value → how to make or find what it names in the agency's particulars
VALUES: dict[str, Callable[[Make, Any], int | str]] = {
    "page": lambda make, agency: 1,
    "kind": lambda make, agency: "truthful",
    "subject": lambda make, agency: "office",
    "subject_id": lambda make, agency: make.office(agency).id,
    "material_id": lambda make, agency: make.material(agency).id,
    "check_id": lambda make, agency: make.code_check().id,
    "ledger_id": lambda make, agency: make.ledger().id,
    "proposal_id": lambda make, agency: make.proposal().id,
    "agency_desk.cell spelling_id": lambda make, agency: make.cell().id,
    "agency_desk.split_spelling spelling_id": lambda make, agency: make.settled_spelling().id,
    **{
        f"agency.{verb}_{noun} row_id": lambda make, agency, add=add: add(make, agency).id
        for noun, add in {
            "office": Make.office,
            "record": Make.record,
            "training": Make.training,
            "outside_projects": Make.outside_projects,
        }.items()
        for verb in ("edit", "remove")
    },
}

"""Loading the demonstration into an empty database, by the same services that people use, on the days it tells of."""

import secrets
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from accounts import demonstration, enrolment
from accounts.demonstration import DemoAccount
from accounts.models import Role, User
from agency.entries import AccountEntry, IdentityEntry, RepresentativeEntry
from agency.particulars import AgencyKind, Capability
from agency.services import rechecking, registering
from config import FOLDER
from core import audit, clock
from core.db import db, transaction
from core.identity import IdentityDocument
from core.settings import Settings
from home.demonstration import belongings
from home.demonstration.belongings import Wanted
from home.demonstration.courses import STEPS, Cast
from home.demonstration.people import Population, credit_code

PROVINCE = FOLDER / "demonstration" / "province.toml"
HOUR = 9  # of the first act of a day, in Shanghai


@dataclass(frozen=True, slots=True)
class _Act:
    """One step of one agency's course."""

    days_ago: int
    order: int
    agency: dict[str, Any]
    name: str


def is_empty() -> bool:
    """Whether nobody has an account yet: only then is there room for the demonstration."""
    return db.session.scalar(select(User.id).limit(1)) is None


def load() -> tuple[DemoAccount, ...]:
    """Make the province; returns the accounts with their passwords. The database must be empty and migrated."""
    settings: Settings = current_app.extensions["settings"]
    province = tomllib.loads(PROVINCE.read_text(encoding="utf-8"))
    published = {row["username"]: secrets.token_urlsafe(9) for row in province["accounts"]}
    officers = _officers(province["accounts"], published)
    users = _agencies(province["agencies"], province["accounts"], published)
    _play(province["agencies"], users, officers)
    rechecking.recheck_all(on=clock.today())
    accounts = tuple(
        DemoAccount(row["username"], published[row["username"]], row["name"], row.get("does", ""), row["roles"][0])
        for row in province["accounts"]
    )
    demonstration.publish(Path(settings.instance), accounts)
    return accounts


@contextmanager
def _ago(days: int, *, minutes: int = 0) -> Iterator[None]:
    """The clock held at a moment of a past working morning."""
    now = clock.now()
    then = clock.start_of(clock.day_of(now - timedelta(days=days))) + timedelta(hours=HOUR, minutes=minutes)
    with clock.frozen(min(then, now).astimezone(UTC)):
        yield


def _officers(rows: list[dict[str, Any]], passwords: dict[str, str]) -> dict[str, User]:
    with _ago(700), transaction() as session:
        officers = {}
        for row in rows:
            if "agency" in row:
                continue
            officers[row["username"]] = enrolment.enrol(
                session,
                username=row["username"],
                display_name=row["name"].split()[-1],
                password=passwords[row["username"]],
                roles=[Role(role) for role in row["roles"]],
                bureau=row.get("bureau"),
            )
            audit.record(session, "account.created", officers[row["username"]], by=None)
    return officers


def _agencies(
    rows: list[dict[str, Any]], accounts: list[dict[str, Any]], passwords: dict[str, str]
) -> dict[str, tuple[int, User]]:
    """Every agency registered and equipped, a fortnight before its course begins."""
    people = Population()
    named = {row["agency"]: row["username"] for row in accounts if "agency" in row}
    made: dict[str, tuple[int, User]] = {}
    for serial, row in sorted(enumerate(rows, start=1), key=lambda pair: -_first_day(pair[1])):
        with _ago(_first_day(row), minutes=serial):
            username = named.get(row["key"], row["key"])
            password = passwords.get(username, secrets.token_urlsafe(12))
            agency_id = registering.register(
                credit_code(row.get("prefix", "91"), row["division"], serial),
                _identity(row, serial),
                _representative(row, people),
                AccountEntry(username, password),
            )
            user = db.session.scalars(select(User).where(User.agency_id == agency_id)).one()
            if row["seniors"]:
                wanted = Wanted(row["seniors"], row["intermediates"], row.get("doubtful", False))
                belongings.equip(agency_id, wanted, people, by=user)
            made[row["key"]] = (agency_id, user)
    return made


def _first_day(row: dict[str, Any]) -> int:
    return int(row["course"][0][1]) + 14 if row["course"] else 5


def _identity(row: dict[str, Any], serial: int) -> IdentityEntry:
    return IdentityEntry(
        name=row["name"],
        kind=AgencyKind(row.get("kind", "enterprise")),
        address=row["address"],
        division=row["division"],
        bureau=row.get("bureau", ""),
        platform_number=f"GM22{serial:06d}" if row["seniors"] else "",
        platform_registered_on=clock.today() - timedelta(days=200) if row["seniors"] else None,
        capabilities=tuple(Capability(each) for each in row["capabilities"]),
        contact_name="联系人（虚构）",
        contact_phone=f"1380000{serial:04d}",
        contact_email=f"{row['key']}@example.com",
        service_consent=True,
        service_address=f"{row['key']}@example.com",
    )


def _representative(row: dict[str, Any], people: Population) -> RepresentativeEntry:
    return RepresentativeEntry(
        name=row["representative"],
        document=IdentityDocument.RESIDENT_ID,
        number=people.person(relevant=False).number,
        phone="13900000000",
        since=clock.today() - timedelta(days=700),
    )


def _play(rows: list[dict[str, Any]], users: dict[str, tuple[int, User]], officers: dict[str, User]) -> None:
    """All steps of all agencies, in the order of their days."""
    acts = [_Act(days, order, row, name) for order, row in enumerate(rows) for name, days in row["course"]]
    for act in sorted(acts, key=lambda each: (-each.days_ago, each.order)):
        agency_id, user = users[act.agency["key"]]
        pair = "1" if act.order % 2 else "2"
        with _ago(act.days_ago, minutes=60 + act.order * 7):
            cast = Cast(agency_id, user, officers[f"reviewer{pair}"], officers["approver1"])
            STEPS[act.name](cast)

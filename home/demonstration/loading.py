"""Loading the demonstration into an empty database, by the same services that people use, on the days it tells of."""

import secrets
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import partial
from itertools import groupby
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
from core.workdays import calendar
from evaluations.rules.states import Level
from evaluations.services import levels
from home.demonstration import (
    applying,
    belongings,
    complaining,
    complaints_handled,
    decisions,
    desks,
    evaluating,
    sanctioning,
    summarizing,
    verifying,
)
from home.demonstration.belongings import Wanted
from home.demonstration.courses import STEPS, Cast
from home.demonstration.people import Population, credit_code
from notices.mailing import digests, expanding, sending
from notices.models import MailKind

PROVINCE = FOLDER / "demonstration" / "province.toml"
EVALUATIONS = FOLDER / "demonstration" / "evaluations.toml"
HOUR = 9  # of the first act of a day, in Shanghai
APPLICANTS_DAYS = 650  # ago they were entered
LONGEST_SHARED = 240  # days: agencies of the demonstration are filed longer than that
LAST = (10_000, 0)  # of a day


@dataclass(frozen=True, slots=True)
class _Act:
    """Something that happened so many days ago; of one day in the order of `order`."""

    days_ago: int
    order: tuple[int, int]
    run: Callable[[], None]


def is_empty() -> bool:
    """Whether nobody has an account yet: only then is there room for the demonstration."""
    return db.session.scalar(select(User.id).limit(1)) is None


def load() -> tuple[DemoAccount, ...]:
    """Make the province; returns the accounts with their passwords. The database must be empty and migrated."""
    settings: Settings = current_app.extensions["settings"]
    current_app.extensions["screener"].patience = None  # agreements are screened there and then, on their day
    current_app.extensions["folder_screener"].in_background = False
    province = tomllib.loads(PROVINCE.read_text(encoding="utf-8"))
    told = tomllib.loads(EVALUATIONS.read_text(encoding="utf-8"))
    published = {row["username"]: secrets.token_urlsafe(9) for row in province["accounts"]}
    people = Population()
    officers = _officers(province["accounts"], published)
    agencies = _agencies(province["agencies"], province["accounts"], published, people)
    with _ago(APPLICANTS_DAYS):
        applicants = applying.enter_all(told["applicants"], people, by=officers["reviewer1"])
        users = applying.enrol_users(province["accounts"], applicants, published)
    _play(
        [
            *_of_filings(province["agencies"], agencies, officers),
            *_of_applicants(told["applicants"], applicants, officers),
            *_of_evaluations(told["evaluations"], agencies, applicants, users, officers),
            *_of_the_desk(told, agencies, officers),
            *(_Act(days_ago, LAST, run) for days_ago, run in desks.things(agencies, officers, people)),
            *(_Act(days_ago, LAST, run) for days_ago, run in summarizing.things(agencies, officers)),
            *(_Act(days_ago, LAST, run) for days_ago, run in verifying.things(agencies, applicants, users, officers)),
            *(_Act(days_ago, LAST, run) for days_ago, run in sanctioning.things(agencies, officers)),
            *(
                _Act(days_ago, LAST, run)
                for days_ago, run in complaining.things(agencies, officers, Path(settings.instance))
            ),
            *(_Act(days_ago, LAST, run) for days_ago, run in complaints_handled.things(agencies, officers)),
        ]
    )
    rechecking.recheck_all(on=clock.today())
    expanding.make_mails()
    _digest()
    sending.keep(tuple(MailKind))  # of an invented past nothing leaves, whatever is set
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
            if "agency" in row or "applicant" in row:
                continue
            officers[row["username"]] = enrolment.enrol(
                session,
                username=row["username"],
                display_name=row["name"].split()[-1],
                password=passwords[row["username"]],
                roles=[Role(role) for role in row["roles"]],
                bureau=row.get("bureau"),
                email=f"{row['username']}@example.com",
                email_vouched=True,
            )
            audit.record(session, "account.created", officers[row["username"]], by=None)
    return officers


def _agencies(
    rows: list[dict[str, Any]], accounts: list[dict[str, Any]], passwords: dict[str, str], people: Population
) -> dict[str, tuple[int, User]]:
    """Every agency registered and equipped, a fortnight before its course begins."""
    numbers: dict[str, str] = {}  # of the representatives
    named = {row["agency"]: row["username"] for row in accounts if "agency" in row}
    made: dict[str, tuple[int, User]] = {}
    for serial, row in sorted(enumerate(rows, start=1), key=lambda pair: -_first_day(pair[1])):
        with _ago(_first_day(row), minutes=serial):
            username = named.get(row["key"], row["key"])
            password = passwords.get(username, secrets.token_urlsafe(12))
            agency_id = registering.register(
                credit_code(row.get("prefix", "91"), row["division"], serial),
                _identity(row, serial),
                _representative(row, numbers, people),
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


def _representative(row: dict[str, Any], numbers: dict[str, str], people: Population) -> RepresentativeEntry:
    """Another person for each agency, unless it is represented as another one is."""
    number = numbers.get(row.get("represented_as", "")) or people.person(relevant=False).number
    numbers[row["key"]] = number
    return RepresentativeEntry(
        name=row["representative"],
        document=IdentityDocument.RESIDENT_ID,
        number=number,
        phone=row.get("phone") or f"1390000{len(numbers):04d}",
        since=clock.today() - timedelta(days=700),
    )


def _play(acts: Iterable[_Act]) -> None:
    """Everything that happened, in the order of its days, some minutes after each other."""
    for days_ago, of_day in groupby(sorted(acts, key=lambda act: (-act.days_ago, act.order)), lambda act: act.days_ago):
        for number, act in enumerate(of_day):
            with _ago(days_ago, minutes=60 + 4 * number):
                act.run()
                expanding.make_mails()


def _digest() -> None:
    """The officers' mail of the last working day."""
    known, day = calendar(db.session()), clock.today()
    while not known.is_working(day):
        day -= timedelta(days=1)
    digests.send_digests(day)


def _of_filings(
    rows: list[dict[str, Any]], agencies: dict[str, tuple[int, User]], officers: dict[str, User]
) -> Iterator[_Act]:
    for order, row in enumerate(rows):
        agency_id, user = agencies[row["key"]]
        cast = Cast(agency_id, user, officers[f"reviewer{'1' if order % 2 else '2'}"], officers["approver1"])
        for place, (name, days_ago) in enumerate(row["course"]):
            yield _Act(days_ago, (order, place), partial(STEPS[name], cast))


def _of_applicants(rows: list[dict[str, Any]], ids: dict[str, int], officers: dict[str, User]) -> Iterator[_Act]:
    for row in rows:
        officer = officers["reviewer2"]
        if "renamed" in row:
            yield _Act(row["renamed"][1], LAST, partial(applying.rename, ids[row["key"]], row, by=officer))
        for ground, days_ago, source, facts in row.get("exclusions", ()):
            yield _Act(days_ago, LAST, partial(applying.exclude, ids[row["key"]], ground, source, facts, by=officer))


def _of_evaluations(
    rows: list[dict[str, Any]],
    agencies: dict[str, tuple[int, User]],
    applicants: dict[str, int],
    users: dict[str, User],
    officers: dict[str, User],
) -> Iterator[_Act]:
    bureaus = {officer.bureau: officer for officer in officers.values() if officer.bureau}
    desk = evaluating.Officers(officers["reviewer2"], officers["approver1"], bureaus)
    for serial, row in enumerate(rows, start=1):
        begun = row["begun"] if "begun" in row else _days_since(row["begun_share"])
        told = evaluating.Told(
            row=row,
            serial=serial,
            applicant_id=applicants[row["applicant"]],
            agencies=tuple(agencies[key] for key in row["agencies"]),
            applicant_user=users.get(row["applicant"]),
            officers=desk,
            begun_on=clock.today() - timedelta(days=begun),
        )
        entered = max(begun - row.get("late", row.get("recorded_after", 0)), 0)
        order = len(agencies) + serial
        yield _Act(entered, (order, 0), partial(evaluating.begin, told))
        for place, (name, days) in enumerate(row["course"], start=1):
            yield _Act(max(entered - days, 0), (order, place), partial(evaluating.STEPS[name], told))


def _of_the_desk(
    told: dict[str, Any], agencies: dict[str, tuple[int, User]], officers: dict[str, User]
) -> Iterator[_Act]:
    """What the year's calls take, decisions of non-adoption that were made on paper, and what was looked at again."""
    approver = officers["approver1"]
    for row in told["level_settings"]:
        year, level = row["year"] or clock.today().year, Level(row["level"])
        takes, basis = row["takes_third_party"], row["basis"]
        yield _Act(
            300,
            LAST,
            partial(levels.set_level, year, level, takes_third_party=takes, basis=basis, shown=0, by=approver),
        )
    for days_ago, run in decisions.things(told["non_adoptions"], agencies, approver):
        yield _Act(days_ago, LAST, run)


def _days_since(share: float) -> int:
    """Days ago, of a day so far into this year up to today: what shares a calendar year stays in it."""
    today = clock.today()
    return round((1 - share) * min((today - today.replace(month=1, day=1)).days, LONGEST_SHARED))

"""An invented nation, the same at every call: agencies, staff, applicants and nine years of evaluations.

Whole: 3,000 agencies, 60,000 staff, 200,000 applicants, 1,000,000 evaluations; a part of it is a smaller nation, with
as much of everything for each agency. Rows are put in without the services, the kept sums made anew at the end.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.orm import Session

from agency.models import Agency, AgencyGram, ClaimStanding, FilingStatus, Person, RosterClaim, StaffMember, Standing
from agency.particulars import AgencyKind, Employment
from applicants.models import Applicant, ApplicantGram, Kind, ListLevel, Origin
from core import places
from core.db import Base, db
from core.identifiers import credit_check_character
from core.identity import IdentityDocument, Sex
from core.search import grams, searchable, sort_key
from evaluations import tallies
from evaluations.models import Agreement, Evaluation, Party
from evaluations.rules.states import Level, Mode, Release, State

AGENCIES, STAFF, APPLICANTS, EVALUATIONS = 3_000, 60_000, 200_000, 1_000_000
YEARS = tuple(range(2018, 2027))
AT_ONCE = 20_000
ENTERED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CORES = ("江澜", "海兰", "查干", "衡准", "参业", "松源", "砺川", "绿源", "北辰", "远山", "曜辰", "穗安", "朗峤", "禾沐")
TRADES = (
    "机械",
    "汽车零部件",
    "乳业",
    "水泥",
    "化工",
    "新材料",
    "轨道装备",
    "生物制药",
    "电子",
    "食品",
    "钢铁",
    "木业",
)
KINDS = (Kind.FACTORY,) * 8 + (Kind.PARK, Kind.SUPPLY_CHAIN)
LEVELS = (Level.MUNICIPAL,) * 5 + (Level.PROVINCIAL,) * 3 + (Level.NATIONAL,) * 2
OVER = (State.ADOPTED,) * 7 + (State.NOT_ADOPTED, State.WITHDRAWN, State.HANDED_OVER)


def fill(part: int) -> None:
    """Put in one `part`-th of the nation. Takes about two minutes for the whole on SQLite."""
    agencies, staff = AGENCIES // part, STAFF // part
    evaluated, evaluations = APPLICANTS // part, EVALUATIONS // part
    with db.engine.begin() as connection:
        _put(connection, Agency, _agencies(agencies))
        _put(connection, AgencyGram, _grams(_agencies(agencies), "agency_id"))
        _put(connection, Person, _persons(staff))
        _put(connection, StaffMember, _staff(staff, agencies))
        _put(connection, RosterClaim, _claims(staff, agencies))
        _put(connection, Applicant, applicants(evaluated))
        _put(connection, ApplicantGram, _grams(applicants(evaluated), "applicant_id"))
        _put(connection, Evaluation, _evaluations(evaluations, evaluated))
        _put(connection, Party, _parties(evaluations, agencies))
        _put(connection, Agreement, _agreements(evaluations))
        with Session(connection) as session:
            tallies.rebuild(session)
            session.flush()
        connection.exec_driver_sql("ANALYZE")


def _put(connection: Connection, mapped: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    table = mapped.__table__
    assert isinstance(table, Table)
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        connection.execute(insert(table), some)


def _grams(rows: Iterable[Mapping[str, Any]], owner: str) -> Iterator[dict[str, Any]]:
    for row in rows:
        for gram in sorted(grams(row["name"]) | grams(row["credit_code"])):
            yield {"gram": gram, owner: row["id"]}


def credit_code(chance: random.Random, prefix: str = "912201") -> str:
    first = prefix + "01MA" + "".join(chance.choices(LETTERS, k=7))
    return first + credit_check_character(first)


def _named(name: str, code: str) -> dict[str, Any]:
    text = "\n".join((searchable(name), searchable(code)))
    return {"name": name, "credit_code": code, "search_text": text, "sort_key": sort_key(name)}


def _agencies(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(279)  # noqa: S311 - a benchmark's data
    bureaus = list(places.bureaus().values())
    for number in range(1, count + 1):
        place = chance.choice(bureaus).place.removesuffix("市").removesuffix("州")
        named = _named(f"{place}{chance.choice(CORES)}绿色评价{number:04d}有限公司", credit_code(chance))
        yield named | {
            "id": number, "version": 1, "standing": Standing.REGISTERED, "code_overruled": False, "address": "",
            "kind": AgencyKind.ENTERPRISE, "division": "220102", "bureau": "changchun", "in_china": True,
            "platform_number": "", "does_factories": True, "does_parks": True, "does_supply_chains": True,
            "finance_system": "", "contact_name": "", "contact_email": "", "service_address": "",
            "filing_status": FilingStatus.FILED, "filing_number": f"〔2025〕{number:04d}",
            "first_filed_on": date(2025, 1, 1), "public_name": named["name"], "public_sort_key": named["sort_key"],
            "public_search_text": named["search_text"], "public_kind": AgencyKind.ENTERPRISE, "public_address": "",
            "public_division": "220102", "public_bureau": "changchun", "public_representative": "",
            "public_factories": True, "public_parks": True, "public_supply_chains": True,
        }  # fmt: skip


def _persons(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {
            "id": number, "document": IdentityDocument.RESIDENT_ID, "identity": f"{number:064d}",
            "number": f"{number:018d}", "masked": "220***********00", "sex": Sex.FEMALE,
        }  # fmt: skip


def _staff(count: int, agencies: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {
            "id": number, "agency_id": number % agencies + 1, "person_id": number, "name": f"员工{number}",
            "title": "高级工程师", "series": "", "major": "环境工程", "degree_major": "", "certificate_number": "",
            "employment": Employment.CONTRACT, "full_time": True, "insured_elsewhere": "", "note": "",
        }  # fmt: skip


def _claims(count: int, agencies: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {
            "id": number, "agency_id": number % agencies + 1, "person_id": number,
            "standing": ClaimStanding.FILED, "since": ENTERED,
        }  # fmt: skip


def bureau_of(applicant_id: int) -> str:
    keys = list(places.bureaus())
    return keys[applicant_id * 7 % len(keys)]


def applicants(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(2024)  # noqa: S311 - likewise
    for number in range(1, count + 1):
        bureau = places.bureaus()[bureau_of(number)]
        place = bureau.place.removesuffix("市").removesuffix("州")
        name = f"{place}{chance.choice(CORES)}{chance.choice(CORES)}{chance.choice(TRADES)}{number:06d}有限公司"
        yield _named(name, credit_code(chance)) | {
            "id": number, "version": 1, "body_name": "", "is_factory": True, "is_park": False,
            "is_supply_chain": False, "region": "吉林", "bureau": bureau.key, "county": "", "address": "某路 1 号",
            "industry_code": "C3670", "industry": "汽车零部件及配件制造", "representative": "", "contact_name": "",
            "representative_masked": "", "contact_email": "", "listed": ListLevel.NONE, "origin": Origin.DESK,
            "entered_at": ENTERED,
        }  # fmt: skip


def year_of(evaluation_id: int, count: int) -> int:
    return YEARS[(evaluation_id - 1) * len(YEARS) // count]


def _evaluations(count: int, applicants: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(15)  # noqa: S311 - likewise
    for number in range(1, count + 1):
        year = year_of(number, count)
        applicant = chance.randint(1, applicants)
        state = chance.choice(OVER) if year < YEARS[-1] else chance.choice(list(State))
        yield {
            "id": number, "version": 1, "number": f"评〔{year}〕{number:07d}", "applicant_id": applicant,
            "kind": chance.choice(KINDS), "level": chance.choice(LEVELS), "mode": Mode.THIRD_PARTY, "year": year,
            "bureau": bureau_of(applicant), "begun_on": date(year, 1, 1) + timedelta(days=chance.randrange(300)),
            "standard": "GB/T 36132-2018", "other_standard": "", "statement": "", "state": state, "unfiled": False,
            "entered_late": False, "entered_at": ENTERED, "release": Release.NONE,
        }  # fmt: skip


def agency_of(evaluation_id: int, agencies: int) -> int:
    return evaluation_id * 31 % agencies + 1


def _parties(count: int, agencies: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        agency = agency_of(number, agencies)
        yield {"id": number, "evaluation_id": number, "agency_id": agency, "leads": True}


def _agreements(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {"evaluation_id": number, "number": 1, "amount_fen": 6_800_000, "entered_at": ENTERED}

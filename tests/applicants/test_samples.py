"""The forty sample applicants go in whole; exactly the right ones are excluded and warned of."""

import json
from datetime import date
from pathlib import Path

import pytest

from applicants import queries
from applicants.entries import ApplicantEntry, ExclusionEntry
from applicants.models import Applicant, Ground, Kind, ListLevel, Origin
from applicants.overview import overview_of
from applicants.queries import register
from applicants.services import changing, entering, excluding
from core.db import db
from core.places import bureaus
from tests.factories import Make

FILE = json.loads((Path(__file__).parent.parent / "data" / "samples" / "applicants.json").read_text(encoding="utf-8"))
AS_OF = date.fromisoformat(FILE["as_of"])
GROUNDS = {
    "JL-11-1": Ground.NOT_OPERATING, "JL-11-2": Ground.VIOLATION, "JL-11-3": Ground.REMOVED,
    "JL-11-4": Ground.INSPECTION, "JL-11-5": Ground.ENERGY, "JL-11-6": Ground.DEBTOR,
}  # fmt: skip
UNTIL = {
    "B11": date(2028, 3, 18), "B13": date(2028, 4, 30), "B17": date(2028, 11, 7), "B31": date(2027, 12, 19),
    "B36": date(2027, 11, 12),
}  # fmt: skip
WARNED = {"B30": ("JL-8-1",), "B34": ("JL-10-3",), "B40": ("JL-10-3",)}


def bureau_of(prefecture: str) -> str:
    short = prefecture.removesuffix("市")
    return next(
        bureau.key
        for bureau in bureaus().values()
        if short in (bureau.short, bureau.place) or prefecture in bureau.name
    )


def entry_of(sample: dict, *, name: str = "") -> ApplicantEntry:
    share = sample.get("park", {}).get("industrial_value_added_share_percent")
    return ApplicantEntry(
        name=name or sample["name"],
        kinds=(Kind(sample["kind"]),),
        credit_code=sample["unified_social_credit_code"],
        bureau=bureau_of(sample["prefecture"]),
        county=sample["county"],
        address=sample["address"],
        industry_code=sample["industry_code_gb_t_4754"] or "",
        industry=sample["industry"],
        representative=sample.get("legal_representative") or sample["person_in_charge"],
        contact_name=sample["contact"]["name"],
        contact_phone=sample["contact"]["phone"],
        listed=ListLevel(sample["current_list_level"]),
        is_green_factory=sample.get("supply_chain", {}).get("is_green_factory"),
        industrial_share=None if share is None else round(share * 10),
    )


def bring_in(sample: dict, officer) -> int:
    """The applicant with its facts, and with the name that it had before where it has changed."""
    applicant_id = entering.enter(entry_of(sample, name=sample.get("former_name", "")), by=officer, origin=Origin.DESK)
    if "former_name" in sample:
        changing.change(applicant_id, entry_of(sample), version=1, by=officer)
    for fact in sample["article_11_facts"]:
        on = date.fromisoformat(fact["fact_date"])
        excluding.enter(applicant_id, ExclusionEntry(GROUNDS[fact["clause"]], on, fact["source"], ""), by=officer)
    return applicant_id


@pytest.mark.clause("JL-11", "JL-8-1", "JL-10-3")
@pytest.mark.usefixtures("context")
def test_all_forty_go_in_and_the_right_ones_are_excluded_and_warned_of(make: Make):
    officer = make.officer("reviewer")
    ids = {sample["applicant_id"]: bring_in(sample, officer) for sample in FILE["applicants"]}
    session = db.session()
    shown = {key: overview_of(session, session.get_one(Applicant, row_id), on=AS_OF) for key, row_id in ids.items()}
    assert len(shown) == 40
    assert {key: each.standing[0].until for key, each in shown.items() if each.standing} == UNTIL
    warnings = {key: tuple(finding.clause for finding in each.warnings) for key, each in shown.items() if each.warnings}
    assert warnings == WARNED
    excluded = register.excluded_among(session, list(ids.values()), on=AS_OF)
    assert excluded == {ids[key] for key in UNTIL}
    bureaus_used = {session.get_one(Applicant, row_id).bureau for row_id in ids.values()}
    assert bureaus_used == set(bureaus())
    assert [row.id for row in queries.find_by_name(session, "集安市参源土产有限公司")] == [ids["B23"]]

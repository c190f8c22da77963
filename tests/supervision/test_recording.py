"""Reading 6: what happened in spite of the gate an officer records: counted, never adoptable, and followed up."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from agency import naming, places
from agency.models import Agency, Place, Standing
from applicants.models import Applicant, Ground
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from evaluations.models import Evaluation, EvaluationStep, Tally
from evaluations.queries.adopting import facts_of
from evaluations.rules import adopting
from evaluations.rules.adopting import Obstacle
from evaluations.rules.states import Action, Consent, State
from notices.models import Notice
from supervision.models import Case, CaseKind
from tests.factories import Make
from tests.factories.agencies import TINY_PDF, made_up_number
from tests.factories.places import bare_evaluation

SignIn = Callable[[User], FlaskClient]


def form(begun_on: date | None = None, **changed: Any) -> dict[str, Any]:
    day = begun_on or clock.today()
    return {
        "kind": "factory",
        "level": "municipal",
        "begun_on": day.isoformat(),
        "year": day.year,
        "standard": "other",
        "other_standard": "T/JL 001 测试标准",
        "amount_fen": "60000.50",
        "source": "现场督查，企业提供的合同",
        "reason": "机构无备案开展评价",
        "shown": "",
    } | changed


def path(agency: Agency, applicant: Applicant) -> str:
    return f"/desk/supervision/record/{agency.id}/{applicant.id}"


def known_agency(app: Flask) -> Agency:
    """One that is only known from a ledger."""
    with app.app_context():
        with transaction() as session:
            row = Agency(standing=Standing.KNOWN, name="某省外评价中心", search_text="", sort_key="")
            session.add(row)
            naming.index(session, [row])
        db.session.refresh(row)
        db.session.expunge_all()
        return row


@pytest.mark.clause("JL-21-2")
@pytest.mark.parametrize("is_known", [False, True])
def test_an_evaluation_without_a_filing_is_shown_then_recorded(
    app: Flask, make: Make, sign_in: SignIn, is_known: bool
) -> None:
    agency = known_agency(app) if is_known else make.agency()
    applicant = make.applicant()
    desk = sign_in(make.officer("reviewer"))
    looked = desk.post(path(agency, applicant), data=form())
    assert looked.status_code == 200
    assert "没有有效的备案" in looked.text
    assert "确认补录并立案" in looked.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Evaluation.id))) == 0
    shown = "not_filed no_capability" if is_known else "not_filed"  # of a known one no capability is on record
    done = desk.post(path(agency, applicant), data=form(shown=shown, confirmed="1"))
    assert done.status_code == 302, done.text
    with app.app_context():
        row = db.session.scalars(select(Evaluation)).one()
        case = db.session.scalars(select(Case)).one()
        step = db.session.scalars(select(EvaluationStep)).one()
        assert (row.unfiled, row.state, row.bureau) == (True, State.REGISTERED, "changchun")
        assert row.agreements[0].amount_fen == 6_000_050
        assert row.agreements[0].file_id is None
        assert (step.action, step.reason) == (Action.RECORD, "机构无备案开展评价")
        assert (case.kind, case.evaluation_id, case.agency_id) == (CaseKind.UNFILED, row.id, agency.id)
        assert "没有有效的备案" in case.facts
        assert "信息来源：现场督查" in case.facts
        assert done.location.endswith(f"/cases/{case.id}")
        told = {tuple(row) for row in db.session.execute(select(Notice.event, Notice.audience_kind))}
        assert ("evaluation_recorded", "agency") in told
        assert ("case_opened", "role") in told
        tally = select(Tally.count).where(Tally.agency_id == agency.id, Tally.state == State.REGISTERED)
        assert db.session.scalar(tally) == 1
    page = desk.get(done.location).text
    assert row.number in page
    assert applicant.name in page


def test_what_the_gate_lets_through_the_agency_registers_itself(app: Flask, make: Make, sign_in: SignIn) -> None:
    filing = make.filing("filed")
    answer = sign_in(make.officer("approver")).post(path(filing.agency, make.applicant()), data=form())
    assert answer.status_code == 422
    assert "请通知机构自行登记" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == 0


@pytest.mark.clause("JL-22-2")
def test_a_sixteenth_is_recorded_without_the_place_it_lacks(app: Flask, make: Make, sign_in: SignIn) -> None:
    number = made_up_number()
    one, other = (make.filing("filed", agency=make.qualified_agency(representative_number=number)) for _ in range(2))
    today = clock.today()
    with app.app_context(), transaction() as session:
        for agency_id in [one.agency_id] * 8 + [other.agency_id] * 7:
            evaluation = bare_evaluation(session, agency_id, begun_on=today)
            places.take(session, evaluation.id, [agency_id], counted_on=today)
    desk, applicant = sign_in(make.officer("approver")), make.applicant()
    looked = desk.post(path(other.agency, applicant), data=form(level="national"))
    assert one.agency.name in looked.text  # the desk reads who used them
    data = form(level="national", shown="no_place", confirmed="1", amount_fen="")
    assert desk.post(path(other.agency, applicant), data=data).status_code == 302
    with app.app_context():
        row = db.session.scalars(select(Evaluation).order_by(Evaluation.id.desc()).limit(1)).one()
        held = {
            (place.person_id is not None, place.number)
            for place in db.session.scalars(select(Place).where(Place.evaluation_id == row.id))
        }
        case = db.session.scalars(select(Case)).one()
        assert held == {(True, None), (False, 8)}
        assert row.unfiled is False
        assert case.kind is CaseKind.OVER_CAP
        assert "协议金额不详" in case.facts


@pytest.mark.clause("JL-11")
def test_an_excluded_applicant_makes_a_case_of_procedure(app: Flask, make: Make, sign_in: SignIn) -> None:
    filing, applicant = make.filing("filed"), make.applicant()
    make.exclusion(applicant, ground=Ground.VIOLATION, on=clock.today() - timedelta(days=30))
    desk = sign_in(make.officer("reviewer"))
    data = form(shown="excluded", confirmed="1")
    assert desk.post(path(filing.agency, applicant), data=data).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Case.kind)).one() is CaseKind.PROCEDURE
        against = adopting.hindrances(
            facts_of(db.session(), db.session.scalars(select(Evaluation)).one(), on=clock.today())
        )
        assert Obstacle.RECORDED in {each.what for each in against}  # also when the exclusion has run out


def test_a_second_click_records_nothing_more(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency, applicant, desk = make.agency(), make.applicant(), sign_in(make.officer("reviewer"))
    data = form(shown="not_filed", confirmed="1")
    assert desk.post(path(agency, applicant), data=data).status_code == 302
    again = desk.post(path(agency, applicant), data=data)
    assert again.status_code == 409
    assert "没有再次补录" in again.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == 1


def test_what_stands_against_it_is_confirmed_as_it_is(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency, applicant, desk = make.agency(), make.applicant(), sign_in(make.officer("reviewer"))
    data = form(shown="excluded", confirmed="1")
    answer = desk.post(path(agency, applicant), data=data)
    assert answer.status_code == 409
    assert "请重新核对后再确认" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Evaluation.id))) == 0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"begun_on": date(2062, 1, 1)}, "在今天之后"),
        ({"amount_fen": "-1"}, "不能小于 0"),
        ({"year": 2020}, "申报年度 2020"),
        ({"standard": "other", "other_standard": ""}, "标准号和名称"),
        ({"source": ""}, "请写明从哪里得知"),
        ({"reason": " "}, "请写明为什么由主管部门补录"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    app: Flask, make: Make, sign_in: SignIn, changed: dict[str, Any], told: str
) -> None:
    desk = sign_in(make.officer("reviewer"))
    answer = desk.post(path(make.agency(), make.applicant()), data=form(**changed))
    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.parametrize("amount", ["-1", "0.001", "9e999999", "八万"])
def test_an_amount_that_is_none_is_told_at_its_field(app: Flask, make: Make, sign_in: SignIn, amount: str) -> None:
    page = sign_in(make.officer("reviewer")).post(
        path(known_agency(app), make.applicant()), data=form(amount_fen=amount)
    )
    assert page.status_code == 422
    assert 'href="#amount_fen"' in page.text, "the summary leads to the field"


def test_an_agreement_is_kept_and_what_is_none_is_refused(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency, applicant, desk = make.agency(), make.applicant(), sign_in(make.officer("reviewer"))
    data = form(shown="not_filed", confirmed="1")
    refused = desk.post(path(agency, applicant), data=data | {"agreement": (BytesIO(b"MZ no paper"), "协议.pdf")})
    assert refused.status_code == 422
    kept = desk.post(path(agency, applicant), data=data | {"agreement": (BytesIO(TINY_PDF), "协议.pdf")})
    assert kept.status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Evaluation)).one().agreements[0].file_id is not None


def test_both_sides_are_found_by_a_part_of_their_names(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency, applicant, desk = known_agency(app), make.applicant(), sign_in(make.officer("reviewer"))
    url = "/desk/supervision/record"
    found = desk.get(url, query_string={"agency_word": "省外评", "applicant_word": applicant.name[2:6]}).text
    assert agency.name in found
    assert applicant.name in found
    chosen = desk.get(url, query_string={"agency_id": agency.id, "applicant_id": applicant.id})
    assert chosen.location == path(agency, applicant)
    for nobody in ("9" * 20, "-1", "0", "x"):
        assert desk.get(url, query_string={"agency_id": nobody, "applicant_id": nobody}).status_code == 200
    first = desk.get(url, query_string={"agency_id": agency.id}).text
    assert f'name="agency_id" type="hidden" value="{agency.id}"' in first  # it goes along with the next search
    assert "没有名称中含" in desk.get(url, query_string={"agency_word": "查无此家"}).text


def test_a_failed_recording_leaves_nothing_behind(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency, applicant = make.agency(), make.applicant()
    data = form(begun_on=clock.today() - timedelta(days=700), year=1999, shown="not_filed", confirmed="1")
    assert sign_in(make.officer("reviewer")).post(path(agency, applicant), data=data).status_code == 422
    with app.app_context():
        actions = set(db.session.scalars(select(AuditEntry.action)))
        assert not {action for action in actions if action.startswith(("case.", "evaluation."))}


def parties(evaluation: Evaluation) -> list[tuple[int, bool, Consent]]:
    return [(party.agency_id, party.leads, party.consent) for party in evaluation.parties]


@pytest.mark.clause("JL-21-2", "JL-22-2")
def test_what_several_made_is_recorded_of_all_of_them(app: Flask, make: Make, sign_in: SignIn) -> None:
    number = made_up_number()
    leading = make.filing(agency=make.qualified_agency(representative_number=number)).agency
    unfiled, known, applicant = make.qualified_agency(), known_agency(app), make.applicant()
    client = sign_in(make.officer("reviewer"))
    full_width = (unfiled.credit_code or "").lower().translate({ord("9"): "９"})
    sent = form(level="national", partners=f" {full_width} \n{known.name}\n{known.name}\n")
    shown = client.post(path(leading, applicant), data=sent)
    assert shown.status_code == 200
    assert unfiled.name in shown.text
    assert known.name in shown.text
    assert f"{leading.name}在协议日期" not in shown.text
    done = client.post(path(leading, applicant), data=sent | {"shown": "not_filed no_capability", "confirmed": "1"})
    if done.status_code == 409:  # what stands against them is read from the page
        raise AssertionError(done.text)
    assert done.status_code == 302
    with app.app_context():
        made = db.session.scalars(select(Evaluation)).one()
        assert parties(made) == [
            (leading.id, True, Consent.NOT_ASKED),
            (unfiled.id, False, Consent.NOT_ASKED),
            (known.id, False, Consent.NOT_ASKED),
        ]
        assert made.unfiled
        held = select(func.count(Place.agency_id)).where(Place.evaluation_id == made.id)
        assert db.session.scalar(held) == 3
        case = db.session.scalars(select(Case)).one()
        assert case.agency_id == leading.id
        assert f"联合评价机构：{unfiled.name}、{known.name}" in case.facts
        told = select(Notice.audience_id).where(Notice.event == "evaluation_recorded", Notice.audience_kind == "agency")
        assert set(db.session.scalars(told)) == {str(each.id) for each in (leading, unfiled, known)}


def test_partners_that_nobody_knows_or_that_are_the_same_are_refused(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency, applicant = make.qualified_agency(), make.applicant()
    known_agency(app), known_agency(app)
    client = sign_in(make.officer("reviewer"))
    for typed, said in (
        ("没有这样的中心", "没有这家机构"),
        ("某省外评价中心", "有几家机构都叫这个名称"),
        (agency.credit_code, "不填牵头机构"),
    ):
        page = client.post(path(agency, applicant), data=form(partners=typed))
        assert page.status_code == 422
        assert said in page.text

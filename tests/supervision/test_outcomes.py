"""第二十四条: what may follow a conclusion, and what never does; rectification from the demand to its re-check."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import User
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from supervision import casework
from supervision.entries import DemandEntry, TalkEntry
from supervision.models import (
    Case,
    CaseKind,
    CaseOutcome,
    CaseState,
    Misconduct,
    OutsideFile,
    Rectification,
    RectificationState,
    Result,
)
from supervision.rules import outcomes
from supervision.rules.outcomes import Check, Concluded, NotThisWay, StillOpen, Way
from supervision.rules.verifying import ADVERSE, NotPossibleNow, Point, overall
from supervision.services import concluding, handling, measuring
from tests import uploads as files
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
AGENCY, UNIT = (1, None), (None, 2)
GRAVE = {Misconduct.FALSIFIED, Misconduct.CONCEALED}


def concluded(
    party: tuple[int | None, int | None],
    misconduct: Misconduct,
    result: Result = Result.SUBSTANTIATED,
    *rectifications: RectificationState,
) -> Concluded:
    return Concluded((Point(*party, misconduct, result),), rectifications)


@pytest.mark.clause("JL-24-3")
@pytest.mark.parametrize("misconduct", Misconduct)
@pytest.mark.parametrize("result", Result)
def test_only_falsification_or_concealment_of_an_agency_opens_non_adoption(
    misconduct: Misconduct, result: Result
) -> None:
    is_open = misconduct in GRAVE and result in ADVERSE
    assert (Way.NON_ADOPTION in outcomes.ways(concluded(AGENCY, misconduct, result))) is is_open
    assert Way.NON_ADOPTION not in outcomes.ways(concluded(UNIT, misconduct, result))


@pytest.mark.clause("JL-24-3")
@pytest.mark.parametrize(("case", "found"), [
    (concluded(AGENCY, Misconduct.FALSIFIED), "non_adoption circular rectify talk no_measure"),
    (concluded(AGENCY, Misconduct.INACCURATE), "talk rectify circular corrected on_record no_measure"),
    (concluded(AGENCY, Misconduct.MARKET_CONDUCT), "talk rectify circular corrected on_record no_measure"),
    (concluded(AGENCY, Misconduct.PROCEDURE), "talk rectify circular corrected on_record no_measure"),
    (concluded(UNIT, Misconduct.FALSIFIED), "rectify removal talk no_measure"),
    (concluded(UNIT, Misconduct.INACCURATE), "rectify talk corrected on_record no_measure"),
    (concluded(UNIT, Misconduct.INACCURATE, Result.PARTLY, RectificationState.FAILED),
     "rectify talk corrected removal on_record no_measure"),
    (concluded(UNIT, Misconduct.FALSIFIED, Result.SUBSTANTIATED, RectificationState.ACCEPTED),
     "rectify removal talk rectified no_measure"),
    (concluded(UNIT, Misconduct.FALSIFIED, Result.SUBSTANTIATED, RectificationState.ASKED), "talk"),
    (concluded(AGENCY, Misconduct.FALSIFIED, Result.UNSUBSTANTIATED), "no_measure no_breach"),
    (concluded(UNIT, Misconduct.CONCEALED, Result.UNVERIFIABLE), "no_measure no_breach"),
])  # fmt: skip
def test_what_may_follow_by_gravity(case: Concluded, found: str) -> None:
    assert [way.value for way in outcomes.ways(case)] == found.split()


@pytest.mark.clause("JL-24-3")
@pytest.mark.parametrize(
    ("case", "found"),
    [
        (concluded(AGENCY, Misconduct.FALSIFIED), Way.NON_ADOPTION),
        (concluded(AGENCY, Misconduct.PROCEDURE), Way.TALK),
        (replace(concluded(AGENCY, Misconduct.PROCEDURE), was_talked_over=True), Way.TALKED_OVER),
        (concluded(UNIT, Misconduct.FALSIFIED), Way.RECTIFY),
        (replace(concluded(UNIT, Misconduct.FALSIFIED), rectifications=(RectificationState.FAILED,)), Way.REMOVAL),
        (replace(concluded(UNIT, Misconduct.INACCURATE), rectifications=(RectificationState.ACCEPTED,)), Way.RECTIFIED),
        (
            Concluded(
                concluded(UNIT, Misconduct.FALSIFIED).points + concluded(AGENCY, Misconduct.CONCEALED).points,
                (RectificationState.ACCEPTED,),
            ),
            Way.NON_ADOPTION,
        ),
        (concluded(AGENCY, Misconduct.FALSIFIED, Result.UNSUBSTANTIATED), Way.NO_MEASURE),
    ],
)
def test_the_gravest_or_what_ends_it_is_offered_first(case: Concluded, found: Way) -> None:
    assert outcomes.main_way(case) is found


def test_a_refusal_says_what_would_lift_it() -> None:
    with pytest.raises(NotThisWay, match="先要求整改"):
        outcomes.require_way(concluded(UNIT, Misconduct.INACCURATE), Way.REMOVAL)
    with pytest.raises(NotThisWay, match="弄虚作假或故意隐瞒"):
        outcomes.require_way(concluded(AGENCY, Misconduct.MARKET_CONDUCT), Way.NON_ADOPTION)
    with pytest.raises(NotThisWay, match="先要求整改，复查通过"):
        outcomes.require_way(concluded(UNIT, Misconduct.INACCURATE), Way.RECTIFIED)
    with pytest.raises(StillOpen, match="复查"):
        outcomes.require_way(
            concluded(UNIT, Misconduct.INACCURATE, Result.PARTLY, RectificationState.RETURNED), Way.CORRECTED
        )


@pytest.mark.clause("JL-24-3")
def test_what_an_agency_falsified_is_let_pass_by_an_approver_alone() -> None:
    grave = concluded(AGENCY, Misconduct.FALSIFIED)
    with pytest.raises(NotThisWay, match="由审批人"):
        outcomes.require_way(grave, Way.NO_MEASURE)
    outcomes.require_way(grave, Way.NO_MEASURE, is_approver=True)
    with pytest.raises(NotThisWay):
        outcomes.require_way(grave, Way.CORRECTED, is_approver=True)


@pytest.mark.parametrize(("results", "found"), [
    ({Result.SUBSTANTIATED}, Result.SUBSTANTIATED),
    ({Result.SUBSTANTIATED, Result.UNSUBSTANTIATED}, Result.PARTLY),
    ({Result.PARTLY}, Result.PARTLY),
    ({Result.UNSUBSTANTIATED, Result.UNVERIFIABLE}, Result.UNSUBSTANTIATED),
    ({Result.UNVERIFIABLE}, Result.UNVERIFIABLE),
])  # fmt: skip
def test_the_whole_follows_from_the_points(results: set[Result], found: Result) -> None:
    assert overall(results) is found


D = date(2026, 3, 10)


@pytest.mark.clause("JL-24-3")
@pytest.mark.parametrize(("state", "check", "today", "after"), [
    (RectificationState.HANDED_IN, Check.ACCEPT, D, RectificationState.ACCEPTED),
    (RectificationState.HANDED_IN, Check.RETURN, D, RectificationState.RETURNED),
    (RectificationState.HANDED_IN, Check.FAIL, D, RectificationState.FAILED),
    (RectificationState.ASKED, Check.FAIL, D, None),
    (RectificationState.ASKED, Check.FAIL, D + timedelta(days=1), RectificationState.FAILED),
    (RectificationState.RETURNED, Check.ACCEPT, D, None),
    (RectificationState.ACCEPTED, Check.FAIL, D, None),
])  # fmt: skip
def test_nobody_has_failed_before_the_end_of_the_term(
    state: RectificationState, check: Check, today: date, after: RectificationState | None
) -> None:
    if after is None:
        with pytest.raises(DomainError):
            outcomes.checked(state, check, due=D, today=today)
    else:
        assert outcomes.checked(state, check, due=D, today=today) is after


@pytest.mark.clause("JL-24-3")
def test_a_listed_unit_puts_right_proves_it_and_is_checked_again(app: Flask, make: Make, sign_in: SignIn) -> None:
    applicant, officer = make.applicant(), make.officer("reviewer")
    case = make.concluded_case(CaseKind.COMPLAINT, applicant=applicant, by=officer)
    row = make.rectification(case, by=officer)
    client, url = sign_in(make.user_of_applicant(applicant)), f"/matters/rectifications/{row.id}"
    page = client.get(url).text
    assert "补齐计量台账" in page
    for word in (case.number, "案〔", "举报"):
        assert word not in page.partition("<main")[2].partition("</main>")[0]  # beside it a link for everybody
    none = client.post(f"{url}/proof", data={"version": 1, "text": "已改"})
    assert none.status_code == 422
    assert "请附上能证明已经整改的材料" in none.text

    def hand_in(version: int) -> None:
        proof = {"version": version, "text": "已改", "files": (BytesIO(files.blank_pdf(1)), "台账.pdf")}
        assert client.post(f"{url}/proof", data=proof).location == url

    def check(**given: str) -> int:
        with app.app_context():
            version = make.version(case)
        data = {"version": version, "finding": "缺三月", **given}
        return sign_in(officer).post(f"{at}/rectifications/{row.id}/check", data=data).status_code

    at = f"/desk/supervision/cases/{case.id}"
    hand_in(1)
    assert "待复查" in sign_in(officer).get(at).text
    assert check(check="return") == 422  # with a new term
    assert check(check="return", due=(clock.today() + timedelta(days=20)).isoformat()) == 302
    assert "缺三月" in client.get(url).text
    hand_in(3)
    assert check(check="accept") == 302
    with app.app_context():
        found = db.session.get_one(Rectification, row.id)
        assert found.state is RectificationState.ACCEPTED
        assert db.session.query(OutsideFile).filter_by(rectification_id=row.id).count() == 2
        version = make.version(case)
        handling.close(case.id, CaseOutcome.RECTIFIED, reason="复查通过", version=version, by=officer)
    assert sign_in(make.user_of_applicant(make.applicant())).get(url).status_code == 404


@pytest.mark.usefixtures("context")
def test_a_case_with_a_running_rectification_or_proceeding_is_neither_closed_nor_reopened(make: Make) -> None:
    officer, approver = make.officer("reviewer"), make.officer("approver")
    case = make.concluded_case(agency=make.agency(), misconduct=Misconduct.INACCURATE, by=officer)

    def close(outcome: CaseOutcome = CaseOutcome.CORRECTED) -> None:
        handling.close(case.id, outcome, reason="已更正", version=make.version(case), by=officer)

    with transaction() as session:
        casework.hold(session, session.get_one(Case, case.id), "告〔2026〕0001")
    with pytest.raises(NotPossibleNow, match="告〔2026〕0001"):
        close()
    with pytest.raises(NotPossibleNow, match="告〔2026〕0001"):
        concluding.reopen(case.id, reason="新证据", version=make.version(case), by=approver)
    with transaction() as session:
        casework.release(session, session.get_one(Case, case.id), "告〔2026〕0001")
    make.rectification(case, by=officer)
    with pytest.raises(StillOpen):
        close()
    with pytest.raises(NotPossibleNow):
        concluding.reopen(case.id, reason="新证据", version=make.version(case), by=approver)
    for outcome in (CaseOutcome.NOT_ADOPTED, CaseOutcome.CIRCULATED, CaseOutcome.REMOVED):
        with pytest.raises(NotThisWay):  # those end by their proceeding
            close(outcome)


@pytest.mark.usefixtures("context")
def test_a_talk_is_recorded_before_a_case_ends_with_it(make: Make) -> None:
    officer = make.officer("reviewer")
    case = make.concluded_case(agency=make.agency(), misconduct=Misconduct.MARKET_CONDUCT, by=officer)
    with pytest.raises(NotThisWay, match="约谈记录"):
        handling.close(case.id, CaseOutcome.TALKED_OVER, reason="谈过", version=make.version(case), by=officer)
    entry = TalkEntry("李处长", "某机构负责人", clock.today(), "不得承诺保过")
    measuring.talk(case.id, entry, None, version=make.version(case), by=officer)
    handling.close(case.id, CaseOutcome.TALKED_OVER, reason="已约谈", version=make.version(case), by=officer)
    assert db.session.get_one(Case, case.id).state is CaseState.CLOSED


@pytest.mark.usefixtures("context")
def test_nobody_is_told_to_put_right_what_was_not_established_against_them(make: Make) -> None:
    officer = make.officer("reviewer")
    case = make.concluded_case(agency=make.agency(), result=Result.UNSUBSTANTIATED, by=officer)
    entry = DemandEntry(f"a:{case.agency_id}", "更正", clock.today() + timedelta(days=9))
    with pytest.raises(NotThisWay):
        measuring.demand(case.id, entry, version=make.version(case), by=officer)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("kind", [CaseKind.COMPLAINT, CaseKind.INSPECTION])
def test_what_is_to_be_verified_does_not_end_without_a_conclusion(make: Make, kind: CaseKind) -> None:
    officer = make.officer("reviewer")
    case = make.case(kind, agency=make.agency(), by=officer)
    with pytest.raises(NotThisWay, match="核实结论"):
        handling.close(case.id, CaseOutcome.CORRECTED, reason="已改", version=make.version(case), by=officer)

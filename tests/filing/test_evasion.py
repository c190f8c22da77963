"""A filing that has something in common with a barred agency: found, told, decided; on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from accounts.models import User
from agency.models import Agency, Office, Representation, StaffMember
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from filing import likeness, queries, services
from filing.models import EvasionMatch, Filing
from filing.queries import Suspicion, Wanted
from filing.rules import NotTheReviewer, State
from filing.rules.evasion import Answer, Evaded, MatchKind, MatchUndecided, NoSuchMatch, Weight
from notices.models import Notice
from tests.factories import Make
from tests.numbers import id_number

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.clause("JL-22-3")]

BOSS = id_number(77, area="220102")


@pytest.fixture
def barred(make: Make) -> Agency:
    """An agency that was filed, and whose results are not adopted from today."""
    agency = make.filing("filed", agency=make.qualified_agency(representative_number=BOSS)).agency
    make.non_adoption(agency)
    return agency


def fresh(filing: Filing) -> Filing:
    db.session.rollback()
    return db.session.get_one(Filing, filing.id, populate_existing=True)


def found(filing: Filing) -> tuple[likeness.Standing, ...]:
    return likeness.found_in(db.session(), fresh(filing)).each


def kinds(filing: Filing) -> list[MatchKind]:
    return [kind for standing in found(filing) for kind in standing.likeness.kinds]


def decide(filing: Filing, answer: Answer, by: User, **other: Any) -> None:
    standing = found(filing)[0].likeness
    values = {"basis": standing.basis, "reason": "已核对工商档案", "version": fresh(filing).version} | other
    services.decide_match(filing.id, standing.barred.agency_id, answer=answer, by=by, **values)


def rows(filing: Filing) -> list[EvasionMatch]:
    db.session.rollback()
    kept = select(EvasionMatch).where(EvasionMatch.filing_id == filing.id).order_by(EvasionMatch.id)
    return list(db.session.scalars(kept.execution_options(populate_existing=True)))


def told(event: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice.audience_id).where(Notice.event == event).order_by(Notice.id)))


def approve(filing: Filing, by: User) -> None:
    services.approve(filing.id, version=fresh(filing).version, by=by, reason="同意备案")


def pass_(filing: Filing, by: User) -> None:
    services.pass_(filing.id, version=fresh(filing).version, by=by, reason="材料齐全")


def test_the_same_representative_is_found_at_the_hand_in_and_the_reviewers_are_told(make: Make, barred: Agency) -> None:
    filing = make.filing("submitted", agency=make.qualified_agency(representative_number=BOSS))
    (row,) = rows(filing)
    assert (row.barred_id, row.weight, row.summary, row.answer) == (barred.id, Weight.STRONG, "法定代表人", None)
    assert told("filing_resembles") == ["reviewer"]
    assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "filing.match_found")).all()


def test_nothing_is_found_without_anything_in_common(make: Make, barred: Agency) -> None:
    assert not rows(make.filing("filed"))
    assert not told("filing_resembles")


def test_the_barred_agency_itself_is_no_match_of_its_own(make: Make, barred: Agency) -> None:
    with transaction() as session:
        session.scalars(select(Office).where(Office.agency_id == barred.id)).one().area_m2 = 500.0
    assert not rows(make.filing("filed", agency=barred))


def test_staff_address_and_phones_are_found_from_what_was_filed_before_they_were_changed(
    make: Make, barred: Agency
) -> None:
    number = db.session.scalars(select(StaffMember).where(StaffMember.agency_id == barred.id)).first()
    assert number is not None
    known = number.person.number
    with transaction() as session:  # what is entered now hides nothing of what was filed
        agency = session.get_one(Agency, barred.id)
        old_phone, old_address = agency.contact_phone, agency.address
        agency.contact_phone, agency.address = "0431-85001111", "吉林省长春市二道区吉林大路 99 号"
        session.scalars(select(Office).where(Office.agency_id == barred.id)).one().address = "长春市别处 9 号"
        row = session.get_one(StaffMember, number.id)
        row.left_on = clock.today() - timedelta(days=3000)
    new = make.qualified_agency(address=old_address.replace(" ", "") + "。", contact_phone=f"+86 {old_phone}")
    with transaction() as session:
        session.scalars(select(Office).where(Office.agency_id == new.id)).one().address = "长春市另处 7 号"
    make.staff_member(new, number=known)
    filing = make.filing("draft", agency=new)
    with transaction() as session:  # the proofs of one more person are not this test's matter
        member = session.scalars(
            select(StaffMember).where(StaffMember.agency_id == new.id).order_by(StaffMember.id)
        ).all()[-1]
        member.full_time = False
    services.submit(filing.id, version=fresh(filing).version, by=make.user_of(new))
    assert kinds(filing) == [MatchKind.STAFF, MatchKind.ADDRESS, MatchKind.PHONE]
    assert found(filing)[0].likeness.weight is Weight.STRONG


def test_who_was_representative_before_the_barring_is_found_too(make: Make, barred: Agency) -> None:
    with transaction() as session:
        row = session.scalars(select(Representation).where(Representation.agency_id == barred.id)).one()
        row.until = clock.today() - timedelta(days=30)
    assert kinds(make.filing("submitted", agency=make.qualified_agency(representative_number=BOSS))) == [
        MatchKind.REPRESENTATIVE
    ]


def test_no_review_is_passed_and_nothing_approved_while_a_match_is_undecided(make: Make, barred: Agency) -> None:
    reviewer, approver = make.officer("reviewer"), make.officer("approver")
    agency = make.qualified_agency(representative_number=BOSS)
    filing = make.filing("under_review", agency=agency, reviewer=reviewer)
    with pytest.raises(MatchUndecided):
        pass_(filing, reviewer)
    decide(filing, Answer.NO_EVASION, reviewer)
    pass_(filing, reviewer)
    approve(filing, approver)
    assert fresh(filing).state is State.FILED
    (row,) = rows(filing)
    assert (row.answer, row.reason, row.answered_by) == (Answer.NO_EVASION, "已核对工商档案", reviewer.id)


def test_a_barring_after_the_review_stops_the_approval_and_goes_back_to_the_reviewer(make: Make) -> None:
    other = make.filing("filed", agency=make.qualified_agency(representative_number=BOSS)).agency
    reviewer, approver = make.officer("reviewer"), make.officer("approver")
    agency = make.qualified_agency(representative_number=BOSS)
    filing = make.filing("reviewed", agency=agency, reviewer=reviewer)
    make.non_adoption(other, clock.today() + timedelta(days=20))  # one to come counts as well
    with pytest.raises(MatchUndecided):
        approve(filing, approver)
    services.send_back(filing.id, version=fresh(filing).version, by=approver, reason="请核实")
    decide(filing, Answer.NO_EVASION, reviewer)
    pass_(filing, reviewer)
    approve(filing, approver)


def test_what_evades_goes_to_the_approver_who_can_only_refuse_it(make: Make, barred: Agency) -> None:
    reviewer, approver = make.officer("reviewer"), make.officer("approver")
    agency = make.qualified_agency(representative_number=BOSS)
    filing = make.filing("under_review", agency=agency, reviewer=reviewer)
    decide(filing, Answer.EVASION, reviewer)
    assert told("filing_evades") == ["approver"]
    pass_(filing, reviewer)
    with pytest.raises(Evaded):
        approve(filing, approver)
    services.refuse(filing.id, version=fresh(filing).version, by=approver, reason="构成规避")
    assert fresh(filing).state is State.REFUSED


def test_a_decision_holds_for_the_next_filing_as_long_as_the_facts_do(make: Make, barred: Agency) -> None:
    reviewer = make.officer("reviewer")
    agency = make.qualified_agency(representative_number=BOSS)
    filing = make.filing("under_review", agency=agency, reviewer=reviewer)
    decide(filing, Answer.NO_EVASION, reviewer)
    services.withdraw(filing.id, version=fresh(filing).version, by=make.user_of(agency))
    again = make.filing("under_review", agency=agency, reviewer=reviewer)
    assert [standing.is_open for standing in found(again)] == [False]
    assert rows(again)[0].answer is Answer.NO_EVASION
    assert told("filing_resembles") == ["reviewer"]  # only once
    make.non_adoption(barred, clock.today() + timedelta(days=30))  # another decision: other facts
    assert [standing.is_open for standing in found(again)] == [True]


def test_only_the_reviewer_decides_and_only_on_what_is_so(make: Make, barred: Agency) -> None:
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", agency=make.qualified_agency(representative_number=BOSS), reviewer=reviewer)
    with pytest.raises(NotTheReviewer):
        decide(filing, Answer.NO_EVASION, make.officer("reviewer"))
    with pytest.raises(NoSuchMatch):
        decide(filing, Answer.NO_EVASION, reviewer, basis="0" * 32)
    assert rows(filing)[0].answer is None


def test_a_filed_agency_that_becomes_like_a_barred_one_is_found_by_night(make: Make, barred: Agency) -> None:
    filing = make.filing("filed")
    assert services.look_again() == 0
    with transaction() as session:
        person_id = session.scalars(select(Representation).where(Representation.agency_id == barred.id)).one().person_id
        session.scalars(
            select(Representation).where(Representation.agency_id == filing.agency_id)
        ).one().person_id = person_id
    assert services.look_again() == 1
    assert services.look_again() == 0
    assert sorted(told("filing_resembles")) == ["approver", "reviewer"]
    decide(filing, Answer.EVASION, make.officer("approver"))
    assert fresh(filing).state is State.FILED  # nothing ends a filing by itself


def test_what_is_no_longer_so_lapses_and_stays(make: Make, barred: Agency) -> None:
    filing = make.filing("submitted", agency=make.qualified_agency(representative_number=BOSS))
    later = clock.now() + timedelta(days=3 * 366)
    with clock.frozen(later):
        services.look_again()
        assert not found(filing)
    assert [row.lapsed_at for row in rows(filing)] == [later]


def test_the_list_filters_what_is_suspected(make: Make, barred: Agency) -> None:
    reviewer = make.officer("reviewer")
    one = make.filing("under_review", agency=make.qualified_agency(representative_number=BOSS), reviewer=reviewer)
    make.filing("submitted")

    def listed(suspicion: Suspicion) -> list[int]:
        db.session.rollback()
        return [each.id for each in queries.filings(db.session(), Wanted(suspicion=suspicion)).items]

    assert (listed(Suspicion.OPEN), listed(Suspicion.EVASION)) == ([one.id], [])
    assert queries.suspicions(db.session(), [one]) == {one.id: Suspicion.OPEN}
    decide(one, Answer.EVASION, reviewer)
    assert (listed(Suspicion.OPEN), listed(Suspicion.EVASION)) == ([], [one.id])


def test_matches_and_reasons_are_sealed(make: Make, barred: Agency) -> None:
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", agency=make.qualified_agency(representative_number=BOSS), reviewer=reviewer)
    decide(filing, Answer.NO_EVASION, reviewer, reason="王法定已转让股权")
    raw = db.session.execute(text("SELECT matches, reason FROM evasion_match")).one()
    for value in raw:
        assert "王法定".encode() not in bytes(value)
    logged = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "filing.match_decided")).one()
    assert logged.reason is None
    assert logged.after == Answer.NO_EVASION


def test_the_desk_sees_both_sides_and_decides_on_its_page(make: Make, barred: Agency, sign_in: Any) -> None:
    reviewer = make.officer("reviewer")
    agency = make.qualified_agency(representative_number=BOSS)
    filing = make.filing("under_review", agency=agency, reviewer=reviewer)
    desk: FlaskClient = sign_in(reviewer)
    page = desk.get(f"/desk/filings/{filing.id}").text
    assert "先核实疑似规避" in page
    assert barred.name in page
    address = f"/desk/filings/{filing.id}/matches/{barred.id}"
    assert "请选择核实结论" in desk.post(address, data={"version": filing.version, "basis": "x"}).text
    form = {"version": fresh(filing).version, "basis": found(filing)[0].likeness.basis, "answer": "evasion"}
    assert desk.post(address, data=form | {"reason": "同一班人马"}).status_code == 302
    page = desk.get(f"/desk/filings/{filing.id}").text
    assert "已核实构成规避，请报审批" in page
    assert "同一班人马" in page
    assert "疑似规避：构成规避" in desk.get("/desk/filings?evasion=evasion").text
    assert "规避" not in sign_in(make.officer("municipal", bureau="changchun")).get(f"/desk/filings/{filing.id}").text


def test_the_agency_reads_that_something_is_looked_at_and_no_more(make: Make, barred: Agency, sign_in: Any) -> None:
    agency = make.qualified_agency(representative_number=BOSS)
    make.filing("submitted", agency=agency)
    page = sign_in(make.user_of(agency)).get("/filing").text
    assert "有待核实事项" in page
    for secret in (barred.name, "规避", "不予采信"):
        assert secret not in page


def test_an_approver_of_what_evades_is_offered_the_ground(make: Make, barred: Agency, sign_in: Any) -> None:
    reviewer, approver = make.officer("reviewer"), make.officer("approver")
    filing = make.filing("under_review", agency=make.qualified_agency(representative_number=BOSS), reviewer=reviewer)
    decide(filing, Answer.EVASION, reviewer)
    pass_(filing, reviewer)
    desk: FlaskClient = sign_in(approver)
    assert "不能准予备案" in desk.get(f"/desk/filings/{filing.id}").text
    page = desk.get(f"/desk/filings/{filing.id}/refuse").text
    assert f"经核实，贵单位与{barred.name}" in page
    assert "王法定" not in page
    answer = desk.post(f"/desk/filings/{filing.id}/approve", data={"version": fresh(filing).version, "reason": "同意"})
    assert answer.status_code == 422
    assert "不能准予备案" in answer.text

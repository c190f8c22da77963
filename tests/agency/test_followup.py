"""What officers do about a flag and about a person whom several agencies claim."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from agency import recheck
from agency.models import Agency, ClaimStanding, FilingStatus, Flag, RosterClaim, StaffMember
from agency.services import flagging
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from notices.models import Notice
from tests.factories import Make
from tests.factories.agencies import made_up_number

SignIn = Callable[[User], FlaskClient]
GONE = timedelta(days=1)


class Lacking:
    """A filed agency with one senior too few, and its flag."""

    def __init__(self, app: Flask, make: Make) -> None:
        self.app = app
        self.agency = make.qualified_agency(seniors=5)
        with app.app_context(), transaction() as session:
            session.get_one(Agency, self.agency.id).filing_status = FilingStatus.FILED
        self.leave(clock.today() - GONE)

    def leave(self, day: object) -> None:
        with self.app.app_context(), transaction() as session:
            rows = select(StaffMember).where(StaffMember.agency_id == self.agency.id).order_by(StaffMember.id)
            session.scalars(rows).first().left_on = day  # type: ignore[union-attr, assignment]
            recheck.run(session, session.get_one(Agency, self.agency.id))

    @property
    def flag(self) -> Flag:
        with self.app.app_context():
            flag = db.session.scalars(select(Flag).where(Flag.agency_id == self.agency.id)).one()
            db.session.expunge_all()
            return flag

    def told(self, event: str) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(Notice.audience_kind).where(Notice.event == event)))


@pytest.fixture
def lacking(app: Flask, make: Make) -> Lacking:
    return Lacking(app, make)


def test_an_officer_sets_the_term_and_may_extend_it(lacking: Lacking, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    path = f"/desk/agencies/flags/{lacking.flag.id}/term"
    proposed = clock.today() + timedelta(days=30)
    assert str(proposed) in desk.get(path).text
    first = {"shown": "", "mend_by": proposed, "reason": "请补充高级职称人员"}
    assert desk.post(path, data=first).status_code == 302
    assert lacking.flag.mend_by == proposed
    assert lacking.told("term_set") == ["agency"]
    later = proposed + timedelta(days=15)
    assert desk.post(path, data={"shown": proposed, "mend_by": later, "reason": "招聘中"}).status_code == 302
    page = desk.get(path).text
    assert f"期限定为 {later}（原为 {proposed}）" in page
    assert "招聘中" in page


def test_a_second_click_on_the_term_is_told(lacking: Lacking, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("approver"))
    path = f"/desk/agencies/flags/{lacking.flag.id}/term"
    form = {"shown": "", "mend_by": clock.today() + timedelta(days=9), "reason": "请补充"}
    assert desk.post(path, data=form).status_code == 302
    again = desk.post(path, data=form)
    assert again.status_code == 409
    assert "刚刚已定为" in again.text


@pytest.mark.parametrize(
    ("wrong", "told"), [({"mend_by": "2020-01-01"}, "已经过去"), ({"reason": " "}, "理由"), ({"mend_by": ""}, "期限")]
)
def test_a_term_that_cannot_be_is_refused(
    lacking: Lacking, make: Make, sign_in: SignIn, wrong: dict[str, str], told: str
) -> None:
    desk = sign_in(make.officer("reviewer"))
    form = {"shown": "", "mend_by": str(clock.today()), "reason": "请补充"} | wrong
    page = desk.post(f"/desk/agencies/flags/{lacking.flag.id}/term", data=form)
    assert page.status_code == 422
    assert told in page.text
    assert lacking.flag.mend_by is None


def test_mending_is_confirmed_only_while_the_check_holds(lacking: Lacking, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    path = f"/desk/agencies/flags/{lacking.flag.id}/mended"
    assert "现在还不能确认" in desk.get(path).text
    refused = desk.post(path, data={"reason": "核对了名单"})
    assert refused.status_code == 422
    assert "第二十条（三）" in refused.text
    assert lacking.flag.cleared_on is None
    lacking.leave(None)
    assert "确认已补正" in desk.get(path).text
    assert desk.post(path, data={"reason": ""}).status_code == 422
    assert desk.post(path, data={"reason": "核对了名单"}).status_code == 302
    flag = lacking.flag
    assert (flag.cleared_on, flag.mended_on, flag.reason) == (clock.today(), clock.today(), "核对了名单")
    assert lacking.told("conditions_confirmed") == ["agency"]
    again = desk.post(path, data={"reason": "核对了名单"})
    assert again.status_code == 409
    assert "已于" in again.text


def test_what_needs_judgement_is_confirmed_by_the_officers_reason(
    lacking: Lacking, app: Flask, make: Make, sign_in: SignIn
) -> None:
    make.staff_member(lacking.agency, title="首席环保专家")
    officer = make.officer("reviewer")
    with app.app_context():
        flagging.confirm_mended(lacking.flag.id, reason="该职称经核属副高级", by=officer)
    assert lacking.flag.cleared_on == clock.today()


def test_only_the_provincial_desk_follows_up(
    lacking: Lacking, make: Make, sign_in: SignIn, client: FlaskClient
) -> None:
    own, bureau = sign_in(make.user_of(lacking.agency)), sign_in(make.officer("municipal", bureau="tonghua"))
    for path in (f"flags/{lacking.flag.id}/term", f"flags/{lacking.flag.id}/mended", "shared-persons"):
        assert own.get(f"/desk/agencies/{path}").status_code == 403
        assert bureau.get(f"/desk/agencies/{path}").status_code == 403
        assert client.get(f"/desk/agencies/{path}").status_code == 302
    desk = sign_in(make.officer("reviewer"))
    assert desk.get("/desk/agencies/flags/999/term").status_code == 404
    assert desk.get("/desk/agencies/shared-persons/999/award").status_code == 404


# persons whom several agencies claim


def claimed_twice(app: Flask, make: Make) -> tuple[Agency, Agency, int]:
    number = made_up_number()
    agencies = make.qualified_agency(seniors=5, intermediates=4), make.agency()
    for agency in agencies:
        make.staff_member(agency, number=number, name="冯两处")
    with app.app_context(), transaction() as session:
        rows = select(StaffMember.person_id).where(StaffMember.agency_id == agencies[1].id)
        person = session.scalars(rows).one()
        for agency in agencies:
            session.add(
                RosterClaim(agency_id=agency.id, person_id=person, standing=ClaimStanding.SUBMITTED, since=clock.now())
            )
    return *agencies, person


def test_officers_see_both_names_and_decide_where_the_person_counts(app: Flask, make: Make, sign_in: SignIn) -> None:
    first, second, person = claimed_twice(app, make)
    desk = sign_in(make.officer("reviewer"))
    listed = desk.get("/desk/agencies/shared-persons").text
    assert first.name in listed
    assert second.name in listed
    assert "待核" in listed
    assert "有 1 人由几家机构申报" in desk.get("/desk").text
    path = f"/desk/agencies/shared-persons/{person}/award"
    assert desk.get(path).status_code == 200
    assert desk.post(path, data={"agency_id": first.id, "reason": ""}).status_code == 422
    assert desk.post(path, data={"agency_id": 999, "reason": "核对了社保"}).status_code == 422
    assert desk.post(path, data={"agency_id": first.id, "reason": "核对了社保"}).status_code == 302
    assert f"计入{first.name}" in desk.get("/desk/agencies/shared-persons").text
    assert "多家申报的人员" not in desk.get("/desk").text
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "roster_claim.awarded")).one()
        assert (entry.after, entry.reason) == (first.name, "核对了社保")
        assert "冯两处" not in str(entry.content())
    again = desk.post(path, data={"agency_id": first.id, "reason": "核对了社保"})
    assert again.status_code == 409
    assert "中级及以上 10/10" in sign_in(make.user_of(first)).get("/agency/staff").text
    assert "不计入本机构" in sign_in(make.user_of(second)).get("/agency/staff").text


def test_a_person_of_one_agency_is_not_listed(app: Flask, make: Make, sign_in: SignIn) -> None:
    _, second, person = claimed_twice(app, make)
    with app.app_context(), transaction() as session:
        session.delete(session.scalars(select(RosterClaim).where(RosterClaim.agency_id == second.id)).one())
    desk = sign_in(make.officer("reviewer"))
    assert "没有多家申报的人员" in desk.get("/desk/agencies/shared-persons").text
    assert desk.get(f"/desk/agencies/shared-persons/{person}/award").status_code == 404

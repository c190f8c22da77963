"""An agency keeps its staff by hand: who is taken in, what is refused, who left."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from agency.models import Agency, ClaimStanding, Person, QualificationCheck, RosterClaim, StaffMember
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.identifiers import IdNumber
from tests.factories import Make
from tests.factories.agencies import made_up_number

SignIn = Callable[[User], FlaskClient]


def typed(agency: Agency, **overrides: object) -> dict[str, object]:
    """A filled-in form; the number is of somebody born in 1985."""
    return {
        "version": agency.version,
        "name": "赵新人",
        "number": made_up_number(),
        "title": "高级工程师",
        "declared_level": "",
        "series": "工程技术",
        "major": "环境工程",
        "degree_major": "",
        "granted_on": "2019-12-01",
        "certificate_number": "吉高 2019-0417",
        "employment": "contract",
        "full_time": "yes",
        "contract_until": "",
        "insured_since": "2020-03-01",
        "insured_elsewhere": "",
        "joined_on": "2020-03-01",
        "note": "",
    } | overrides


def rows(app: Flask, agency: Agency) -> Sequence[StaffMember]:
    with app.app_context():
        found = select(StaffMember).where(StaffMember.agency_id == agency.id).order_by(StaffMember.id)
        people = db.session.scalars(found).all()
        db.session.expunge_all()
        return people


def version_of(app: Flask, agency: Agency) -> int:
    with app.app_context():
        return db.session.get_one(Agency, agency.id).version


def test_a_person_is_taken_in_and_judged_by_the_table(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    own = sign_in(make.user_of(agency))
    assert "还没有录入人员" in own.get("/agency/staff").text
    number = made_up_number()
    done = own.post("/agency/staff/new", data=typed(agency, number=f" {number.lower()} "))
    assert done.status_code == 302
    page = own.get("/agency/staff").text
    assert "赵新人" in page
    assert "副高级" in page
    assert "中级及以上 1/10 人，其中相关专业高级 1/5 人" in page
    assert "还缺 职称证书、劳动合同或在编证明、社会保险缴纳证明" in page
    assert number not in page
    with app.app_context():
        assert db.session.get_one(QualificationCheck, agency.id).senior == 1
        log = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff_member.added")).one()
        assert "赵新人" not in str(log.content())


def test_a_second_click_does_not_take_the_person_in_twice(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    own = sign_in(make.user_of(agency))
    form = typed(agency)
    own.post("/agency/staff/new", data=form)
    again = own.post("/agency/staff/new", data=form)
    assert again.status_code == 409
    assert "赵新人" in again.text
    informed = own.post("/agency/staff/new", data=form | {"version": version_of(app, agency)})
    assert informed.status_code == 422
    assert "已在本机构名单中" in informed.text
    assert len(rows(app, agency)) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"number": "220104198505200018"}, "校验"),
        ({"number": ""}, "请填写 18 位身份证号码"),
        ({"name": ""}, "请填写姓名"),
        ({"full_time": ""}, "请选择是否专职"),
        ({"granted_on": "1999-12-01"}, "不满 16 周岁"),
        ({"granted_on": "2199-12-01"}, "在今天之后"),
        ({"joined_on": "1998-01-01"}, "不满 16 周岁"),
        ({"contract_until": "2020-02-28"}, "早于到岗日期"),
        ({"insured_since": "2199-01-01"}, "在今天之后"),
        ({"joined_on": "去年"}, "没有这个日期"),
        ({"title": "首席环保专家"}, "职称表中没有"),
        ({"employment": "friend"}, ""),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    app: Flask, make: Make, sign_in: SignIn, wrong: dict[str, str], told: str
) -> None:
    agency = make.agency()
    page = sign_in(make.user_of(agency)).post("/agency/staff/new", data=typed(agency, **wrong))
    assert page.status_code == 422
    assert told in page.text
    assert "吉高 2019-0417" in page.text
    assert rows(app, agency) == []


def test_an_unknown_title_is_what_the_agency_takes_it_for_until_an_officer_decides(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    agency = make.agency()
    own = sign_in(make.user_of(agency))
    form = typed(agency, title="首席环保专家", declared_level="deputy_senior")
    assert own.post("/agency/staff/new", data=form).status_code == 302
    page = own.get("/agency/staff").text
    assert "机构认为属副高级，待核" in page
    assert "中级及以上 0/10" in page


def test_the_form_shows_what_is_written_and_keeps_the_number_masked(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    number = made_up_number()
    member = make.staff_member(agency, number=number, name="孙在册")
    own = sign_in(make.user_of(agency))
    page = own.get(f"/agency/staff/{member.id}").text
    assert "孙在册" in page
    assert number not in page
    changed = typed(agency, name="孙在册", title="正高级工程师", declared_level="")
    assert own.post(f"/agency/staff/{member.id}", data=changed).status_code == 302
    (row,) = rows(app, agency)
    assert (row.title, row.certificate_number) == ("正高级工程师", "吉高 2019-0417")
    assert own.post(f"/agency/staff/{member.id}", data=changed).status_code == 409


def test_the_staff_of_others_does_not_exist(make: Make, sign_in: SignIn, client: FlaskClient) -> None:
    member = make.staff_member(make.agency())
    stranger = sign_in(make.user_of(make.agency()))
    officer = sign_in(make.officer("reviewer"))
    for path in (f"/agency/staff/{member.id}", f"/agency/staff/{member.id}/left"):
        assert stranger.get(path).status_code == 404
        assert officer.get(path).status_code in (403, 404)
        assert client.get(path).status_code == 302
    for path in ("/agency/staff", "/agency/staff/new"):
        assert officer.get(path).status_code == 403
        assert client.get(path).status_code == 302


def test_who_left_no_longer_counts_and_can_come_back_later(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    number = made_up_number()
    member = make.staff_member(agency, number=number, name="周离职")
    own = sign_in(make.user_of(agency))
    path, today = f"/agency/staff/{member.id}/left", clock.today()
    version = {"version": agency.version}
    for wrong in ("2199-01-01", "2001-01-01", ""):
        assert own.post(path, data=version | {"left_on": wrong}).status_code == 422
    yesterday = today - timedelta(days=1)
    assert own.post(path, data=version | {"left_on": yesterday}).status_code == 302
    assert own.post(path, data={"version": version_of(app, agency), "left_on": yesterday}).status_code == 409
    assert "周离职" not in own.get("/agency/staff").text
    assert "周离职" in own.get("/agency/staff?presence=left").text
    back = typed(agency, number=number, name="周离职", version=version_of(app, agency))
    same_day = own.post("/agency/staff/new", data=back | {"joined_on": yesterday})
    assert "重新到岗的日期应在其后" in same_day.text
    assert own.post("/agency/staff/new", data=back | {"joined_on": today}).status_code == 302
    assert [row.left_on for row in rows(app, agency)] == [yesterday, None]
    # the former record can't be opened again beside the new one
    reopened = typed(agency, version=version_of(app, agency), left_on="")
    assert "另有一条在职记录" in own.post(f"/agency/staff/{member.id}", data=reopened).text


def test_a_wrong_last_day_can_be_corrected(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    member = make.staff_member(agency, left_on=date(2025, 5, 1))
    own = sign_in(make.user_of(agency))
    form = typed(agency, left_on="")
    assert own.post(f"/agency/staff/{member.id}", data=form).status_code == 302
    assert rows(app, agency)[0].left_on is None


def test_an_agency_reads_no_name_of_the_other(app: Flask, make: Make, sign_in: SignIn) -> None:
    number = made_up_number()
    first, second = make.agency(), make.agency()
    with app.app_context():
        make.staff_member(first, number=number)
    with app.app_context(), transaction() as session:
        session.add(
            RosterClaim(
                agency_id=first.id,
                person_id=session.scalars(select(StaffMember.person_id).where(StaffMember.agency_id == first.id)).one(),
                standing=ClaimStanding.FILED,
                since=clock.now(),
            )
        )
    own = sign_in(make.user_of(second))
    assert own.post("/agency/staff/new", data=typed(second, number=number)).status_code == 302
    page = own.get("/agency/staff").text
    assert "该人员另有任职申报，待核" in page
    assert first.name not in page
    with app.app_context():
        assert IdNumber.parse(number)
        people = select(func.count()).select_from(Person).where(Person.id.in_(select(RosterClaim.person_id)))
        assert db.session.scalar(people) == 1


def test_the_list_is_searched_and_filtered(make: Make, sign_in: SignIn) -> None:
    agency = make.qualified_agency(seniors=2, intermediates=1)
    make.staff_member(agency, name="吴技师", title="高级技师")
    own = sign_in(make.user_of(agency))
    counted = own.get("/agency/staff?counting=senior").text
    assert "高职员01" in counted
    assert "中职员03" not in counted
    assert "吴技师" in own.get("/agency/staff?counting=not_counted").text
    found = own.get("/agency/staff?q=吴技").text
    assert "找到 1 人" in found
    assert "没有符合条件的人员" in own.get("/agency/staff?q=无此人").text
    assert own.get("/agency/staff?counting=junk&presence=junk&page=junk").status_code == 200


def test_what_runs_out_soon_is_told(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    soon = clock.today() + timedelta(days=30)
    make.staff_member(agency, name="郑到期", contract_until=soon)
    make.staff_member(agency, name="王长久", contract_until=soon + timedelta(days=1))
    page = sign_in(make.user_of(agency)).get("/agency/staff").text
    assert f"劳动合同 {soon} 到期（郑到期）" in page
    assert "（王长久）" not in page

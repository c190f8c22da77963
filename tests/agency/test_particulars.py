"""An agency keeps who it is: identity, representative, finances, declarations."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency, Declaration, FilingStatus, QualificationCheck, Representation
from agency.particulars import DeclarationKind
from core import clock
from core.audit import AuditEntry
from core.db import db
from core.law import Verdict
from tests.factories import Make
from tests.factories.agencies import made_up_number

SignIn = Callable[[User], FlaskClient]

OWN_PAGES = (
    "/agency/particulars",
    "/agency/identity",
    "/agency/representative",
    "/agency/representative/correct",
    "/agency/rules",
    "/agency/declarations",
    "/agency/declarations/letter",
    "/agency/materials",
    "/agency/offices",
    "/agency/offices/new",
    "/agency/records/new",
    "/agency/trainings/new",
    "/agency/outside-projects",
    "/agency/outside-projects/new",
)


def version_of(app: Flask, agency: Agency) -> int:
    with app.app_context():
        return db.session.get_one(Agency, agency.id).version


def identity(agency: Agency, **overrides: object) -> dict[str, object]:
    return {
        "version": agency.version,
        "name": agency.name,
        "kind": "enterprise",
        "address": "吉林省吉林市船营区北京路 3 号",
        "province": "22",
        "place": "船营区",
        "bureau": "",
        "capabilities": ["factory"],
        "platform_number": "GM-1",
        "platform_registered_on": "2024-01-05",
        "contact_name": "李联系",
        "contact_phone": "13804310002",
        "contact_email": "contact@example.com",
        "service_consent": "y",
        "service_address": "service@example.com",
    } | overrides


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_are_an_agencys_own(client: FlaskClient, make: Make, sign_in: SignIn, path: str) -> None:
    assert client.get(path).status_code == 302
    assert sign_in(make.officer("reviewer")).get(path).status_code == 403
    assert sign_in(make.user_of(make.agency())).get(path).status_code == 200


def test_the_overview_says_what_is_lacking_and_shows_the_check(make: Make, sign_in: SignIn) -> None:
    page = sign_in(make.user_of(make.agency())).get("/agency/particulars")
    assert "还没有登记办公场所" in page.text
    assert "第二十条（三）" in page.text
    assert "不符合" in page.text


def test_the_overview_of_a_qualified_agency_has_nothing_due(make: Make, sign_in: SignIn) -> None:
    page = sign_in(make.user_of(make.qualified_agency())).get("/agency/particulars")
    assert "待补" not in page.text
    assert "资料已填齐" in page.text


def test_a_new_name_keeps_the_former_one_findable(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    answer = sign_in(make.user_of(agency)).post("/agency/identity", data=identity(agency, name="吉林新名环境有限公司"))
    assert answer.status_code == 302, answer.text
    with app.app_context():
        row = db.session.get_one(Agency, agency.id)
        assert row.name == "吉林新名环境有限公司"
        assert [former.name for former in row.former_names] == [agency.name]
        assert agency.name.lower() in row.search_text
        assert row.bureau == "jilin-city"
        assert row.version == agency.version + 1
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "agency.identity_changed")).one()
        assert (entry.before, entry.after) == (agency.name, "吉林新名环境有限公司")


def test_the_second_of_two_changes_is_told_and_may_then_save_all_the_same(make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    colleague = sign_in(make.user_of(agency))
    assert colleague.post("/agency/identity", data=identity(agency)).status_code == 302
    second = colleague.post("/agency/identity", data=identity(agency, address="另一个地址 9 号"))
    assert second.status_code == 409
    assert "已有改动" in second.text
    assert "另一个地址 9 号" in second.text
    assert f'name="version" type="hidden" value="{agency.version + 1}"' in second.text


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"name": "吉林某某公司长春分公司"}, "分支机构不具有独立法人资格"),
        ({"platform_registered_on": "2999-01-01"}, "在今天之后"),
        ({"service_consent": ""}, "同时勾选同意电子送达"),
        ({"place": "船营"}, None),
        ({"bureau": "baicheng"}, "不一致"),
    ],
)
def test_an_identity_that_cannot_be_is_refused(
    make: Make, sign_in: SignIn, overrides: dict[str, object], told: str | None
) -> None:
    agency = make.agency()
    page = sign_in(make.user_of(agency)).post("/agency/identity", data=identity(agency, **overrides))
    if told is None:
        assert page.status_code == 302
    else:
        assert page.status_code == 422
        assert told in page.text


def successor(agency: Agency, **overrides: object) -> dict[str, object]:
    return {
        "version": agency.version,
        "name": "郑继任",
        "document": "resident_id",
        "number": made_up_number("220103"),
        "phone": "13904310003",
        "since": (clock.today() - timedelta(days=30)).isoformat(),
    } | overrides


@pytest.mark.clause("JL-22-2")
def test_a_change_of_representative_entered_late_ends_the_former_term_the_day_before(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    agency = make.agency()
    since = clock.today() - timedelta(days=30)
    assert sign_in(make.user_of(agency)).post("/agency/representative", data=successor(agency)).status_code == 302
    with app.app_context():
        former, current = db.session.scalars(select(Representation).order_by(Representation.since)).all()
        assert former.until == since - timedelta(days=1)
        assert (current.name, current.since, current.until) == ("郑继任", since, None)


@pytest.mark.parametrize(("days", "told"), [(-1, "在今天之后"), (900, "应晚于现任的任职日期"), (901, "应晚于")])
def test_terms_in_office_follow_each_other(make: Make, sign_in: SignIn, days: int, told: str) -> None:
    agency = make.agency()
    since = (clock.today() - timedelta(days=days)).isoformat()
    page = sign_in(make.user_of(agency)).post("/agency/representative", data=successor(agency, since=since))
    assert page.status_code == 422
    assert told in page.text


def test_the_one_in_office_is_no_successor(make: Make, sign_in: SignIn) -> None:
    number = made_up_number("220103")
    agency = make.agency(representative_number=number)
    page = sign_in(make.user_of(agency)).post("/agency/representative", data=successor(agency, number=number))
    assert page.status_code == 422
    assert "这是现任法定代表人" in page.text


def test_a_mistyped_representative_is_corrected_without_a_new_term(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    corrected = successor(agency, name="王法定二", number="")
    assert sign_in(make.user_of(agency)).post("/agency/representative/correct", data=corrected).status_code == 302
    with app.app_context():
        row = db.session.scalars(select(Representation)).one()
        assert row.name == "王法定二"


def test_the_number_is_corrected_only_until_the_first_filing(app: Flask, make: Make, sign_in: SignIn) -> None:
    unproved, filed = make.agency(), make.agency(first_filed_on=clock.today())
    page = "/agency/representative/correct"
    assert sign_in(make.user_of(unproved)).post(page, data=successor(unproved)).status_code == 302
    refused = sign_in(make.user_of(filed)).post(page, data=successor(filed))
    assert refused.status_code == 422
    assert "已备案机构不能更正证件号码" in refused.text


def test_declarations_are_made_one_by_one_and_taken_back(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    user = sign_in(make.user_of(agency))
    signed = {"version": agency.version, "kinds": ["truthful", "lawful"], "signed_by": "王法定"}
    assert user.post("/agency/declarations", data=signed).status_code == 302
    with app.app_context():
        made = db.session.scalars(select(Declaration).order_by(Declaration.id)).all()
        assert {row.kind for row in made} == {DeclarationKind.TRUTHFUL, DeclarationKind.LAWFUL}
        assert made[0].signed_on == clock.today()
    again = user.post("/agency/declarations", data=signed)
    assert again.status_code == 422
    user.post("/agency/declarations/truthful/withdraw", data={"version": agency.version + 1})
    with app.app_context():
        assert [row.kind for row in db.session.scalars(select(Declaration))] == [DeclarationKind.LAWFUL]
    stale = user.post("/agency/declarations/lawful/withdraw", data={"version": agency.version}, follow_redirects=True)
    assert "已有改动" in stale.text
    assert user.post("/agency/declarations/nothing/withdraw").status_code == 404


@pytest.mark.parametrize("without", [{"kinds": []}, {"signed_by": " "}])
def test_a_declaration_needs_a_tick_and_a_name(make: Make, sign_in: SignIn, without: dict[str, object]) -> None:
    agency = make.agency()
    signed = {"version": agency.version, "kinds": ["truthful"], "signed_by": "王法定"} | without
    assert sign_in(make.user_of(agency)).post("/agency/declarations", data=signed).status_code == 422


def test_finances_are_described(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    typed = {"version": agency.version, "finance_system": "设专职会计，\r\n年度审计。"}
    assert sign_in(make.user_of(agency)).post("/agency/rules", data=typed).status_code == 302
    with app.app_context():
        assert db.session.get_one(Agency, agency.id).finance_system == "设专职会计，\n年度审计。"


def test_each_change_is_checked_again(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency = make.qualified_agency()
    user = sign_in(make.user_of(agency))
    user.post("/agency/rules", data={"version": agency.version, "finance_system": "有"})
    with app.app_context():
        assert db.session.get_one(QualificationCheck, agency.id).verdict is Verdict.MET
    user.post("/agency/declarations/lawful/withdraw", data={"version": agency.version + 1})
    with app.app_context():
        assert db.session.get_one(QualificationCheck, agency.id).verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("status", "told"), [(FilingStatus.PENDING, "下次提交时生效"), (FilingStatus.FILED, "随变更备案提交后生效")]
)
def test_it_is_told_when_changes_take_effect(make: Make, sign_in: SignIn, status: FilingStatus, told: str) -> None:
    agency = make.agency(filing_status=status)
    assert told in sign_in(make.user_of(agency)).get("/agency/identity").text


def test_the_letter_of_commitment_names_the_agency(make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    page = sign_in(make.user_of(agency)).get("/agency/declarations/letter")
    assert agency.name in page.text
    assert str(agency.credit_code) in page.text


@pytest.mark.clause("JL-22-1b")
def test_the_letter_of_commitment_promises_all_that_the_first_paragraph_of_article_22_forbids(
    make: Make, sign_in: SignIn
) -> None:
    page = sign_in(make.user_of(make.agency())).get("/agency/declarations/letter").text
    assert "不与培育对象签订对赌协议" in page
    assert "不以任何形式承诺评价结论或者申报结果" in page
    assert "不以认证服务搭售评价" in page
    assert "不以其他方式扰乱培育、咨询、评价服务市场" in page

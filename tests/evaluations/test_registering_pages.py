"""The agency's pages: its list and year board, finding an applicant, the form of registering, raising."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency
from applicants.models import Applicant, Kind
from core import clock
from core.db import db
from evaluations.entries import RegistrationEntry
from evaluations.models import Evaluation
from evaluations.rules.states import Level, State
from tests.factories import Make
from tests.factories.agencies import TINY_PDF, made_up_number
from tests.numbers import credit_code

SignIn = Callable[[User], FlaskClient]
CountQueries = Callable[[], AbstractContextManager[list[str]]]


def typed(entry: RegistrationEntry, **changed: Any) -> dict[str, Any]:
    """What the form sends for an entry, with a file."""
    sent = {
        "kind": entry.kind.value,
        "level": entry.level.value,
        "year": str(entry.year),
        "begun_on": entry.begun_on.isoformat(),
        "amount_fen": f"{entry.amount_fen / 100:.2f}",
        "standard": entry.standard,
        "team": [str(person_id) for _, person_id in entry.team],
        "leader_id": str(entry.leader_id or ""),
        "statement": entry.statement,
        "agreement": (BytesIO(TINY_PDF), "评价协议.pdf"),
    }
    return sent | changed


def address(applicant: Applicant) -> str:
    return f"/evaluations/new/{applicant.id}"


@pytest.fixture
def agency(make: Make) -> Agency:
    return make.filed_agency()


@pytest.fixture
def user(make: Make, agency: Agency) -> User:
    return make.user_of(agency)


def registered(make: Make) -> list[Evaluation]:
    with make.app.app_context():
        db.session.expire_all()
        return list(db.session.scalars(select(Evaluation).order_by(Evaluation.id)))


def test_an_agency_registers_an_evaluation_on_one_form(make: Make, sign_in: SignIn, user: User) -> None:
    applicant = make.applicant()
    client = sign_in(user)
    page = client.get(address(applicant))
    assert page.status_code == 200
    for shown in ("登记前的核对", "机构备案", "国家级名额", "还可登记", "高职员01（高级工程师）", "GB/T 36132-2025"):
        assert shown in page.text
    assert "不能登记" not in page.text.replace("标为“不能登记”", "")
    answer = client.post(
        address(applicant), data=typed(make.entry(applicant=applicant), amount_fen="８万".replace("万", "0,000"))
    )
    (found,) = registered(make)
    assert (answer.status_code, answer.location) == (302, f"/evaluations/{found.id}")
    with make.app.app_context():
        assert make.evaluation_now(found.id).agreements[0].amount_fen == 80_000_00


def test_what_is_refused_stands_at_its_field_and_what_was_typed_stays(make: Make, sign_in: SignIn, user: User) -> None:
    applicant = make.applicant()
    entry = make.entry(applicant=applicant)
    sent = typed(entry, amount_fen="-1.50", year="2031", leader_id="", statement="请看附件", partners="")
    page = sign_in(user).post(address(applicant), data=sent)
    assert page.status_code == 422
    assert registered(make) == []
    for said in ("协议金额不能小于 0", "申报年度 2031 与协议日期", "请指定评价小组组长", "请重新选择协议文件"):
        assert said in page.text
    for kept in ('value="-1.50"', 'value="2031"', "请看附件", f'value="{entry.begun_on}"'):
        assert kept in page.text
    assert page.text.count(" checked") == 4  # kind, level, and two of the staff


@pytest.mark.clause("JL-11")
def test_an_excluded_applicant_is_shown_with_its_term_and_refused(make: Make, sign_in: SignIn, user: User) -> None:
    applicant = make.applicant(name="四平砚田锻造有限公司")
    make.exclusion(applicant)
    client = sign_in(user)
    found = client.get("/evaluations/new?q=砚田").text
    assert "不得列入名单" in found
    assert f"至 {clock.years_after(clock.today(), 3)}" in found
    assert address(applicant) not in found
    form = client.get(address(applicant)).text
    assert "现在不能登记" in form
    page = client.post(address(applicant), data=typed(make.entry(applicant=applicant)))
    assert page.status_code == 422
    assert "第十一条" in page.text


def test_an_applicant_is_found_by_two_characters_or_by_its_code_or_entered_anew(
    make: Make, sign_in: SignIn, user: User
) -> None:
    applicant = make.applicant(name="通化参业药材有限公司")
    client = sign_in(user)
    for word in ("参业", applicant.credit_code):
        assert address(applicant) in client.get("/evaluations/new", query_string={"q": word}).text
    assert "没有找到" in client.get("/evaluations/new?q=无此企业").text
    page = client.get("/evaluations/new/applicant?name=辽源新企业").text
    assert 'value="辽源新企业"' in page
    sent = {
        "name": "辽源新企业有限公司", "kinds": "factory", "credit_code": credit_code(9_001), "bureau": "liaoyuan",
        "county": "龙山区", "industry_code": "3670", "industry": "汽车零部件", "address": "某路 1 号",
        "representative": "罗企业", "representative_document": "resident_id",
        "contact_name": "韩联络", "contact_phone": "13804319001", "listed": "none",
    }  # fmt: skip
    answer = client.post("/evaluations/new/applicant", data=sent)
    with make.app.app_context():
        entered = db.session.scalars(select(Applicant).where(Applicant.name == sent["name"])).one()
    assert (answer.status_code, answer.location) == (302, address(entered))
    again = client.post("/evaluations/new/applicant", data=sent)
    assert again.status_code in (409, 422)


def test_a_second_sending_leads_to_what_the_first_registered(make: Make, sign_in: SignIn, user: User) -> None:
    applicant = make.applicant()
    entry = make.entry(applicant=applicant)
    client = sign_in(user)
    first = client.post(address(applicant), data=typed(entry))
    second = client.post(address(applicant), data=typed(entry))
    assert (second.status_code, second.location) == (302, first.location)
    assert len(registered(make)) == 1
    with client.session_transaction() as session:
        assert any("没有再次登记" in message for _, message in session["_flashes"])


def test_a_file_that_is_none_or_missing_is_refused_at_its_field(make: Make, sign_in: SignIn, user: User) -> None:
    applicant = make.applicant()
    entry, client = make.entry(applicant=applicant), sign_in(user)
    for file, said in (((BytesIO(b"hello"), "协议.txt"), "纯文本"), (None, "请选择评价协议的文件")):
        sent = typed(entry)
        del sent["agreement"]
        page = client.post(address(applicant), data=sent | ({"agreement": file} if file else {}))
        assert page.status_code == 422
        assert said in page.text
    assert registered(make) == []


def test_a_joint_evaluation_names_the_others_by_code(make: Make, sign_in: SignIn, user: User, agency: Agency) -> None:
    applicant, other = make.applicant(), make.filing().agency
    entry, client = make.entry(applicant=applicant), sign_in(user)
    for wrong, said in (("91220101000009999X", "没有统一社会信用代码为"), (agency.credit_code, "不填本机构")):
        page = client.post(address(applicant), data=typed(entry, partners=wrong))
        assert page.status_code == 422
        assert said in page.text
    client.post(address(applicant), data=typed(entry, partners=f" {(other.credit_code or '').lower()}\n"))
    (found,) = registered(make)
    assert [party.agency_id for party in make.evaluation_now(found.id).parties] == [agency.id, other.id]
    listed = sign_in(make.user_of(other)).get("/evaluations").text
    assert applicant.name in listed
    assert f"{agency.name}牵头" in listed


def test_only_agencies_come_here(make: Make, sign_in: SignIn) -> None:
    applicant = make.applicant()
    for other in (make.officer("reviewer"), make.user_of_applicant(applicant)):
        client = sign_in(other)
        for path in ("/evaluations", "/evaluations/new", address(applicant), "/evaluations/export.xlsx"):
            assert client.get(path).status_code == 403
    assert sign_in(make.user_of(make.agency())).get(address(applicant)).status_code == 200  # not filed: it reads why


@pytest.mark.clause("JL-21-2")
def test_an_agency_that_is_not_filed_reads_why_it_cannot_register(make: Make, sign_in: SignIn) -> None:
    applicant = make.applicant()
    page = sign_in(make.user_of(make.agency())).get(address(applicant)).text
    assert "没有有效的备案" in page
    assert "没有可选的在案人员" in page or "现在不能登记" in page


@pytest.mark.clause("JL-22-2")
def test_an_agency_without_a_filing_is_sent_to_file_first(make: Make, sign_in: SignIn) -> None:
    page = sign_in(make.user_of(make.agency())).get("/evaluations").text
    assert "先完成备案，才能登记评价" in page
    assert 'href="/evaluations/new"' not in page


def test_the_board_shows_the_year_by_kept_sums_and_the_places_by_whose_they_are(make: Make, sign_in: SignIn) -> None:
    number = made_up_number()
    own = make.filing(agency=make.qualified_agency(representative_number=number)).agency
    other = make.filing(agency=make.qualified_agency(representative_number=number, name="吉林同代绿色有限公司")).agency
    make.outside_projects(own)
    for _ in range(2):
        make.evaluation(agency=own, level=Level.NATIONAL)
    make.evaluation(agency=other, level=Level.NATIONAL)
    make.evaluation("adopted", agency=own)
    page = sign_in(make.user_of(own)).get("/evaluations").text
    assert "共 15 个，已用 3 个，剩余 12 个" in page
    assert "同一法定代表人的其他机构" in page
    assert other.name not in page
    assert "已知数 2 项" in page
    assert "level=national&amp;state=registered" in page
    assert "level=municipal&amp;state=adopted" in page


def test_the_list_is_filtered_searched_and_exported_alike(make: Make, sign_in: SignIn, user: User) -> None:
    first = make.evaluation(applicant=make.applicant(name="白城风能装备有限公司"))
    make.evaluation("in_progress", level=Level.PROVINCIAL, kind=Kind.PARK, applicant=make.applicant(kind=Kind.PARK))
    make.evaluation(agency=make.filing().agency, applicant=make.applicant(name="白城别家有限公司"))
    client = sign_in(user)
    for asked in (
        {"q": "风能"},
        {"level": "municipal"},
        {"state": "registered"},
        {"kind": "factory"},
        {"q": first.number},
    ):
        page = client.get("/evaluations", query_string=asked).text
        assert "白城风能装备有限公司" in page, asked
        assert page.count('class="code">评〔') == 1, asked
        sheet = client.get("/evaluations/export.xlsx", query_string=asked)
        rows = list(openpyxl.load_workbook(BytesIO(sheet.data)).active.iter_rows(values_only=True))
        assert [row[0] for row in rows] == ["评价编号", first.number], asked
    assert "没有符合条件的评价" in client.get("/evaluations?q=别家").text
    assert client.get("/evaluations?year=1&level=x&page=zz").status_code == 200


def test_the_list_asks_a_fixed_number_of_queries(
    make: Make, sign_in: SignIn, user: User, count_queries: CountQueries
) -> None:
    client = sign_in(user)
    make.evaluation(level=Level.NATIONAL)
    counts = []
    for _ in range(2):
        client.get("/evaluations")
        with count_queries() as queries:
            assert client.get("/evaluations").status_code == 200
        counts.append(len(queries))
        for _ in range(4):
            make.evaluation("handed_over", level=Level.NATIONAL)
    assert counts[0] == counts[1]


@pytest.mark.clause("JL-22-2")
def test_raising_shows_what_it_takes_and_takes_it(make: Make, sign_in: SignIn, user: User) -> None:
    evaluation = make.evaluation("adopted", level=Level.PROVINCIAL)
    path = f"/evaluations/{evaluation.id}/raise"
    client = sign_in(user)
    page = client.get(path).text
    assert f"占用 {clock.today().year} 年的名额" in page
    assert "等待新级别的采信" in page
    sent = {"version": evaluation.version, "level": "national", "year": str(clock.today().year)}
    stale = client.post(path, data=sent | {"version": evaluation.version - 1})
    assert stale.status_code == 409
    assert client.post(path, data=sent | {"year": "2020"}).status_code == 422
    answer = client.post(path, data=sent)
    assert (answer.status_code, answer.location) == (302, f"/evaluations/{evaluation.id}")
    now = make.evaluation_now(evaluation.id)
    assert (now.level, now.state, now.raised_on) == (Level.NATIONAL, State.HANDED_OVER, clock.today())
    assert client.get(path).status_code == 302  # there is nothing above


def test_only_who_leads_raises(make: Make, sign_in: SignIn, agency: Agency) -> None:
    other = make.filing().agency
    evaluation = make.evaluation(agency=agency, agency_ids=(agency.id, other.id))
    assert sign_in(make.user_of(other)).get(f"/evaluations/{evaluation.id}/raise").status_code == 403
    stranger = make.user_of(make.agency())
    assert sign_in(stranger).get(f"/evaluations/{evaluation.id}/raise").status_code == 404


def test_back_dating_before_the_filing_is_told_on_the_form(make: Make, sign_in: SignIn, user: User) -> None:
    applicant = make.applicant()
    entry = replace(make.entry(applicant=applicant), begun_on=clock.today() - timedelta(days=2))
    page = sign_in(user).post(address(applicant), data=typed(entry, year=str(entry.begun_on.year)))
    assert page.status_code == 422
    assert "没有有效的备案" in page.text
    assert 'id="begun_on-error"' in page.text


def test_an_empty_form_is_told_of_all_that_is_missing_at_once(make: Make, sign_in: SignIn, user: User) -> None:
    answer = sign_in(user).post(address(make.applicant()), data={})
    assert answer.status_code == 422
    for missing in ("请选择评价级别", "请填写协议日期", "请选择评价小组成员", "请指定评价小组组长"):
        assert missing in answer.text


@pytest.mark.parametrize("amount", ["9e999999", "1e999999", "-9e999999"])
def test_an_amount_beyond_any_number_is_refused_at_its_field(
    make: Make, sign_in: SignIn, user: User, amount: str
) -> None:
    applicant = make.applicant()
    data = typed(make.entry(applicant=applicant), amount_fen=amount)
    answer = sign_in(user).post(address(applicant), data=data)
    assert answer.status_code == 422
    assert "这个金额不合情理" in answer.text


def test_a_choice_that_is_none_is_refused_in_chinese(make: Make, sign_in: SignIn, user: User) -> None:
    applicant = make.applicant()
    answer = sign_in(user).post(address(applicant), data=typed(make.entry(applicant=applicant), level="moon"))
    assert answer.status_code == 422
    assert "不是有效的选择" in answer.text
    assert "Not a valid" not in answer.text

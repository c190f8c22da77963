"""Applicants in a spreadsheet: looked at row by row, confirmed once or abandoned; nothing is saved before."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from applicants.models import Applicant, ApplicantSheet, Kind, ListLevel, SheetState
from applicants.services import sheets as services
from applicants.sheets import from_json, read_applicants, to_json, words, write_template
from applicants.sheets.headings import vocabulary
from applicants.sheets.planning import Outcome, Plan, plan
from applicants.sheets.waiting import read_of
from core import clock
from core.audit import AuditEntry
from core.db import db
from core.errors import DomainError
from core.headings import folded
from core.sheets import Limits, read_sheets, text_of
from core.uploads import store
from tests.applicants.sheets import BUREAU, CODE, COUNTY, HEADS, INDUSTRY, KIND, NAME, PHONE, clean, rows, workbook
from tests.evaluations.lists import bring as bring_list
from tests.evaluations.lists import row as entry
from tests.evaluations.lists import table
from tests.factories import Make
from tests.numbers import credit_code

SignIn = Callable[[User], FlaskClient]
DESK = "/desk/applicants"


def upload(desk: FlaskClient, content: bytes, name: str = "培育对象.xlsx") -> str:
    """Bring a sheet; returns the address of its preview."""
    done = desk.post(f"{DESK}/bring", data={"file": (io.BytesIO(content), name)})
    assert done.status_code == 302, done.text
    return str(done.location)


def planned(content: bytes, *, bureau: str = "") -> Plan:
    """Call it in an application context."""
    return plan(db.session(), read_applicants(content, Limits()), bureau=bureau)


def reasons(content: bytes, *, bureau: str = "") -> dict[int, str]:
    """Why rows are refused, by their number."""
    return {row.row.row: "；".join(row.remarks) for row in planned(content, bureau=bureau).having(Outcome.REJECTED)}


def confirmed(content: bytes, by: User) -> tuple[int, int]:
    sheet_id = services.bring(content, file_name="培育对象.xlsx", by=by)
    sheet = db.session.get_one(ApplicantSheet, sheet_id)
    version = plan(db.session(), read_of(sheet), bureau=sheet.bureau).version
    return services.confirm(sheet_id, version=version, by=by)


def version_on(page: str) -> str:
    return page.partition('name="version" value="')[2].partition('"')[0]


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Applicant)) or 0


def test_the_forty_samples_are_shown_and_saved_when_confirmed(app: Flask, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    preview = upload(desk, clean())
    page = desk.get(preview).text
    assert "<b>40</b>新增" in page
    assert "<b>0</b>不导入" in page
    assert count(app) == 0
    form = {"version": version_on(page)}
    done = desk.post(f"{preview}/confirm", data=form, follow_redirects=True)
    assert "已导入：新增 40 个，更改 0 个" in done.text
    assert count(app) == 40
    again = desk.post(f"{preview}/confirm", data=form)
    assert again.status_code == 409
    assert "已经导入：新增 40 个" in again.text
    with app.app_context():
        bureaus = dict(db.session.execute(select(Applicant.bureau, func.count()).group_by(Applicant.bureau)).all())
        assert (len(bureaus), bureaus["changchun"], bureaus["meihekou"], bureaus["changbaishan"]) == (11, 7, 2, 1)
        park = db.session.scalars(select(Applicant).where(Applicant.name.like("长春北澄%"))).one()
        assert (park.kinds, park.industrial_share, park.listed) == ((Kind.PARK,), 574, ListLevel.MUNICIPAL)
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("applicant%"))).all()
        assert actions == ["applicant_sheet.brought", "applicant_sheet.confirmed"]
        assert db.session.scalars(select(ApplicantSheet)).one().digest is None


def test_brought_again_nothing_changes_and_one_that_changed_is_shown_with_both_values(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    officer = make.officer("reviewer")
    with app.app_context():
        assert confirmed(clean(), officer) == (40, 0)
    desk = sign_in(officer)
    page = desk.get(upload(desk, clean())).text
    assert "<b>40</b>不变" in page
    assert "没有可以导入的内容" in page
    changed = rows()
    changed[0][NAME], changed[0][PHONE] = "长春砺川汽车零部件股份有限公司", "0431-88900000"
    changed[1][5] = ""  # what is left empty stays as it was
    preview = upload(desk, workbook([HEADS, *changed]))
    page = desk.get(f"{preview}?show=changed").text
    assert "名称：长春市砺川汽车零部件有限公司 → 长春砺川汽车零部件股份有限公司" in page
    assert "138****0001" in page
    assert "13800000001" not in page
    desk.post(f"{preview}/confirm", data={"version": version_on(page)})
    with app.app_context():
        renamed = db.session.scalars(select(Applicant).where(Applicant.name.like("%股份有限公司"))).one()
        assert [former.name for former in renamed.former_names] == ["长春市砺川汽车零部件有限公司"]
        # the list with the former name keeps the present one
        kept = planned(clean()).rows[0]
        assert (kept.outcome, kept.entry.name) == (Outcome.CHANGED, renamed.name)  # the phone of that list
        assert "是曾用名，保持现名" in kept.remarks[0]


@pytest.mark.usefixtures("context")
def test_a_dirty_sheet_is_read_and_what_is_no_applicant_left_out() -> None:
    lines = rows()
    for line in lines[1:3]:
        line[BUREAU] = None  # of a merged cell
    table_ = [
        ["2026 年绿色制造培育对象汇总表"], [], HEADS, *lines[:3], ["一、吉林市"], [], *lines[9:12],
        HEADS, *lines[12:14], ["合计", "8 家"], ["填表人：王某", "审核人：李某"],
    ]  # fmt: skip
    read = read_applicants(workbook(table_, title="汇总", merge=["A1:O1", "E4:E6"]), Limits())
    assert [row.said["name"] for row in read.rows] == [line[NAME] for line in (*lines[:3], *lines[9:14])]
    assert {kind for _, _, kind in read.skipped} == {"小标题", "重复的表头", "合计", "落款"}
    outcome = plan(db.session(), read, bureau="")
    assert outcome.counts == {Outcome.ADDED: 8}
    assert [row.entry.bureau for row in outcome.rows[:3]] == ["changchun"] * 3
    assert from_json(to_json(read)) == read


@pytest.mark.usefixtures("context")
def test_a_heading_in_two_rows_and_a_kind_in_the_title() -> None:
    table_ = [
        ["绿色工厂培育企业名单", "", "", "", "", "", "", ""],
        ["序号", "企业名称", "信用代码", "所在地", "", "联系人", "", "国民经济行业"],
        ["", "", "", "市州", "县区", "姓名", "联系电话", "行业代码"],
        [1, "松江纸业有限公司", credit_code(901), "长白山管委会", "池北区", "张三", "13804310001", "C2221"],
    ]
    merge = ["A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2"]
    [row] = planned(workbook(table_, merge=merge)).rows
    assert row.entry.kinds == (Kind.FACTORY,)
    assert (row.entry.bureau, row.entry.contact_phone, row.entry.industry_code) == (
        "changbaishan",
        "13804310001",
        "C2221",
    )
    assert "行业名称" in row.remarks[0]  # asked for with the code


WRONG: dict[str, tuple[int, object, str]] = {
    "a code with a wrong check character": (CODE, "91220106MAD38GWJXE", "校验位（第 18 位）不符"),
    "a short code": (CODE, "91220106MAD38", "应为 18 位，现为 13 位"),
    "a code kept as a number": (CODE, 112202034786886415, "被存成了数字，末几位已丢失"),
    "no code": (CODE, "", "请填写统一社会信用代码"),
    "an unknown kind": (KIND, "绿色产品", "类别“绿色产品”应为"),
    "no kind": (KIND, "", "请至少选择一类"),
    "an unknown bureau": (BUREAU, "沈阳市", "“沈阳市”不是 11 个市（州）工信局之一"),
    "吉林 alone": (BUREAU, "吉林", "“吉林”不是 11 个市（州）工信局之一"),
    "an industry code": (INDUSTRY, "C36", "行业代码应为"),
    "a phone": (PHONE, "12345", "联系电话应为"),
    "no name": (NAME, "", "请按营业执照或批准文件填写全称"),
    "a long name": (NAME, "厂" * 121, "名称超过 120 个字"),
}


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("case", WRONG)
def test_a_row_that_is_wrong_is_refused_with_its_reason_and_the_others_go_in(case: str) -> None:
    lines = rows()[:3]
    place, value, why = WRONG[case]
    lines[0][place] = value
    content = workbook([HEADS, *lines])
    assert [*reasons(content)] == [2]
    assert why in reasons(content)[2]
    assert len(planned(content).having(Outcome.REJECTED)[0].remarks) == 1  # one thing wrong, one reason
    assert planned(content).counts[Outcome.ADDED] == 2


@pytest.mark.usefixtures("context")
def test_rows_that_stand_twice_are_refused() -> None:
    lines = rows()[:3]
    slip = [*lines[1][:NAME], "另一家有限公司", *lines[1][CODE:]]
    found = reasons(workbook([HEADS, *lines, lines[0], slip]))
    assert found[5] == "与第 2 行重复，只保留最先出现的一行。"
    assert "对应不同名称" in found[3]
    assert "对应不同名称" in found[6]
    assert len(found) == 3


@pytest.mark.usefixtures("context")
def test_two_rows_that_mean_one_applicant_by_code_and_by_name_are_not_both_taken(make: Make) -> None:
    officer = make.officer("reviewer")
    lines = rows()[:1]
    assert confirmed(workbook([HEADS, *lines]), officer) == (1, 0)
    by_name = [*lines[0]]
    by_name[CODE], by_name[PHONE] = "", "13804310001"
    lines[0][PHONE] = "13804310002"
    content = workbook([HEADS, *lines, by_name])
    assert reasons(content) == {3: "与第 2 行是同一培育对象，只保留最先出现的一行。"}
    assert confirmed(content, officer) == (0, 1)


def test_a_bureau_brings_its_own_only(app: Flask, make: Make, sign_in: SignIn) -> None:
    officer = make.officer("municipal", bureau="tonghua")
    desk = sign_in(officer)
    preview = upload(desk, clean())
    page = desk.get(preview).text
    assert "<b>4</b>新增" in page
    assert "<b>36</b>不导入" in page
    assert "只能导入本局的培育对象" in page
    desk.post(f"{preview}/confirm", data={"version": version_on(page)})
    with app.app_context():
        assert set(db.session.scalars(select(Applicant.bureau))) == {"tonghua"}
    assert sign_in(make.officer("municipal", bureau="baishan")).get(preview).status_code == 404
    assert sign_in(make.officer("municipal", bureau="tonghua")).get(preview).status_code == 200


@pytest.mark.usefixtures("context")
def test_another_bureaus_applicant_is_not_taken_over(make: Make) -> None:
    there = make.applicant(name="松江纸业有限公司", bureau="changchun", credit_code=credit_code(901))
    lines = rows()[:1]
    lines[0][NAME], lines[0][CODE], lines[0][BUREAU], lines[0][COUNTY] = (
        there.name,
        there.credit_code,
        "通化市",
        "集安市",
    )
    assert "变更所属工信局" in reasons(workbook([HEADS, *lines]))[2]
    assert reasons(workbook([HEADS, *lines]), bureau="tonghua")


@pytest.mark.usefixtures("context")
def test_one_that_a_published_list_knows_by_name_alone_is_completed(make: Make) -> None:
    lines = rows()[:1]
    bring_list(table(entry(lines[0][NAME], 1)))
    content = workbook([HEADS, *lines])
    [row] = planned(content).rows
    assert (row.outcome, row.remarks[0][:4]) == (Outcome.CHANGED, "历年名单")
    assert confirmed(content, make.officer("reviewer")) == (0, 1)
    applicant = db.session.scalars(select(Applicant)).one()
    assert (applicant.credit_code, applicant.bureau) == (lines[0][CODE], "changchun")


def test_what_changed_since_the_preview_is_shown_again(app: Flask, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    preview = upload(desk, clean())
    form = {"version": version_on(desk.get(preview).text)}
    make.applicant(name=rows()[0][NAME], credit_code=rows()[0][CODE])
    answer = desk.post(f"{preview}/confirm", data=form)
    assert answer.status_code == 409
    assert "预览之后培育对象的登记内容已有改动" in answer.text
    assert count(app) == 1
    assert desk.post(f"{preview}/confirm", data={"version": version_on(answer.text)}).status_code == 302
    assert count(app) == 40
    assert desk.post(f"{preview}/confirm", data={}).status_code == 409


def test_an_abandoned_sheet_leaves_nothing(app: Flask, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("reviewer"))
    first = upload(desk, clean())
    with app.app_context():
        digest = db.session.scalars(select(ApplicantSheet.digest)).one()
    second = upload(desk, clean())
    assert "已放弃" in desk.get(first).text
    assert "有一份表格等待确认" in desk.get(f"{DESK}/bring").text
    assert desk.post(f"{second}/abandon").status_code == 302
    assert "没有保存任何内容" in desk.get(second).text
    assert desk.post(f"{second}/abandon").status_code == 409
    assert count(app) == 0
    with app.app_context():
        assert set(db.session.scalars(select(ApplicantSheet.state))) == {SheetState.ABANDONED}
        with pytest.raises(FileNotFoundError):
            store().open(str(digest))


def test_what_waits_for_more_than_a_day_is_swept(app: Flask, make: Make) -> None:
    officer = make.officer("reviewer")
    with app.app_context():
        services.bring(clean(), file_name="a.xlsx", by=officer)
    run = app.test_cli_runner().invoke
    assert "已清理 0 份" in run(args=["applicants", "sweep"]).output
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert "已清理 1 份" in run(args=["applicants", "sweep"]).output


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x00\x01", "不是可以读取的电子表格"),
        (workbook([["姓名", "电话"], ["张三", "1"]]), "没有找到培育对象的表头"),
        (workbook([HEADS]), "表中没有培育对象"),
        (workbook([HEADS, *([1, f"松江{n}厂", "", "绿色工厂"] for n in range(2001))]), "一次最多导入 2000 个"),
    ],
)
def test_a_file_that_is_no_list_is_refused(make: Make, sign_in: SignIn, content: bytes, why: str) -> None:
    desk = sign_in(make.officer("reviewer"))
    answer = desk.post(f"{DESK}/bring", data={"file": (io.BytesIO(content), "表.xlsx")})
    assert answer.status_code == 422
    assert why in answer.text


def test_the_template_is_read_by_the_import(make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("municipal", bureau="tonghua"))
    answer = desk.get(f"{DESK}/template.xlsx")
    assert answer.status_code == 200
    sheet, notes = read_sheets(write_template(), Limits())
    assert len(notes.rows) == len(sheet.rows[0].cells) + 1
    heads = [text_of(cell) for cell in sheet.rows[0].cells]
    assert [head for head in heads if folded(head) not in vocabulary().fields] == []


@pytest.mark.parametrize(
    ("text", "bureau"),
    [
        ("长春市工业和信息化局", "changchun"), ("吉林市", "jilin-city"), ("吉林省吉林市", "jilin-city"),
        ("延边州", "yanbian"), ("延边朝鲜族自治州", "yanbian"), ("梅河口", "meihekou"), ("长白山", "changbaishan"),
        ("公主岭市", "changchun"), ("220581", "meihekou"), ("扶余市", "songyuan"),
    ],
)  # fmt: skip
def test_a_bureau_is_known_by_its_name_its_city_or_a_county(text: str, bureau: str) -> None:
    assert words.bureau_named(text) == bureau


@pytest.mark.parametrize(
    ("text", "tenths"), [("57.4", 574), ("57.4%", 574), ("0.574", 574), ("100%", 1000), ("50", 500)]
)
def test_a_share_is_read_as_people_write_it(text: str, tenths: int) -> None:
    assert words.share_of(text) == tenths


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(DomainError, match="应为百分数"):
        words.share_of("一半以上")

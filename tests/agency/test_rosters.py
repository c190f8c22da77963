"""What agencies write in the rows of their rosters."""

from datetime import date
from time import perf_counter

import pytest

from agency.particulars import TitleLevel
from tests.agency.workbooks import HEAD, person, read, read_one, workbook
from tests.numbers import id_number


@pytest.mark.parametrize(
    "heading",
    [
        "公民身份号码",
        "身份证号",
        "证件号码",
        "身份证号码（18位）",
        "*身份证号：",
        "居民身份证号",
        "身 份 证 号",
        "身份证\n号码",
        "有效证件号码",
    ],
)
def test_the_number_is_found_under_any_of_its_headings(heading):
    row = read_one(["姓 名", heading, "职称(专业技术职务)", "专业", "专职/兼职"], person())
    assert (row.reason, row.full_time, row.degree_major) == (None, True, "环境工程")


@pytest.mark.parametrize(
    ("heading", "said", "full_time"),
    [
        ("是否专职", "是", True),
        ("是否专职", "√", True),
        ("专职", "✔", True),
        ("专职/兼职", "全职", True),
        ("是否专职", "专职（技术负责人）", True),
        ("是否专职", "☑专职 □兼职", True),
        ("是否专职", "Y", True),
        ("是否全职", True, True),
        ("是否专职", "□专职 ☑兼职", False),
        ("是否专职", "×", False),
        ("是否专职", "否", False),
        ("专兼职情况", "兼职", False),
        ("是否专职", "非全日制", False),
        ("是否专职", "", False),
        ("是否专职", "在岗", False),
        ("是否兼职", "否", True),
        ("是否兼职", "是", False),
        ("用工形式", "劳动合同", True),
        ("用工形式", "正式员工", True),
        ("人员性质", "在编", True),
        ("用工形式", "劳务协议", False),
        ("用工形式", "非全日制用工", False),
    ],
)
def test_full_time_is_what_the_roster_declares(heading, said, full_time):
    row = read_one(["姓名", "身份证号", "职称", "职称专业", heading], person(full_time=said))
    assert row.full_time is full_time
    assert (row.assessment.qualification == "met") is full_time


def test_a_roster_headed_full_time_staff_declares_it_for_all():
    rows = [["绿色制造评价专职人员名单"], HEAD[:4], person()[:4]]
    assert read(workbook(rows)).intermediate_or_above == 1
    unheaded = read(workbook([["人员名单"], *rows[1:]]))
    assert unheaded.intermediate_or_above == 0
    assert unheaded.rows[0].flags == ("full_time_unstated",)


@pytest.mark.parametrize(
    ("column", "said", "review"),
    [
        ("备注", "退休返聘", "retired_rehired"),
        ("用工形式", "返聘", "retired_rehired"),
        ("聘用方式", "退休返聘", "retired_rehired"),
        ("用工形式", "劳务派遣", "dispatched"),
        ("备注", "由集团借调", "borrowed"),
        ("备注", "社保在原单位", "social_security_elsewhere"),
        ("备注", "社保由第三方代缴", "social_security_elsewhere"),
        ("社保缴纳起始", "原单位缴纳", "social_security_elsewhere"),
        ("社保缴纳单位", "长春某人力资源有限公司", "social_security_elsewhere"),
        ("备注", "社保已从原单位转入", None),
        ("备注", "无兼职", None),
        ("备注", "兼任部门经理", None),
        ("备注", "2022年自高校调入", None),
        ("社保缴纳单位", "本单位", None),
        ("社保缴纳单位", "白山绿评有限公司", None),
        ("工作单位", "白山绿评有限公司", None),
        ("工作单位", "某大学", "borrowed"),
    ],
)
def test_what_makes_full_time_doubtful_is_for_an_officer(column, said, review):
    row = read_one([*HEAD, column], [*person(), said], agency_name="白山绿评有限公司")
    assert row.review == ((review,) if review else ())
    assert row.assessment.qualification == ("needs_judgement" if review else "met")


@pytest.mark.parametrize("said", ["兼职", "高校教师，兼职", "劳务协议", "兼", "外聘专家", "已离职", "2026年5月离职"])
def test_a_note_that_contradicts_full_time_wins_and_leaves_nothing_to_review(said):
    row = read_one([*HEAD, "备注"], [*person(), said])
    assert row.reason is None
    assert row.assessment.qualification == "not_met"
    assert row.review == ()


def test_a_person_who_left_or_has_not_come_yet_does_not_count():
    head = [*HEAD, "入职时间", "离职时间"]
    rows = [
        head,
        [*person(1), "2020.1", "2026.5"],
        [*person(2), "2026-07-01", ""],
        [*person(3), date(2020, 1, 1), "2026-06-30"],
    ]
    assert [row.assessment.qualification for row in read(workbook(rows)).rows] == ["not_met", "not_met", "met"]


def test_what_contradicts_the_number_is_flagged_and_the_number_believed():
    head = [*HEAD, "性别", "出生年月"]
    man = person(1, born=date(1985, 5, 20), male=True)
    rows = [[*man, "女", "1985.5"], [*person(2), "男", "1986-05"], [*person(3), "男", date(1985, 5, 20)]]
    flags = [row.flags for row in read(workbook([head, *rows])).rows]
    assert flags == [("gender_disagrees_with_id",), ("birth_date_disagrees_with_id",), ()]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (None, "id_missing"),
        ("补办中", "id_missing"),
        ("—", "id_missing"),
        (220104198503201234, "id_precision_lost"),
        ("2.20104E+17", "id_precision_lost"),
        ("220104198505200000", "id_precision_lost"),
        ("220204680402147", "id_length_invalid"),
        (220204680402147, "id_length_invalid"),
        ("2201041985O5200025", "id_character_invalid"),
        ("220104198505200026", "id_check_digit_invalid"),
        ("220104202707010015", "id_birth_date_invalid"),
        ("010104198505200026", "id_area_code_invalid"),
    ],
)
def test_a_number_that_can_not_be_used_rejects_the_row_with_its_reason(number, reason):
    row = read_one(HEAD, ["邱明远", number, "工程师", "环境工程", "是"])
    assert (row.reason, row.name, row.row) == (reason, "邱明远", 2)
    assert row.message.endswith("。")
    assert row.assessment is None


def test_numbers_and_names_are_read_through_blanks_widths_and_marks():
    number = id_number(7)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    for written in (
        f"'{number}",
        f" {number[:6]} {number[6:14]} {number[14:]}\n",
        wide,
        f"\ufeff{number.lower()}\u200b",
    ):
        row = read_one(HEAD, ["欧 阳　明\n（组长）", written, " 高级\n工程师 ", "环境工程", "是"])
        assert (row.name, str(row.number), row.assessment.level) == ("欧阳明", number, TitleLevel.DEPUTY_SENIOR)


def test_one_number_under_two_names_rejects_every_row_and_a_repeat_the_later():
    rows = [HEAD, person(1), person(1), person(2), person(2, name="另名"), person(3)]
    assert [(row.row, row.reason) for row in read(workbook(rows)).rows] == [
        (2, None),
        (3, "duplicate_in_file"),
        (4, "id_shared_by_two_names"),
        (5, "id_shared_by_two_names"),
        (6, None),
    ]


def test_no_remark_takes_long_to_read():
    start = perf_counter()
    row = read_one([*HEAD, "备注"], [*person(), "集团" * 15_000])
    assert (row.reason, perf_counter() - start < 2) == (None, True)


@pytest.mark.parametrize(
    ("remark", "elsewhere"), [("社保由集团缴纳", True), ("总公司代缴社保", True), ("社保自缴", False)]
)
def test_a_remark_tells_of_insurance_elsewhere(remark, elsewhere):
    assert bool(read_one([*HEAD, "备注"], [*person(), remark]).insured_elsewhere) is elsewhere

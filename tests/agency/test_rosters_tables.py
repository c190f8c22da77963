"""How agencies lay out their rosters: headings, sections, sheets, files."""

import contextlib
import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from agency.particulars import Employment, TitleLevel
from agency.rosters import NoHeading, NoPeople, across, judged, write_template
from core import law
from core.errors import DomainError
from core.sheets import DamagedSheet, EncryptedSheet, NotASpreadsheet
from tests.agency.workbooks import HEAD, TABLES, person, read, read_one, workbook
from tests.numbers import id_number


def test_a_table_may_begin_anywhere_under_titles_and_two_levels_of_headings():
    rows = [
        [],
        ["", "某某公司评价人员一览表"],
        ["", "序号", "姓名", "证件号码", "职称", "", "", "学历", "社会保险", ""],
        ["", "", "", "", "名称", "专业", "证书编号", "专业", "起始时间", "缴纳单位"],
        ["", 1, "张三丰", id_number(), "工程师", "节能", "A1", "历史", "2019.5", "本单位"],
    ]
    merge = ["B2:J2", "E3:G3", "I3:J3"]
    row = read(workbook(rows, merge=merge)).rows[0]
    assert (row.row, row.title, row.major, row.degree_major, row.certificate_number) == (
        5,
        "工程师",
        "节能",
        "历史",
        "A1",
    )
    assert (row.insured_since, row.insured_elsewhere) == (date(2019, 5, 1), "")


def test_what_lies_between_the_people_is_no_person():
    rows = [
        ["单位：某某公司", "", "", "填表日期：2026年6月"],
        ["序号", *HEAD],
        ["一、评价一部"],
        [1, *person(1)],
        [2],
        ["小计", 1],
        ["二、评价二部"],
        ["序号", *HEAD],
        [3, *person(2)],
        ["合计：2人"],
        ["注：以上人员均在本单位缴纳社保。"],
        ["制表人：李某", "", "审核：王某"],
    ]
    roster = read(workbook(rows))
    assert [row.row for row in roster.rows] == [4, 9]
    assert [(each.row, each.kind) for each in roster.skipped] == [
        (3, "section_heading"),
        (6, "total"),
        (7, "section_heading"),
        (8, "repeated_header"),
        (10, "total"),
        (11, "note"),
        (12, "signature_line"),
    ]


def test_a_second_table_below_may_have_other_columns():
    rows = [HEAD, person(1), [], ["职称", "姓名", "是否专职", "职称专业", "身份证号"]]
    other = person(2, title="工程师")
    rows.append([other[2], other[0], other[4], other[3], other[1]])
    roster = read(workbook(rows))
    assert [(row.row, row.title, row.reason) for row in roster.rows] == [(2, "高级工程师", None), (5, "工程师", None)]


def test_people_under_an_outside_section_or_sheet_are_no_staff():
    rows = [HEAD, ["一、本单位人员"], person(1), ["二、外聘专家"], person(2), ["三、评价二部"], person(3)]
    roster = read(workbook(rows, ("专家", [["外聘专家名单"], HEAD, person(4)]), ("离职人员", [HEAD, person(5)])))
    assert [row.row for row in roster.rows] == [3, 7]
    assert [(each.row, each.kind) for each in roster.skipped if each.kind == "outside"] == [(5, "outside")]
    assert {name for name, _ in roster.ignored_sheets} == {"专家", "离职人员"}


def test_several_sheets_of_people_are_one_roster_and_hidden_ones_are_left():
    content = workbook(("一部", [HEAD, person(1)]), ("二部", [HEAD, person(2)]), ("旧", [HEAD, person(3)]), hide=["旧"])
    roster = read(content)
    assert [(row.sheet, row.row) for row in roster.rows] == [("一部", 2), ("二部", 2)]
    assert roster.ignored_sheets == (("旧", "隐藏的工作表"),)


def test_values_of_merged_cells_hold_for_every_row():
    rows = [
        ["部门", *HEAD],
        *(["甲室", *person(serial, title="工程师" if serial == 1 else None)] for serial in (1, 2, 3)),
    ]
    roster = read(workbook(rows, merge=["A2:A4", "D2:D4"]))
    assert roster.intermediate_or_above == 3
    assert [row.flags for row in roster.rows] == [(), ("title_from_merged_cell",), ("title_from_merged_cell",)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_is_read_in_any_of_its_encodings(encoding, delimiter):
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter)
    writer.writerows([["人员名单"], HEAD, person(1), ["䶮某", f'="{id_number(2)}"', "工程师", "环境工程", "是"]])
    roster = read(output.getvalue().encode(encoding))
    assert [(row.row, row.reason) for row in roster.rows] == [(3, None), (4, None)]


def test_the_level_that_an_agency_names_never_counts_by_itself():
    head = [*HEAD, "职称级别"]
    row = read_one(head, [*person(title="评价工程专家"), "正高级"])
    assert (row.declared_level, row.review) == (TitleLevel.FULL_SENIOR, ("title_unknown",))
    assert row.assessment.qualification == "needs_judgement"
    assert read_one(head, [*person(title="评价工程专家"), "初级"]).assessment.qualification == "not_met"


@pytest.mark.parametrize(
    ("title", "review"),
    [
        ("高级技师", ("skill_grade_is_not_a_title",)),
        ("注册环保工程师", ("registration_is_not_a_title",)),
        ("部门经理", ("post_is_not_a_title",)),
        ("中级", ("title_unknown",)),
        ("工程师", ()),
    ],
)
def test_what_is_no_title_is_for_an_officer_to_see(title, review):
    assert read_one(HEAD, person(title=title)).review == review


@pytest.mark.parametrize(
    ("title", "major", "review"),
    [
        ("高级工程师", "机械", ("major_neighbouring",)),
        ("高级工程师", "火星地质", ("major_unknown",)),
        ("高级工程师", "", ("major_unknown",)),
        ("高级工程师", "会计", ()),
        ("高级工程师", "环境工程", ()),
        ("工程师", "机械", ()),
    ],
)
def test_only_a_seniors_major_is_looked_at(title, major, review):
    assert read_one(HEAD, person(title=title, major=major)).review == review


def test_a_person_on_two_rosters_counts_for_neither():
    one, two = read(workbook([HEAD, person(1), person(2)])), read(workbook([HEAD, person(3), person(1)]))
    shared = across([one, two])
    assert [(each.name, each.occurrences) for each in shared] == [
        (one.rows[0].name, (("名单.xlsx", 2), ("名单.xlsx", 3)))
    ]
    again = judged(one, tables=TABLES, law=law.jurisdiction(), shared=shared)
    assert (one.senior_relevant, again.senior_relevant) == (2, 1)
    assert again.rows[0].review == ("person_in_another_roster",)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ([["姓名", "职称", "专业"], ["张三", "工程师", "环境"]], "缺少身份证号"),
        ([["今天", "天气", "不错"]], "没有找到人员名单的表头"),
        ([["外聘专家"], HEAD, person()], "只有外聘"),
    ],
)
def test_a_file_without_a_roster_is_told_so_in_a_sentence(table, says):
    with pytest.raises(NoHeading, match=says):
        read(workbook(table))


def test_what_is_no_spreadsheet_is_told_so():
    with pytest.raises(NotASpreadsheet):
        read(b"%PDF-1.7 \x00\x01")
    with pytest.raises(EncryptedSheet):
        read(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"))


def test_the_template_is_read_back_with_every_column_and_holds_nobody():
    template = write_template()
    with pytest.raises(NoPeople, match="没有人员"):
        read(template)
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet, notes = book["人员名单"], book["填写说明"]
    for place, (_, example, _) in enumerate(notes.iter_rows(min_row=2, values_only=True), 1):
        sheet.cell(2, place, example)
    output = io.BytesIO()
    book.save(output)
    row = read(output.getvalue()).rows[0]
    assert (row.name, row.reason, row.review) == ("张三", None, ())
    assert (row.employment, row.full_time, row.contract_until) == (Employment.CONTRACT, True, date(2028, 2, 29))
    assert (row.granted_on, row.insured_since) == (date(2019, 12, 1), date(2015, 3, 1))


def test_an_old_workbook_is_read_like_a_new_one():
    content = (Path(__file__).parent.parent / "data" / "rosters_other" / "old_format.xls").read_bytes()
    roster = read(content)
    assert [(row.row, row.title, row.reason) for row in roster.rows] == [
        (3, "高级工程师", None),
        (4, "高级工程师", None),
        (5, "工程师", "id_precision_lost"),
    ]
    with pytest.raises((NotASpreadsheet, DamagedSheet)):
        read(content[:2000])


def test_a_broken_file_is_refused_in_words_whatever_byte_is_wrong():
    content = workbook([HEAD, person()])
    for place in range(0, len(content), 37):
        broken = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        with contextlib.suppress(DomainError):
            assert read(broken).rows


def test_the_agencys_own_name_says_nothing_about_its_staff():
    own = "长春某某环保顾问有限公司"
    for kwargs in ({"agency_name": own}, {}):
        row = read_one([*HEAD, "工作单位", "社保单位"], [*person(), own, own], **kwargs)
        assert (row.employment, row.review) == (Employment.CONTRACT, ())


def test_a_roster_that_gives_levels_instead_of_titles_counts_nobody_by_itself():
    row = read_one(["姓名", "身份证号", "职称级别", "职称专业", "是否专职"], person(title="副高级"))
    assert (row.declared_level, row.review) == (TitleLevel.DEPUTY_SENIOR, ("title_unknown",))


def test_a_row_shows_no_number_in_clear_where_it_is_logged():
    row = read_one(HEAD, person())
    assert str(row.number) not in repr(row)

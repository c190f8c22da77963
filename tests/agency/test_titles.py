"""Titles and their levels: by look-up, never by a part of a word."""

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency import titles
from agency.particulars import TitleLevel
from agency.titles import TitleRow

ON = date(2026, 6, 30)
TABLE = titles.table()
JUNIOR, INTERMEDIATE = TitleLevel.JUNIOR, TitleLevel.INTERMEDIATE
DEPUTY, FULL, NONE = TitleLevel.DEPUTY_SENIOR, TitleLevel.FULL_SENIOR, TitleLevel.NOT_A_TITLE

pytestmark = pytest.mark.clause("JL-20-3")


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("技术员", JUNIOR),
        ("助理工程师", JUNIOR),
        ("工程师", INTERMEDIATE),
        ("高级工程师", DEPUTY),
        ("正高级工程师", FULL),
        ("教授级高级工程师", FULL),
        ("研究员级高级工程师", FULL),
        ("教授级高工", FULL),
        ("教高", FULL),
        ("正高工", FULL),
        ("高工", DEPUTY),
        ("副高级工程师", DEPUTY),
        ("助工", JUNIOR),
        ("中级工程师", INTERMEDIATE),
        ("研究实习员", JUNIOR),
        ("助理研究员", INTERMEDIATE),
        ("副研究员", DEPUTY),
        ("研究员", FULL),
        ("助教", JUNIOR),
        ("讲师", INTERMEDIATE),
        ("副教授", DEPUTY),
        ("教授", FULL),
        ("高级讲师", DEPUTY),
        ("农艺师", INTERMEDIATE),
        ("农业技术推广研究员", FULL),
        ("高级经济师", DEPUTY),
        ("会计师", INTERMEDIATE),
        ("助理审计师", JUNIOR),
        ("正高级统计师", FULL),
        ("实验师", INTERMEDIATE),
        ("副研究馆员", DEPUTY),
        ("馆员", INTERMEDIATE),
        ("主任医师", FULL),
        ("主管护师", INTERMEDIATE),
        ("编审", FULL),
        ("译审", FULL),
        ("高级工艺美术师", DEPUTY),
        ("高级编辑", FULL),
        ("主任记者", DEPUTY),
        ("一级律师", FULL),
    ],
)
def test_the_ladder_is_known(title, level):
    assert TABLE.level(title, on=ON) is level


@pytest.mark.parametrize(
    "title",
    [
        "技师",
        "高级技师",
        "技师（二级）",
        "高级工",
        "锅炉技师",
        "注册环保工程师",
        "国家注册审核员",
        "注册会计师",
        "一级建造师",
        "二级造价工程师",
        "环境影响评价工程师",
        "咨询工程师（投资）",
        "教师资格证",
        "博士",
        "部门经理",
        "行业研究员",
        "总工程师",
        "能源管理师",
    ],
)
def test_skill_grades_licences_degrees_and_posts_are_no_titles(title):
    assert TABLE.level(title, on=ON) is NONE


@pytest.mark.parametrize(
    ("title", "level"),
    [
        (" 高级\n工程师 ", DEPUTY),
        ("高级工程师（环境）", DEPUTY),
        ("高级工程师(环境工程专业)", DEPUTY),
        ("高级工程师（副高）", DEPUTY),
        ("工程师/中级", INTERMEDIATE),
        ("中级（工程师）", INTERMEDIATE),
        ("高级工程师-环境工程", DEPUTY),
        ("高级工程师任职资格", DEPUTY),
        ("高级工程师、注册会计师", DEPUTY),
        ("高级技师/工程师", INTERMEDIATE),
        ("会计师、工程师", INTERMEDIATE),
        ("正高级工程师（正高级）", FULL),
        ("高级工程师（工程系列）", DEPUTY),
    ],
)
def test_a_title_with_what_agrees_beside_it_is_read(title, level):
    assert TABLE.level(title, on=ON) is level


@pytest.mark.parametrize(
    "title",
    [
        "",
        "中级",
        "高级",
        "正高级",
        "工程师（高级）",
        "高级工程师（中级）",
        "（正高级）工程师",
        "高级工程师（拟评）",
        "工程师（待聘）",
        "高级工程师（已过评审）",
        "环境工程高级工程师",
        "工程师、高级经济师",
        "准高级工程师",
        "高级工程师级",
        "资深专家",
    ],
)
def test_what_the_table_does_not_know_or_contradicts_itself_is_unknown(title):
    assert TABLE.level(title, on=ON) is None


def test_the_series_comes_with_the_title():
    assert TABLE.series("高级经济师", on=ON) == "经济"
    assert TABLE.series("资深专家", on=ON) == ""


def test_a_correction_wins_from_its_first_day_on():
    table = titles.table(
        [
            TitleRow("资深专家", "工程技术", DEPUTY, "省人社厅函", date(2026, 6, 1)),
            TitleRow("高工", "工程技术", NONE, "更正", date(2026, 7, 1)),
        ]
    )
    assert table.level("资深专家", on=date(2026, 5, 31)) is None
    assert table.level("资深专家", on=date(2026, 6, 1)) is DEPUTY
    assert table.level("高工", on=ON) is DEPUTY
    assert table.level("高工", on=date(2026, 7, 1)) is NONE


def test_only_what_is_no_title_may_be_a_pattern():
    with pytest.raises(ValueError, match="pattern"):
        titles.table([TitleRow("*工程师", "工程技术", INTERMEDIATE, "", ON)])


def test_every_row_of_the_table_is_read_at_its_own_level_and_stands_once():
    with titles.TITLES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["title"] for row in rows}) == len(rows) > 350
    assert all(row["basis"] for row in rows)
    plain = [row for row in rows if "*" not in row["title"]]
    assert [row["title"] for row in plain if TABLE.level(row["title"], on=ON) != row["level"]] == []


@given(before=st.text("高级正副助理注册特聘准", max_size=3), after=st.text("级师员长助", max_size=2))
def test_a_text_around_a_title_never_lends_it_a_level(before, after):
    title = f"{before}工程师{after}"
    known = {row.title for rows in TABLE.exact.values() for row in rows}
    level = TABLE.level(title, on=ON)
    assert level in (None, NONE) or title in known

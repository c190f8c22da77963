"""Which majors are relevant, which are not, and which are left to an officer."""

import csv
from datetime import date

import pytest

from agency import majors
from agency.majors import MajorCorrection, Standing
from core.law import Verdict

ON = date(2026, 6, 30)
TABLE = majors.table()

pytestmark = pytest.mark.clause("JL-20-3")


@pytest.mark.parametrize(
    "major",
    [
        "环境工程",
        "环境 科学",
        "环境工程专业",
        "环境工程（水处理方向）",
        "环境工程技术",
        "能源与环境系统工程",
        "能源与动力工程",
        "热能动力",
        "生态学",
        "低碳技术与管理",
        "生命周期评价",
        "资源循环科学与工程",
        "化工环保",
        "清洁生产与节能",
        "碳排放管理",
        "新能源科学与工程",
        "环境工程、生态学",
    ],
)
def test_energy_environment_ecology_low_carbon_and_life_cycle_are_relevant(major):
    assert TABLE.relevance(major, on=ON) is Verdict.MET


@pytest.mark.parametrize(
    "major",
    [
        "环境艺术设计",
        "环境设计",
        "环境与艺术设计",
        "室内环境设计",
        "会计",
        "市场营销",
        "工商管理",
        "软件工程",
        "计算机应用技术",
        "生态旅游",
    ],
)
def test_a_word_in_common_does_not_make_a_major_relevant(major):
    assert TABLE.relevance(major, on=ON) is Verdict.NOT_MET


@pytest.mark.parametrize(
    "major",
    [
        "机械设计",
        "化学工程",
        "冶金工程",
        "材料学",
        "给水排水",
        "能源法学",
        "环境与资源保护法学",
        "节能建筑",
        "新能源汽车工程",
        "火星学",
        "",
        "环境工程、会计",
    ],
)
def test_a_neighbouring_or_unknown_major_is_for_an_officer(major):
    assert TABLE.relevance(major, on=ON) is Verdict.NEEDS_JUDGEMENT


def test_a_correction_wins_from_its_first_day_on():
    table = majors.table([MajorCorrection("给水排水", Standing.RELEVANT, date(2026, 7, 1), "厅务会")])
    assert table.relevance("给水排水", on=ON) is Verdict.NEEDS_JUDGEMENT
    assert table.relevance("给水排水专业", on=date(2026, 7, 1)) is Verdict.MET


def test_every_plain_row_of_the_table_is_read_at_its_own_standing_and_stands_once():
    with majors.MAJORS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["major"] for row in rows}) == len(rows) > 400
    plain = [row for row in rows if "*" not in row["major"]]
    assert [row["major"] for row in plain if TABLE.standing(row["major"], on=ON) != row["standing"]] == []

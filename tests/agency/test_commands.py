"""`flask roster check`."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from agency.commands import roster_commands
from core import clock
from tests.numbers import id_number

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
CLEAN = next(ROSTERS.glob("01_*"))


def run(*arguments):
    return CliRunner().invoke(roster_commands, ["check", *map(str, arguments)])


def test_one_line_of_json_answers_each_file_in_the_order_given(tmp_path):
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    result = run(broken, CLEAN, tmp_path / "没有.csv", "--json", "--on", "2026-06-30")
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert [line["file"] for line in lines] == ["坏.xlsx", CLEAN.name, "没有.csv"]
    assert [list(line) for line in lines] == [
        ["file", "error"],
        [
            "file",
            "accepted",
            "rejected",
            "review",
            "intermediate_or_above",
            "senior_relevant",
            "meets_article_20_3",
        ],
        ["file", "error"],
    ]
    assert "损坏" in lines[0]["error"]


def test_files_that_can_be_read_end_well():
    assert run(CLEAN, "--json").exit_code == 0


def test_without_json_it_is_told_in_words():
    output = run(next(ROSTERS.glob("06_*")), "--on", "2026-06-30").output
    assert "可用 16 人，中级及以上 8 人" in output
    assert "第 20 行 毕云天：id_area_code_invalid" in output


def test_without_a_day_it_is_judged_today_in_shanghai(tmp_path):
    table = tmp_path / "名单.csv"
    number = id_number(born=date(1966, 3, 20))
    table.write_text(f"姓名,身份证号,职称,职称专业,是否专职\n某人,{number},高级工程师,环境工程,是\n", encoding="utf-8")

    def counted(day):
        with clock.frozen(clock.start_of(day)):
            return json.loads(run(table, "--json").output)["senior_relevant"]

    assert counted(date(2026, 7, 19)) == 1
    assert counted(date(2026, 7, 20)) == 0


@pytest.mark.parametrize("arguments", [[], ["--json"], [CLEAN, "--on", "30.6.2026"]])
def test_a_call_that_is_none_is_refused(arguments):
    assert run(*arguments).exit_code == 2

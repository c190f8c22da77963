"""`flask agency import`: the old ledger by command."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from agency.models import Agency, Standing
from core.db import db
from tests.factories import Make
from tests.ledgers import PUBLISHED, table


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["agency", "import", *map(str, arguments)])


def figures(result: Result) -> dict[str, int]:
    assert result.exit_code == 0, result.output
    last: dict[str, int] = json.loads(result.stdout.splitlines()[-1])
    return last


def test_the_published_ledger_goes_in_and_a_second_time_changes_nothing(app: Flask) -> None:
    first = run(app, PUBLISHED)
    told = figures(first)
    assert (told["rows"], told["proposals"], told["spellings"], told["known"]) == (347, 36, 347, 275)
    assert (told["joined"], told["waiting_spellings"], told["joint_cells"]) == (0, 69, 3)
    assert first.output.count("依据：") == 36
    assert "只有“晏”与“宴”不同" in first.output
    second = run(app, PUBLISHED)
    assert figures(second) == told | {"known": 0, "new_spellings": 0, "new_proposals": 0}
    assert "什么也没有改变" in second.output
    with app.app_context():
        assert set(db.session.scalars(select(Agency.standing))) == {Standing.KNOWN}
        assert len(db.session.scalars(select(Agency.id)).all()) == 275


def test_certain_proposals_are_joined_in_the_name_of_an_officer(app: Flask, make: Make) -> None:
    officer = make.officer("approver")
    told = figures(run(app, PUBLISHED, "--join", "certain", "--as", officer.username))
    assert (told["joined"], told["known"], told["open_proposals"]) == (3, 275, 33)


@pytest.mark.parametrize("role", [None, "municipal", "admin"])
def test_who_does_not_decide_can_not_be_named(app: Flask, make: Make, role: str | None) -> None:
    name = make.officer(role, bureau="tonghua").username if role else "nobody"
    result = run(app, PUBLISHED, "--as", name)
    assert result.exit_code == 2
    assert "没有用户名为" in result.output


def test_a_decision_needs_an_officer(app: Flask) -> None:
    result = run(app, PUBLISHED, "--join", "certain")
    assert result.exit_code == 2
    assert "--as" in result.output


def test_json_alone(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "台账.csv"
    file.write_bytes(table("海兰检测中心", "松江检测中心"))
    result = run(app, file, "--json")
    assert len(result.stdout.splitlines()) == 1
    assert figures(result)["known"] == 2


def test_what_can_not_be_read_is_said_in_a_sentence(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"\x00\x01")
    for file, sentence in ((tmp_path / "a.xlsx", "这不是可以读取的电子表格"), (tmp_path / "no.csv", "无法打开文件")):
        result = run(app, file)
        assert result.exit_code == 1
        assert sentence in result.output

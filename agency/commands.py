"""`flask agency …`, and `flask roster check`: the spreadsheet import, dry, without a database."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from agency import majors, titles
from agency.rosters import Roster, across, beside, read_roster
from agency.rules import Tables
from agency.services import importing, rechecking
from core import clock, law
from core.errors import DomainError

agencies = AppGroup("agency", help="机构。")
roster_commands = AppGroup("roster", help="人员名单。")


@agencies.command("recheck")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天核对，默认上海时间当日。")
def recheck(on: datetime | None) -> None:
    """逐家重新核对已备案机构的备案条件：租约、合同到期，人员退休，业绩超过五年。"""
    done = rechecking.recheck_all(on=on.date() if on else clock.today())
    click.echo(f"已核对 {done.agencies} 家，其中 {done.unmet} 家有条件不符")


@agencies.command("sweep")
def sweep() -> None:
    """清理超过一天未确认的人员导入。"""
    click.echo(f"已清理 {importing.sweep()} 份")


@roster_commands.command("check", with_appcontext=False)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON。")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天判断，默认上海时间当日。")
def check(files: Sequence[Path], as_json: bool, on: datetime | None) -> None:
    """试读人员名单，按第二十条（三）计数，不保存任何内容。"""
    failed = False
    for result in check_rosters(files, on=on.date() if on else clock.today()):
        failed = failed or "error" in result
        click.echo(json.dumps(result, ensure_ascii=False) if as_json else _told(result))
    if failed:
        raise SystemExit(1)


def check_rosters(files: Sequence[Path], *, on: date) -> Iterator[dict[str, Any]]:
    """What the import would make of each file, as plain values; persons on several of them count for none."""
    tables = Tables(titles.table(), majors.table())
    read = [_read(file, on, tables) for file in files]
    rosters = [roster for roster in read if isinstance(roster, Roster)]
    shared = across(rosters)
    for file, roster in zip(files, read, strict=True):
        if isinstance(roster, Roster):
            yield _summary(beside(roster, shared, tables=tables, law=law.jurisdiction()))
        else:
            yield {"file": file.name, "error": roster}


def _read(file: Path, on: date, tables: Tables) -> Roster | str:
    """The roster of a file, or the sentence that says why there is none."""
    try:
        content = file.read_bytes()
    except OSError as error:
        return f"无法打开文件：{error.strerror}"
    try:
        return read_roster(content, file_name=file.name, on=on, titles=tables.titles, majors=tables.majors)
    except DomainError as refusal:
        return refusal.message


def _summary(roster: Roster) -> dict[str, Any]:
    return {
        "file": roster.file_name,
        "accepted": len(roster.accepted),
        "rejected": [{"row": row.row, "name": row.name, "reason": row.reason} for row in roster.rejected],
        "review": [{"row": row.row, "reason": reason} for row in roster.accepted for reason in row.review],
        "intermediate_or_above": roster.intermediate_or_above,
        "senior_relevant": roster.senior_relevant,
        "meets_article_20_3": roster.meets_article_20_3,
    }


def _told(result: dict[str, Any]) -> str:
    if "error" in result:
        return f"{result['file']}：{result['error']}"
    lines = [
        f"{result['file']}：可用 {result['accepted']} 人，中级及以上 {result['intermediate_or_above']} 人，"
        f"其中相关专业高级 {result['senior_relevant']} 人，"
        f"第二十条（三）{'符合' if result['meets_article_20_3'] else '不符合或待判断'}"
    ]
    lines += [f"  第 {row['row']} 行 {row['name'] or '（无姓名）'}：{row['reason']}" for row in result["rejected"]]
    lines += [f"  第 {row['row']} 行待核：{row['reason']}" for row in result["review"]]
    return "\n".join(lines)

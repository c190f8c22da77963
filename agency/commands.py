"""`flask agency import`: the department's old ledger; `flask roster check`: the roster import, dry, no database."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from accounts import policies
from accounts.models import User
from agency import majors, titles
from agency.ledgers.spellings import Likeness
from agency.models import Proposal
from agency.queries import ledgers as ledger_queries
from agency.rosters import Roster, across, judged, read_roster
from agency.rules import Tables
from agency.services import importing, ledgers, rechecking
from agency.services.ledgers import Brought
from core import audit, clock, law
from core.db import db
from core.errors import DomainError
from core.settings import Settings
from core.sheets import Limits

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
    read = [_read(file, on) for file in files]
    rosters = [roster for roster in read if isinstance(roster, Roster)]
    shared = across(rosters)
    for file, roster in zip(files, read, strict=True):
        if isinstance(roster, Roster):
            yield _summary(judged(roster, tables=tables, law=law.jurisdiction(), shared=shared))
        else:
            yield {"file": file.name, "error": roster}


def _read(file: Path, on: date) -> Roster | str:
    """The roster of a file, or the sentence that says why there is none."""
    try:
        content = file.read_bytes()
    except OSError as error:
        return f"无法打开文件：{error.strerror}"
    try:
        return read_roster(content, file_name=file.name, on=on)
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


@agencies.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "username", help="办理人的用户名（省厅审核或审批）；用 --join certain 时必须写明。")
@click.option("--join", type=click.Choice(["certain", "none"]), default="none", help="确定相同的建议是否直接并为一家。")
@click.option("--json", "as_json", is_flag=True, help="只输出最后一行 JSON。")
def import_ledger(file: Path, username: str | None, join: str, as_json: bool) -> None:
    """导入旧台账（.xlsx、.csv）：列出哪些写法可能是同一家，其余各建一家“已知，未登记”。

    建议留待办理人在网页上决定；同一份台账再导入一次，什么也不变。最后一行是 JSON。
    """
    audit.set_origin("flask agency import")
    officer = _officer(username)
    if join == "certain" and officer is None:
        raise click.UsageError("--join certain 是一项决定，请用 --as 写明由谁决定。")
    settings = cast(Settings, current_app.extensions["settings"])
    limits = Limits(settings.upload_bytes, settings.sheet_unpacked_bytes, settings.sheet_rows)
    try:
        brought = ledgers.bring(file.read_bytes(), file_name=file.name, limits=limits, by=officer)
        told = "" if as_json else _ledger_told(brought)
        joined = _join_certain(officer) if officer and join == "certain" else 0
        known = ledgers.settle_rest(brought.ledger_id, by=officer) if brought.ledger_id else 0
    except OSError as error:
        raise click.ClickException(f"无法打开文件：{error.strerror}") from None
    except DomainError as refusal:
        raise click.ClickException(refusal.message) from None
    if not as_json:
        click.echo(told)
        click.echo(f"新建 {known} 家“已知，未登记”，确定相同的并为 {joined} 家。其余建议请办理人在“旧台账”中决定。")
    click.echo(json.dumps(_figures(brought, known=known, joined=joined), ensure_ascii=False))


def _officer(username: str | None) -> User | None:
    """Who brings the ledger; None where nobody was named."""
    if username is None:
        return None
    user = db.session.scalar(select(User).where(User.username == username.lower(), User.active))
    if user is None or not policies.is_provincial(user, None):
        raise click.UsageError(f"没有用户名为 {username} 的省厅审核或审批人员。")
    return user


def _join_certain(officer: User) -> int:
    waiting = ledger_queries.open_proposals(db.session(), None, Likeness.CERTAIN)
    return ledgers.join_all({proposal.id: proposal.version for proposal in waiting}, by=officer)


def _ledger_told(brought: Brought) -> str:
    lines = [f"读入 {brought.rows} 行，不同写法 {brought.spellings} 个，其中新写法 {brought.new_spellings} 个。"]
    lines += [f"  {remark}" for remark in brought.remarks]
    if brought.ledger_id is None:
        changed = f"补上 {brought.learnt} 个信用代码。" if brought.learnt else "什么也没有改变。"
        return "\n".join([*lines, f"所有写法此前都已读入，没有新增，{changed}"])
    for proposal in ledger_queries.open_proposals(db.session(), brought.ledger_id):
        lines += _proposal_told(proposal)
    for cell in ledger_queries.cells(db.session(), brought.ledger_id):
        inside = f"，其中含有：{'、'.join(cell.holds.splitlines())}" if cell.holds else ""
        lines.append(f"[可能一格几家] 第 {cell.row} 行 {cell.text}{inside}")
    return "\n".join(lines)


def _proposal_told(proposal: Proposal) -> Iterator[str]:
    yield f"[{proposal.likeness.label}] {proposal.main.text}（{proposal.why_main}）"
    for row in proposal.spellings:
        if row is not proposal.main:
            yield f"    第 {row.row} 行 {row.text}"
    yield f"    依据：{'；'.join(proposal.why.splitlines())}"


def _figures(brought: Brought, *, known: int, joined: int) -> dict[str, int]:
    """For the last line; what waits is counted over all ledgers."""
    progress = ledger_queries.progress(db.session())
    return {
        "rows": brought.rows,
        "proposals": brought.proposals,
        "new_proposals": brought.new_proposals,
        "spellings": brought.spellings,
        "new_spellings": brought.new_spellings,
        "known": known,
        "joined": joined,
        "open_proposals": sum(progress.open.values()),
        "waiting_spellings": progress.waiting,
        "joint_cells": progress.cells,
    }

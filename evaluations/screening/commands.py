"""What is done with agreements by `flask agreement …`."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from evaluations.reading.agreements import AgreementRefused, read_agreement
from evaluations.screening.agreements import Found, screen_agreement
from evaluations.screening.judging import screen_clause
from evaluations.screening.labels import Label

group = AppGroup("agreement", help="协议核查：对赌、保过、搭售及其他扰乱市场的条款。")


@group.command("screen")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每份文件打印一行 JSON。")
@click.option("--clauses", type=click.Path(path_type=Path), help='每行一条 {"id", "text"} 的 .jsonl 文件。')
def screen(paths: tuple[Path, ...], as_json: bool, clauses: Path | None) -> None:
    """核查协议文件（.docx、PDF、图片，或装着它们的文件夹），或用 --clauses 逐条判断。

    读不了的文件说明原因，其余照常核查。--clauses 中有一行不是 {"id", "text"}，整份不判断，并指明是第几行。
    """
    if bool(paths) == bool(clauses):
        raise click.UsageError("请给出协议文件，或用 --clauses 给出条款文件，两者取一。")
    if clauses:
        _screen_clauses(clauses)
    for path in _files(paths):
        told = _screened(path)
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else _in_words(told))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
        else:
            yield path


def _screened(path: Path) -> dict[str, Any]:
    try:
        agreement = read_agreement(path.read_bytes(), name=path.name)
    except OSError as error:
        return {"file": str(path), "error": f"无法打开文件：{error.strerror}"}
    except AgreementRefused as refusal:
        return {"file": str(path), "error": refusal.message}
    screened = screen_agreement(agreement)
    told = {
        "file": str(path),
        "labels": [label.value for label in screened.labels],
        "marks": [_mark(found) for found in screened.found],
    }
    if not agreement.unread:
        return told
    return told | ({"unread_pages": list(agreement.unread)} if agreement.paged else {"unread_pictures": True})


def _mark(found: Found) -> dict[str, Any]:
    clause, mark = found.clause, found.mark
    return {
        "label": mark.label.value,
        "text": clause.text,
        "trigger": mark.trigger,
        "page": clause.page,
        "start": clause.start,
        "end": clause.end,
        "article": mark.article,
        "confidence": mark.confidence,
        "reason": mark.reason,
    }


def _in_words(told: dict[str, Any]) -> str:
    if "error" in told:
        return f"{told['file']}：{told['error']}"
    unread = "、".join(map(str, told.get("unread_pages", ())))
    lines = [f"{told['file']}：" + (f"标出 {len(told['marks'])} 处" if told["marks"] else "未标出条款")]
    lines += [f"  第 {unread} 页是图片，没有读取（未安装文字识别组件）"] if unread else []
    lines += ["  文中有图片，其中的文字没有读取"] if told.get("unread_pictures") else []
    for mark in told["marks"]:
        place = f"第 {mark['page']} 页" if mark["page"] else ""
        lines.append(f"  {place}[{Label(mark['label']).words}] {mark['text']}\n    {mark['reason']}")
    return "\n".join(lines)


def _screen_clauses(clauses: Path) -> None:
    try:
        lines = clauses.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise click.ClickException(f"无法打开文件：{error.strerror}") from None
    except UnicodeDecodeError:
        raise click.ClickException("文件不是 UTF-8 编码的文本，请另存为 UTF-8 后再试。") from None
    given = [_clause(line, number) for number, line in enumerate(lines, start=1) if line.strip()]
    for key, text in given:
        labels = [label.value for label in screen_clause(text).labels]
        click.echo(json.dumps({"id": key, "labels": labels}, ensure_ascii=False))


def _clause(line: str, number: int) -> tuple[Any, str]:
    try:
        told = json.loads(line)
        key, text = told["id"], told["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        key = text = None
    if key is None or not isinstance(text, str):
        raise click.ClickException(f'第 {number} 行不是 {{"id": …, "text": "…"}}。')
    return key, text

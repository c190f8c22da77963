"""What is done with agreements by `flask agreement …`."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from evaluations.screening.judging import screen_clause

group = AppGroup("agreement", help="协议核查：对赌、保过、搭售及其他扰乱市场的条款。")


@group.command("screen")
@click.option(
    "--clauses", type=click.Path(path_type=Path), required=True, help='每行一条 {"id", "text"} 的 .jsonl 文件。'
)
def screen(clauses: Path) -> None:
    """逐条判断，每条打印一行 {"id", "labels"}，标签按固定次序。

    有一行不是 {"id", "text"}，整份不判断，并指明是第几行。
    """
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

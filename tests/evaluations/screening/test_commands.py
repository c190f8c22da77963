"""`flask agreement screen --clauses FILE.jsonl`."""

import json
from pathlib import Path

import pytest
from flask import Flask

LINES = (
    {"id": "a", "text": "乙方保证甲方列入省级绿色工厂名单，未列入的全额退款。"},
    {"id": 7, "text": "本合同一式四份。"},
)


def test_each_clause_gets_its_line_with_labels_in_order(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "clauses.jsonl"
    file.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in LINES) + "\n\n", encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["agreement", "screen", "--clauses", str(file)])
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.output.splitlines()] == [
        {"id": "a", "labels": ["bet_on", "guaranteed_pass"]},
        {"id": 7, "labels": []},
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"id": 1, "text": "甲"}\nnonsense\n'.encode(), "第 2 行"),
        (b'{"id": 1}\n', "第 1 行"),
        (b'{"id": 1, "text": 5}\n', "第 1 行"),
        (b"[1, 2]\n", "第 1 行"),
        ("甲".encode("gbk") * 3, "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(app: Flask, tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "clauses.jsonl"
    file.write_bytes(content)
    result = app.test_cli_runner().invoke(args=["agreement", "screen", "--clauses", str(file)])
    assert result.exit_code == 1
    assert told in result.output
    assert '"labels"' not in result.output


def test_a_file_that_is_not_there_is_told(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["agreement", "screen", "--clauses", str(tmp_path / "none.jsonl")])
    assert result.exit_code == 1
    assert "无法打开文件" in result.output

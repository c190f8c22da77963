"""`flask agreement screen PATH…`: whole agreements, one JSON object a line."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from evaluations.reading.agreements import Agreement, Clause
from evaluations.screening.agreements import screen_agreement
from evaluations.screening.labels import Label
from tests.evaluations.reading.makers import SAMPLES, docx, paragraph

BET = "甲方未列入省级绿色工厂名单的，乙方退还全部评价费。"


def screened(app: Flask, *arguments: str) -> list[dict[str, Any]]:
    result = app.test_cli_runner().invoke(args=["agreement", "screen", "--json", *arguments])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_a_mark_shows_the_whole_clause_and_where_it_stands(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "协议.docx"
    file.write_bytes(docx(paragraph("第一条　本合同一式四份。"), paragraph("第二条　" + BET)))
    (told,) = screened(app, str(file))
    assert (told["file"], told["labels"]) == (str(file), ["bet_on"])
    (mark,) = told["marks"]
    assert (mark["label"], mark["text"], mark["page"]) == ("bet_on", BET, None)
    assert mark["end"] - mark["start"] == len(BET)
    assert mark["trigger"] in BET
    assert 0 <= mark["confidence"] <= 1
    assert set(mark) == {"label", "text", "trigger", "page", "start", "end", "article", "confidence", "reason"}


def test_a_folder_gives_a_line_for_each_file_and_an_error_stops_no_other(app: Flask, tmp_path: Path) -> None:
    shutil.copy(next(SAMPLES.glob("06*")), tmp_path / "a.pdf")
    (tmp_path / "b.doc").write_bytes(b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"))
    (tmp_path / "c.docx").write_bytes(docx(paragraph("本合同一式四份。")))
    told = screened(app, str(tmp_path), str(tmp_path / "absent.pdf"))
    assert [Path(each["file"]).name for each in told] == ["a.pdf", "b.doc", "c.docx", "absent.pdf"]
    assert {mark["page"] for mark in told[0]["marks"]} == {1}
    assert set(told[1]) == {"file", "error"}
    assert told[2] == {"file": str(tmp_path / "c.docx"), "labels": [], "marks": []}
    assert "无法打开" in told[3]["error"]


def test_words_for_people_without_json(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "协议.docx").write_bytes(docx(paragraph(BET)))
    result = app.test_cli_runner().invoke(args=["agreement", "screen", str(tmp_path)])
    assert "标出 1 处" in result.output
    assert "对赌协议" in result.output


@pytest.mark.parametrize("arguments", [(), ("a.docx", "--clauses", "b.jsonl")])
def test_files_or_clauses_but_not_both_nor_neither(app: Flask, arguments: tuple[str, ...]) -> None:
    assert app.test_cli_runner().invoke(args=["agreement", "screen", *arguments]).exit_code == 2


def test_an_item_is_judged_with_what_opens_its_list() -> None:
    lead = "有下列情形之一的，乙方退还全部评价费："
    item = Clause("甲方未列入当年省级绿色工厂名单；", None, 0, 16)
    alone = screen_agreement(Agreement(("",), (item,)))
    assert Label.BET_ON not in alone.labels
    in_list = screen_agreement(Agreement(("",), (Clause(item.text, None, 0, 16, lead=lead),)))
    assert Label.BET_ON in in_list.labels


def test_a_term_defined_by_the_outcome_makes_a_bet_of_the_clause_that_pays_on_it() -> None:
    definition = Clause("本合同所称“协同状态”，指甲方列入省级绿色工厂公布名单。", None, 0, 28)
    payment = Clause("第三期 40000元 协同状态确认后十日内", None, 28, 49)
    used = screen_agreement(Agreement(("",), (definition, payment)))
    assert Label.BET_ON in {found.mark.label for found in used.found if found.clause is payment}
    plain = Clause("本合同所称“协同状态”，指评价报告交付甲方。", None, 0, 22)
    assert Label.BET_ON not in screen_agreement(Agreement(("",), (plain, payment))).labels


def test_the_title_over_numbered_paragraphs_carries_nothing_and_what_stands_under_it_does(
    app: Flask, tmp_path: Path
) -> None:
    file, listed = tmp_path / "协议.docx", tmp_path / "广告.docx"
    promise = "3.1 乙方确保甲方列入省级绿色工厂名单。"
    file.write_bytes(docx(paragraph("第三条　保证"), paragraph(promise)))
    listed.write_bytes(docx(paragraph("一、保证上榜"), paragraph("二、按时交付报告。")))
    (told,) = screened(app, str(file))
    assert [mark["text"] for mark in told["marks"]] == ["乙方确保甲方列入省级绿色工厂名单。"]
    assert screened(app, str(listed))[0]["labels"] == ["guaranteed_pass"]


def test_the_reason_quotes_the_capitals_of_the_agreement(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "协议.docx"
    file.write_bytes(docx(paragraph("第一条　甲方委托评价的，须同时委托乙方办理ISO 14001环境管理体系认证。")))
    (told,) = screened(app, str(file))
    assert "“ISO 14001”" in told["marks"][0]["reason"]

"""What a clause carries under 第二十二条第一款, and what its lawful twin does not."""

import dataclasses
import json
import subprocess
import sys

import pytest

from core.settings import ROOT
from evaluations.screening import Label, screen_clause
from evaluations.screening.labels import ARTICLE

pytestmark = pytest.mark.clause("JL-22-1b")

BET, PASS, TIED, OTHER = Label
TWINS = (
    (
        "甲方未列入公布名单的，乙方退还全部服务费。",
        {BET},
        "乙方逾期交付报告的，乙方退还全部服务费。",
    ),
    (
        "名单公布且甲方在列后，甲方于十日内付清尾款。",
        {BET},
        "尾款于名单公布后十日内付清，无论甲方是否在列，付款不受影响。",
    ),
    (
        "若未入选，次年的评价由乙方免费再做一次。",
        {BET},
        "乙方计算有误的，由乙方免费修改报告。",
    ),
    (
        "乙方保证甲方列入省级绿色工厂名单。",
        {PASS},
        "乙方保证评价报告真实、客观、准确。",
    ),
    (
        "评审专家都是熟面孔，贵公司一定能上榜，请放心。",
        {PASS},
        "能否上榜由主管部门决定，乙方不得承诺一定入选。",
    ),
    (
        "在我公司办理能源管理体系认证的，绿色工厂评价费打五折。",
        {TIED},
        "能源管理体系认证为可选项，单独报价、单独签约，选与不选不影响评价费。",
    ),
    (
        "甲方不购买乙方碳管理软件的，乙方不受理其评价申请。",
        {TIED},
        "甲方是否购买软件由其自主决定，不影响评价的受理。",
    ),
    (
        "甲方缺少的能耗台账由乙方代为补制，日期倒签。",
        {OTHER},
        "甲方缺少的能耗台账，乙方不得代为补制，应在报告中如实注明。",
    ),
    (
        "甲方不得就评价质量向主管部门投诉或举报。",
        {OTHER},
        "双方对商业秘密保密，但依法向主管部门投诉、举报的，不受本条限制。",
    ),
)


@pytest.mark.parametrize(("text", "labels", "twin"), TWINS, ids=[text[:12] for text, _, _ in TWINS])
def test_a_clause_carries_its_label_and_its_lawful_twin_none(text: str, labels: set[Label], twin: str) -> None:
    assert set(screen_clause(text).labels) == labels
    assert screen_clause(twin).labels == ()


def test_every_label_has_its_mark_in_the_order_of_the_guideline() -> None:
    found = screen_clause("乙方保证甲方入选，未入选的全额退款；甲方须同时购买乙方的体系认证服务，否则乙方不受理评价。")
    assert found.labels == tuple(label for label in Label if label in found.labels)
    assert tuple(mark.label for mark in found.marks) == found.labels
    assert {BET, PASS} <= set(found.labels)


def test_a_mark_tells_trigger_effect_article_confidence_and_a_sentence_for_a_letter() -> None:
    text = "甲方 未 列入公布名单的，乙方退还全部服务费。"
    (mark,) = screen_clause(text).marks
    assert text[mark.start : mark.end] == mark.trigger
    assert all(trigger in text for trigger in mark.triggers)
    assert "退还" in mark.triggers
    assert mark.article == ARTICLE
    assert 0.5 <= mark.confidence <= 1
    assert "退还" in mark.effect
    assert mark.effect in mark.reason
    assert "第二十二条第一款" in mark.reason
    assert mark.reason.endswith("。")
    assert mark.reason.count("。") == 1


def test_however_it_is_written_it_is_judged_alike() -> None:
    plain = screen_clause("甲方未列入公布名单的，乙方退还全部服务费3万元。").labels
    for text in (
        "甲方未列入公佈名單的,乙方退還全部服務費３萬元。",
        "甲方未列入公 布 名\n单的，乙方退还全部服务 费 3 万元。",
        "甲方未列入公布名单的，乙方退还全部服务费叁万圆。",
    ):
        assert screen_clause(text).labels == plain == (BET,)


@pytest.mark.parametrize("text", ["", " \n ", "。。。", "abc", "〇〇〇", "\x00", "甲" * 5000, "，" * 3000])
def test_what_says_nothing_carries_nothing(text: str) -> None:
    assert screen_clause(text).labels == ()


def test_a_screening_cannot_be_changed() -> None:
    found = screen_clause("乙方保证甲方列入省级绿色工厂名单。")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.labels = ()  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.marks[0].confidence = 0.1  # type: ignore[misc]


def test_another_process_with_other_hash_seeds_judges_alike() -> None:
    texts = [text for text, _, twin in TWINS for text in (text, twin)]
    program = (
        "import json, sys; from evaluations.screening import screen_clause;"
        "print([repr(screen_clause(each)) for each in json.load(sys.stdin)])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("1", "2")
    }
    assert answers == {f"{[repr(screen_clause(each)) for each in texts]}\n"}

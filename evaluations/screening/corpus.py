"""The labelled clauses that the weights are made from and measured on: tests/data/screening/<author>.jsonl.

Of the open clauses two fifths are kept aside for ever, by a hash of their id: nothing is ever made from them.
"""

import csv
import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.settings import ROOT
from evaluations.screening.labels import Label

FOLDER: Final = ROOT / "tests" / "data" / "screening"
OPEN: Final = "open"
USED_OF_HUNDRED: Final = 60


@dataclass(frozen=True, slots=True)
class Sample:
    id: str
    text: str
    labels: frozenset[Label]
    author: str

    @property
    def kept_aside(self) -> bool:
        drawn = int(hashlib.sha256(self.id.encode()).hexdigest()[:8], 16) % 100
        return self.author == OPEN and drawn >= USED_OF_HUNDRED


def read(folder: Path = FOLDER) -> Mapping[str, tuple[Sample, ...]]:
    """Author → clauses, each once."""
    return {path.stem: tuple(_samples(path)) for path in sorted(folder.glob("*.jsonl"))}


def _samples(path: Path) -> Iterable[Sample]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            given = json.loads(line)
            labels = frozenset(Label(each) for each in given["labels"])
            yield Sample(given["id"], given["text"], labels, path.stem)


# What a drill puts in place of a name in braces.
FILLINGS: Final[dict[str, tuple[str, ...]]] = {
    "甲": ("甲方", "贵公司", "委托人", "企业", "贵厂"),
    "乙": ("乙方", "我司", "受托人", "本机构", "我方"),
    "成": ("列入公布名单", "入选", "上榜", "通过专家评审", "获得推荐", "获评绿色工厂"),
    "落": ("未列入名单", "落选", "未入选", "未通过评审", "未获推荐", "没评上"),
    "款": ("尾款", "服务费", "评价费", "余款", "全部费用"),
    "退": ("全额退还", "退还一半", "如数返还", "免收"),
    "免": ("不再支付", "免付", "作废", "不予支付"),
    "保": ("保证", "确保", "承诺", "担保"),
    "必": ("一定", "肯定", "必然", "铁定"),
    "服": ("体系认证", "产品碳足迹核算", "能源审计", "内审员培训", "能碳管理软件"),
    "证": ("能耗台账", "监测记录", "转移联单", "培训记录"),
    "造": ("补制", "补造", "倒签", "编造"),
    "过": ("超标排放记录", "环保罚单", "不符合项", "安全事故"),
}
DRILLS: Final = FOLDER / "drills.csv"
TIMES: Final = 2


def drills(path: Path = DRILLS) -> tuple[Sample, ...]:
    """Plain sentences of each kind and their lawful twins, with several fillings: for training, never for scores."""
    made: list[Sample] = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            labels = frozenset(Label(each) for each in row["labels"].split(",") if each)
            for time in range(TIMES):
                text = row["pattern"]
                for place, (name, words) in zip(itertools.count(number), FILLINGS.items(), strict=False):
                    text = text.replace(f"{{{name}}}", words[(place * 7 + time * 3 + number) % len(words)])
                made.append(Sample(f"drill-{number}-{time}", text, labels, "drills"))
    return tuple(made)

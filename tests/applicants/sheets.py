"""Spreadsheets of applicants for tests: the forty samples, as a bureau would keep them, clean and dirty."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

FILE = Path(__file__).parent.parent / "data" / "samples" / "applicants.json"
SAMPLES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["applicants"]
HEADS = (
    "序号", "企业（园区）名称", "统一社会信用代码", "申报类别", "市（州）", "县（市、区）", "详细地址", "行业代码",
    "所属行业", "法定代表人", "联系人", "联系电话", "现有级别", "是否绿色工厂", "工业增加值占比（%）",
)  # fmt: skip
KINDS = {"factory": "绿色工厂", "park": "绿色工业园区", "supply_chain": "绿色供应链"}
LEVELS = {"none": "无", "municipal": "市级", "provincial": "省级"}
NAME, CODE, KIND, BUREAU, COUNTY, INDUSTRY, PHONE = 1, 2, 3, 4, 5, 7, 11


def row_of(sample: dict[str, Any], number: int) -> list[Any]:
    share = sample.get("park", {}).get("industrial_value_added_share_percent")
    is_green = sample.get("supply_chain", {}).get("is_green_factory")
    return [
        number, sample["name"], sample["unified_social_credit_code"], KINDS[sample["kind"]], sample["prefecture"],
        sample["county"], sample["address"], sample["industry_code_gb_t_4754"] or "", sample["industry"]
        if sample["industry_code_gb_t_4754"] else "", sample.get("legal_representative") or sample["person_in_charge"],
        sample["contact"]["name"], sample["contact"]["phone"], LEVELS[sample["current_list_level"]],
        "" if is_green is None else "是" if is_green else "否", share if share is not None else "",
    ]  # fmt: skip


def rows(samples: Sequence[dict[str, Any]] = SAMPLES) -> list[list[Any]]:
    return [row_of(sample, number) for number, sample in enumerate(samples, 1)]


def workbook(table: Sequence[Sequence[Any]], *, title: str = "培育对象", merge: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for line in table:
        page.append(list(line))
    for area in merge:
        page.merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def clean() -> bytes:
    return workbook([HEADS, *rows()])

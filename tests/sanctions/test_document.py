"""The circular and the announcement as official papers: what they say, and the layout of GB/T 9704."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from flask.testing import FlaskClient

from accounts.models import User
from core import official
from sanctions import document
from sanctions.document import Concerned, Content
from sanctions.models import Measure, State
from tests.factories import Make

AT = datetime(2026, 11, 21, 4, tzinfo=UTC)
CIRCULAR = Content(
    measure=Measure.NON_ADOPTION,
    subject="吉林省衡准评价有限公司",
    credit_code="91220101MA0TE5T44Z",
    facts="一、编造用能台账。\n二、隐瞒停产事实。",
    evidence="书证：用能台账\n现场核查记录",
    clause="第二十二条第三款",
    document="吉工信资源〔2026〕88号",
    dated=date(2026, 11, 21),
    first_day=date(2028, 2, 29),
    stated="你单位在规定期限内未提出陈述、申辩意见。",
    concerned=(Concerned("评〔2026〕00012", "松原绿源有限公司", "绿色工厂　省级"),),
)


def opened(content: Content, *, red_head: bool = True) -> Any:
    return docx.Document(document.paper(content, red_head=red_head, at=AT))


def lines(paper: Any) -> list[str]:
    return [each.text for each in paper.paragraphs if each.text]


@pytest.mark.clause("JL-22-3")
def test_the_circular_states_facts_ground_both_days_and_remedies() -> None:
    told = lines(opened(CIRCULAR))
    text = "\n".join(told)
    assert told[:3] == [
        "吉林省工业和信息化厅文件", "吉工信资源〔2026〕88号",
        "吉林省工业和信息化厅关于吉林省衡准评价有限公司有关问题的通报",
    ]  # fmt: skip
    assert told[3].endswith("：")
    for part in (
        "编造用能台账", "书证：用能台账；现场核查记录。", "第二十二条第三款", "吉工信资源规〔2024〕279号",
        "自2028年2月29日起至2031年2月28日止", "60 日内向吉林省人民政府申请行政复议", "6 个月内", "附件：所涉评价清单",
    ):  # fmt: skip
        assert part in text
    assert "你单位" not in text
    assert not any(word in text for word in ("处罚", "许可", "资质", "责令"))
    assert told.index("吉林省工业和信息化厅") + 1 == told.index("2026年11月21日")
    cells = [cell.text for cell in opened(CIRCULAR).tables[0].rows[1].cells]
    assert cells == ["1", "评〔2026〕00012", "松原绿源有限公司", "绿色工厂　省级"]


@pytest.mark.clause("JL-18")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"entry": "省级 2025 年名单"}, "我厅决定将其移出省级 2025 年名单，并予以公告"),
        ({"entry": "国家级第五批", "is_ministrys": True}, "建议工业和信息化部将其移出国家级第五批"),
    ],
)
def test_the_announcement_of_a_removal_says_from_which_list(changed: dict[str, Any], said: str) -> None:
    told = "\n".join(lines(opened(replace(CIRCULAR, measure=Measure.REMOVAL, clause="第十八条", **changed))))
    assert said in told
    assert "移出绿色制造名单的公告" in told
    assert "不予采信其" not in told


def test_a_circular_alone_names_no_days() -> None:
    told = "\n".join(lines(opened(replace(CIRCULAR, measure=Measure.CIRCULAR, first_day=None, concerned=()))))
    assert "予以通报，并要求其引以为戒" in told
    assert "年2月" not in told
    assert "附件" not in told


def test_what_is_not_decided_yet_is_left_blank() -> None:
    told = "\n".join(lines(opened(replace(CIRCULAR, document=None, dated=None, first_day=None), red_head=False)))
    assert "吉工信〔2026〕　　号" in told
    assert "自　　年　月　日起至　　年　月　日止" in told
    assert "文件" not in told


def test_the_layout_is_that_of_an_official_paper() -> None:
    paper = opened(CIRCULAR)
    section = paper.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each.mm) for each in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    height, width = Mm(297 - 37 - 35).pt * 20, Mm(210 - 28 - 26).pt
    assert height // int(grid.get(qn("w:linePitch"))) == official.LINES
    assert width // (16 + int(grid.get(qn("w:charSpace"))) / 4096) == official.CHARACTERS
    body = next(each for each in paper.paragraphs if "编造用能台账" in each.text)
    run = body.runs[0]
    assert (run.font.size, run._r.rPr.rFonts.get(qn("w:eastAsia"))) == (Pt(16), "仿宋")
    assert body.paragraph_format.first_line_indent == Pt(32)
    assert height / 20 // body.paragraph_format.line_spacing.pt == official.LINES
    red = paper.paragraphs[0].runs[0]
    assert red.font.color.rgb == official.RED
    feet = (section.footer, section.even_page_footer)
    assert all("PAGE" in foot._element.xml for foot in feet)
    assert paper.settings.odd_and_even_pages_header_footer


def test_the_same_content_makes_the_same_bytes() -> None:
    first, second = (document.paper(CIRCULAR, red_head=True, at=AT).getvalue() for _ in range(2))
    assert first == second


def test_the_desk_downloads_the_paper_of_a_proceeding(make: Make, sign_in: Callable[[User], FlaskClient]) -> None:
    proceeding = make.proceeding(State.DECIDED)
    desk = sign_in(make.officer("reviewer"))
    answer = desk.get(f"/desk/sanctions/{proceeding.id}/circular.docx?head=none")
    told = lines(docx.Document(BytesIO(answer.data)))
    assert told[0] == proceeding.document
    assert any(proceeding.facts in line for line in told)
    assert "通报公告文稿" in desk.get(f"/desk/sanctions/{proceeding.id}").text

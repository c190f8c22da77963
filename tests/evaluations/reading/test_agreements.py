"""What is read of an agreement: its clauses, whole, each with its place."""

import json

import pypdfium2
import pytest

from evaluations.reading.agreements import Agreement, Clause, can_recognise, read_agreement
from evaluations.reading.paged import FEW_CHARACTERS, _is_scan
from evaluations.reading.printed import laid
from home.demonstration.paper import printed_agreement
from tests.evaluations.reading.makers import SAMPLES, docx, paragraph, repeated, run, sample, table

LABELLED = json.loads((SAMPLES / "labels.json").read_text(encoding="utf-8"))
TYPED = [name for name in LABELLED if "扫描件" not in name]
SCANNED = [name for name in LABELLED if "扫描件" in name]


def texts(content: bytes) -> list[str]:
    return [clause.text for clause in read_agreement(content, name="协议").clauses]


def placed(agreement: Agreement, clause: Clause) -> str:
    return "".join(agreement.pages[(clause.page or 1) - 1 :])[clause.start : clause.end]


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", TYPED)
def test_clauses_are_what_a_careful_reader_sees(name: str) -> None:
    assert texts((SAMPLES / name).read_bytes()) == [each["text"] for each in LABELLED[name]["clauses"]]


@pytest.mark.skipif(not can_recognise(), reason="the extra ocr is not installed")
@pytest.mark.parametrize("name", SCANNED)
def test_a_scan_gives_the_same_clauses_as_its_text(name: str) -> None:
    agreement = read_agreement((SAMPLES / name).read_bytes(), name=name)
    assert agreement.recognised == (1,)
    assert [each.text for each in agreement.clauses] == [each["text"] for each in LABELLED[name]["clauses"]]


@pytest.mark.parametrize("name", TYPED)
def test_offsets_bound_the_whole_clause_and_pieces_lead_back_to_it(name: str) -> None:
    agreement = read_agreement((SAMPLES / name).read_bytes(), name=name)
    for clause in agreement.clauses:
        assert (clause.page is None) == name.endswith(".docx")
        assert bare(placed(agreement, clause)) == bare(clause.text)
        for piece in clause.pieces:
            page = agreement.pages[(piece.page or 1) - 1]
            assert page[piece.start : piece.start + piece.length] == clause.text[piece.at : piece.at + piece.length]


def test_a_clause_keeps_its_number_apart() -> None:
    found = read_agreement(sample("01"), name="协议.docx").clauses
    assert [clause.number for clause in found[:2]] == ["第一条", "第二条"]
    assert not found[0].text.startswith("第一条")


@pytest.mark.parametrize(
    ("typed", "number", "text"),
    [
        ("第三条　甲方按期付款。", "第三条", "甲方按期付款。"),
        ("第3条甲方按期付款。", "第3条", "甲方按期付款。"),
        ("3.1 年度评价一次。", "3.1", "年度评价一次。"),
        ("（一）甲方按期付款。", "（一）", "甲方按期付款。"),
        ("(2) 甲方按期付款。", "(2)", "甲方按期付款。"),
        ("①甲方按期付款。", "①", "甲方按期付款。"),
        ("三、甲方按期付款。", "三", "甲方按期付款。"),
        ("第三条（一）甲方按期付款。", "第三条（一）", "甲方按期付款。"),
        ("第五条 【付款方式】甲方按期付款。", "第五条", "甲方按期付款。"),
        ("● 甲方按期付款。", "", "甲方按期付款。"),
        ("3.5万元于签约时支付。", "", "3.5万元于签约时支付。"),
        ("第十一条所列情形由甲方自查。", "", "第十一条所列情形由甲方自查。"),
        ("2026年的费用另议。", "", "2026年的费用另议。"),
    ],
)
def test_numbers_are_told_from_what_only_looks_like_them(typed: str, number: str, text: str) -> None:
    (clause,) = read_agreement(docx(paragraph(typed)), name="协议.docx").clauses
    assert (clause.number, clause.text) == (number, text)


@pytest.mark.parametrize(
    "line",
    [
        "甲方（委托方）：长春某某有限公司",
        "甲方（盖章）：　　　　乙方（盖章）：",
        "法定代表人：",
        "签订日期：2026年3月12日",
        "2026 年 4 月 20 日",
        "一、评价内容",
        "第二章　服务组合与费用",
        "根据《中华人民共和国民法典》，双方就评价事宜订立本合同。",
        "吉林省某某研究院（盖章）",
        "（以下无正文）",
    ],
)
def test_headings_parties_and_signatures_are_no_clauses(line: str) -> None:
    assert texts(docx(paragraph("第一条 甲方按期付款。"), paragraph(line))) == ["甲方按期付款。"]


@pytest.mark.parametrize("line", ["包过包上榜", "备注：未列名的，全额退款", "不上榜，不收费", "1．包过，不过退款"])
def test_a_short_line_that_promises_is_a_clause(line: str) -> None:
    assert len(texts(docx(paragraph(line)))) == 1


def test_what_opens_a_list_goes_along_with_its_items() -> None:
    opening = "第二条 有下列情形之一的，乙方退还评价费："
    found = read_agreement(
        docx(*map(paragraph, (opening, "（一）未列入名单；", "（二）逾期交付。", "第三条 一式两份。"))),
        name="协议.docx",
    ).clauses
    assert [clause.lead for clause in found] == [
        "",
        "有下列情形之一的，乙方退还评价费：",
        "有下列情形之一的，乙方退还评价费：",
        "",
    ]


def test_an_automatic_number_is_told_and_is_no_text() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        '<w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum><w:num w:numId="4"><w:abstractNumId w:val="1"/></w:num>'
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr>'
    content = docx(*(paragraph(text, listed) for text in ("甲方付款。", "乙方交付报告。")), numbering=numbering)
    found = read_agreement(content, name="协议.docx").clauses
    assert [(clause.number, clause.text) for clause in found] == [
        ("第一条", "甲方付款。"),
        ("第二条", "乙方交付报告。"),
    ]


def test_a_row_of_a_table_is_a_clause_and_its_heading_is_none() -> None:
    content = docx(table(("期次", "比例", "时点"), ("第一期", "30%", "签约后"), ("第二期", "70%", "列入公告后")))
    assert texts(content) == ["第一期 30% 签约后", "第二期 70% 列入公告后"]


def test_what_was_struck_out_is_not_read_and_what_was_put_in_is() -> None:
    struck = f"<w:del><w:r><w:delText>全额退款</w:delText></w:r></w:del><w:ins>{run('另行约定')}</w:ins>"
    assert texts(docx(f"<w:p>{run('未列名的，')}{struck}{run('。')}</w:p>")) == ["未列名的，另行约定。"]


def test_a_text_box_is_read_once() -> None:
    inside = f"<w:txbxContent>{paragraph('未列入名单的，全额退款。')}</w:txbxContent>"
    drawn = f"<w:AlternateContent><w:Choice>{inside}</w:Choice><w:Fallback>{inside}</w:Fallback></w:AlternateContent>"
    content = docx(f"<w:p>{run('甲方按期付款。')}<w:r>{drawn}</w:r></w:p>")
    assert texts(content) == ["甲方按期付款。", "未列入名单的，全额退款。"]


def test_the_name_in_a_header_is_text_and_a_promise_there_is_a_clause_too() -> None:
    agreement = read_agreement(
        docx(paragraph("甲方按期付款。"), hdr=paragraph("无关"), header1=paragraph("某某公司　合同文本"),
             footer1=paragraph("凡与我公司签约的企业，未列入名单的一律全额退款。")),
        name="协议.docx",
    )  # fmt: skip
    assert "合同文本" in agreement.pages[0]
    assert [clause.text for clause in agreement.clauses] == [
        "凡与我公司签约的企业，未列入名单的一律全额退款。",
        "甲方按期付款。",
    ]


def test_lines_broken_by_hand_are_put_together() -> None:
    first, rest = "乙方为供应商开展的现场评价，每家不少于四人日，且每月到", "甲方现场办公不少于三日。"
    assert texts(docx(paragraph("1.3　" + first), paragraph(rest))) == [first + rest]


def test_a_clause_that_several_pages_begin_with_is_no_header() -> None:
    agreement = read_agreement(repeated(sample("05"), 3), name="协议.pdf")
    assert len(agreement.pages) == 6
    assert [clause.text for clause in agreement.clauses] == [
        each["text"] for name in LABELLED if name.startswith("05") for each in LABELLED[name]["clauses"]
    ] * 3
    assert {clause.page for clause in agreement.clauses} == {1, 2, 3, 4, 5, 6}


def test_who_waits_hears_of_every_page() -> None:
    heard: list[tuple[int, int]] = []
    read_agreement(repeated(sample("05"), 3), name="协议.pdf", tell=lambda done, of: heard.append((done, of)))
    assert heard == [(number, len(heard)) for number in range(1, len(heard) + 1)]
    assert len(heard) % 3 == 0


def test_what_the_listener_raises_ends_the_reading() -> None:
    def stop(done: int, of: int) -> None:
        raise KeyError(done)

    with pytest.raises(KeyError):
        read_agreement(sample("05"), name="协议.pdf", tell=stop)


def _drawn(width: int, height: int) -> str:
    """A picture of so many centimetres."""
    extent = f'<wp:extent xmlns:wp="wp" cx="{width * 360_000}" cy="{height * 360_000}"/>'
    return f'<w:p><w:r><w:drawing>{extent}<a:blip xmlns:a="a"/></w:drawing></w:r></w:p>'


SHAPE = '<v:shape xmlns:v="v" style="width:400pt;height:500.5pt"><v:imagedata/></v:shape>'
OF_OLD = f"<w:p><w:r><w:pict>{SHAPE}</w:pict></w:r></w:p>"


@pytest.mark.parametrize(
    ("picture", "unread"),
    [(_drawn(16, 23), (1,)), (OF_OLD, (1,)), (_drawn(4, 4), ()), ("", ())],
    ids=["a page", "as older programs write it", "a seal", "none"],
)
def test_a_page_pasted_into_a_word_document_as_a_picture_is_not_taken_as_read(
    picture: str, unread: tuple[int, ...]
) -> None:
    read = read_agreement(docx(paragraph("第一条 评价费用一次付清。"), picture), name="协议.docx")
    assert read.unread == unread
    assert "评价费用一次付清" in read.clauses[0].text


@pytest.mark.parametrize(("share", "is_scan"), [(0.9, True), (0.3, False)], ids=["a scan", "a logo"])
def test_a_scan_under_a_printed_header_is_a_scan(share: float, is_scan: bool) -> None:
    with pypdfium2.PdfDocument(
        printed_agreement("评价服务协议", ["绿色工厂评价服务协议（正本）第 3 页，共 12 页"])
    ) as pdf:
        page, picture = pdf[0], pypdfium2.PdfImage.new(pdf)
        found = laid(page)
        assert sum(len(each.text) for each in found.stretches) >= FEW_CHARACTERS
        picture.set_bitmap(pypdfium2.PdfBitmap.new_native(8, 8, 3))
        picture.set_matrix(pypdfium2.PdfMatrix().scale(page.get_width() * share, page.get_height() * share))
        page.insert_obj(picture)
        page.gen_content()
        assert _is_scan(page, found) is is_scan

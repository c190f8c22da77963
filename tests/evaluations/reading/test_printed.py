"""PDFs that are set: what pages repeat, tables, columns, and where lines were broken.

The PDFs are made by WeasyPrint, which the extra `pdf` brings.
"""

import pytest

from evaluations.reading.agreements import Agreement, read_agreement

weasyprint = pytest.importorskip("weasyprint", reason="the extra pdf is not installed", exc_type=(ImportError, OSError))

SENTENCE = "双方对商业秘密承担保密义务，期限至该信息公开之日止；依法报告、举报和配合检查不视为泄密"
CLAUSES = [
    "甲方委托乙方对其制动器生产厂区进行绿色工厂第三方评价，评价年度为2025年度，评价边界不含办公区和职工宿舍。",
    "年度评价按照GB/T 36132和ISO 14001:2015标准执行，相关证书由CNAS认可的实验室出具，详见Q/CH 0021-2024所附清单。",
    *(f"{SENTENCE * 3}，编号{count}为准。" for count in range(14)),
]
PAGE = """@page{size:A4;margin:2.2cm;@top-center{content:'长春某某技术服务有限公司 合同文本'}
@bottom-center{content:'第 ' counter(page) ' 页 共 ' counter(pages) ' 页'}}
body{font:11pt 'Noto Sans CJK SC'}td,th{border:1px solid}table{border-collapse:collapse}"""
ROWS = """<table><tr><th>期次</th><th>比例</th><th>付款时点</th></tr>
<tr><td>第一期</td><td>30%</td><td>合同签订后5个工作日内，由甲方以转账方式支付至乙方指定的账户，乙方同时开具增值税发票</td></tr>
<tr><td>第二期</td><td>70%</td><td>甲方名称载入省级公告之日起10个工作日内</td></tr></table>"""
READ_ROWS = [
    "第一期 30% 合同签订后5个工作日内，由甲方以转账方式支付至乙方指定的账户，乙方同时开具增值税发票",
    "第二期 70% 甲方名称载入省级公告之日起10个工作日内",
]


def printed(style: str, body: str) -> Agreement:
    html = f"<style>{PAGE}{style}</style><h1>绿色工厂评价合同</h1><p>甲方：某某公司</p>{body}"
    return read_agreement(weasyprint.HTML(string=html).write_pdf(), name="协议.pdf")


@pytest.mark.parametrize(
    "style",
    [
        "",
        "p{text-indent:2em;margin:0;line-height:1.7}",
        "p{text-align:justify;margin:0}",
        "body{column-count:2;column-gap:1cm} h1{column-span:all}",
    ],
    ids=["blocks", "indented", "justified", "columns"],
)
def test_lines_and_pages_break_no_clause(style: str) -> None:
    agreement = printed(style, "".join(f"<p>3.{count}　{text}</p>" for count, text in enumerate(CLAUSES, 1)))
    assert len(agreement.pages) > 1
    assert [clause.text for clause in agreement.clauses] == CLAUSES


def test_the_end_of_a_clause_counts_on_over_the_end_of_its_page() -> None:
    items = "".join(f"<p>3.{count}　{text}</p>" for count, text in enumerate(CLAUSES, 1))
    agreement = printed("p{orphans:1;widows:1;margin:0 0 9pt;line-height:1.9}", items)
    over = [clause for clause in agreement.clauses if clause.end > len(agreement.pages[(clause.page or 0) - 1])]
    assert over
    for clause in over:
        text = "".join(agreement.pages[(clause.page or 0) - 1 :])[clause.start : clause.end]
        # between its two halves stand the foot of one page and the head of the next
        assert (text[:8], text[-8:]) == (clause.text[:8], clause.text[-8:])
        assert "合同文本" in text
        assert "合同文本" not in clause.text


def test_a_ruled_table_is_read_row_by_row_though_its_cells_have_several_lines() -> None:
    agreement = printed("", f"<p>1. {CLAUSES[0]}</p>{ROWS}<p>2. {CLAUSES[1]}</p>")
    assert [clause.text for clause in agreement.clauses] == [CLAUSES[0], *READ_ROWS, CLAUSES[1]]

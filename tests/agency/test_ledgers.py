"""The old ledger as the department keeps it: whatever its columns are called, no name is lost."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from agency.ledgers.reading import Ledger, NoNames, read_ledger
from agency.ledgers.spellings import Entry
from core.identifiers import CREDIT_ALPHABET, CreditCode, credit_check_character
from core.sheets import Limits, NotASpreadsheet

PUBLISHED = Path(__file__).parent.parent / "data" / "published" / "agencies_in_national_lists.csv"
GOOD = "91220101MA0Y0A0A0" + credit_check_character("91220101MA0Y0A0A0")
BAD = GOOD[:-1] + CREDIT_ALPHABET[(CREDIT_ALPHABET.index(GOOD[-1]) + 1) % 31]


def read(content: bytes) -> Ledger:
    return read_ledger(content, Limits())


def xlsx(*sheets: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_the_published_ledger_goes_in_whole() -> None:
    ledger = read(PUBLISHED.read_bytes())
    assert len(ledger.entries) == 347
    assert ledger.entries[0] == Entry(2, "中国电子技术标准化研究院")
    codes = [entry.code for entry in ledger.entries if entry.code]
    assert [str(CreditCode.parse(code)) for code in codes] == codes
    assert len(codes) > 50


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_is_read_in_the_encodings_that_occur(encoding: str) -> None:
    ledger = read(f"序号,机构名称,统一社会信用代码\n1,松江低碳研究院,{GOOD}\n".encode(encoding))
    assert ledger.entries == (Entry(2, "松江低碳研究院", GOOD),)
    assert ledger.remarks == ()


def test_the_header_may_stand_under_a_title_and_the_enterprise_beside_the_agency() -> None:
    rows = [
        ["第三方评价机构台账（2021 年）"],
        [],
        ["序号", "企业名称", "第三方机构\n（全称）*", "统一社会信用代码（18位）"],
        [1, "白山木业有限公司", "松江低碳研究院", GOOD.lower()],
    ]
    assert read(xlsx(("台账", rows))).entries == (Entry(4, "松江低碳研究院", GOOD),)


def test_without_a_header_the_first_column_of_texts_is_taken() -> None:
    ledger = read("1,松江低碳研究院,2019\n2,海兰检测中心,2020\n".encode())
    assert ledger.entries == (Entry(1, "松江低碳研究院"), Entry(2, "海兰检测中心"))


def test_a_wrong_code_is_left_out_and_the_name_kept() -> None:
    ledger = read(f"机构名称,信用代码\n松江低碳研究院,{BAD}\n海兰检测中心,9.1220101E+17\n".encode())
    assert ledger.entries == (Entry(2, "松江低碳研究院"), Entry(3, "海兰检测中心"))
    assert [remark.row for remark in ledger.remarks] == [2, 3]
    assert "校验位" in ledger.remarks[0].text
    assert "末几位已丢失" in ledger.remarks[1].text


def test_rows_that_name_nobody_are_told() -> None:
    ledger = read(f"机构名称,信用代码\n,{GOOD}\n松江低碳研究院,\n12,\n合计：1 家,\n".encode())
    assert ledger.entries == (Entry(3, "松江低碳研究院"),)
    assert [remark.row for remark in ledger.remarks] == [2, 4, 5]


def test_sheets_that_were_not_read_are_named() -> None:
    ledger = read(xlsx(("说明", [["填表说明"]]), ("2020", [["机构名称"], ["松江低碳研究院"]]), ("2021", [["海兰"]])))
    assert ledger.sheet == "2020"
    assert ledger.other_sheets == ("说明", "2021")


def test_a_name_in_merged_cells_is_one_entry() -> None:
    book = Workbook()
    for row in (["机构名称", "年度"], ["松江低碳研究院", 2020], [None, 2021], ["海兰检测中心", 2021]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    content = io.BytesIO()
    book.save(content)
    assert read(content.getvalue()).entries == (Entry(2, "松江低碳研究院"), Entry(4, "海兰检测中心"))


@pytest.mark.parametrize("content", [b"1,2\n3,4\n", "机构名称\n".encode()])
def test_a_sheet_without_names_is_refused(content: bytes) -> None:
    with pytest.raises(NoNames, match="没有找到机构名称"):
        read(content)


def test_what_is_no_spreadsheet_is_refused() -> None:
    with pytest.raises(NotASpreadsheet):
        read(b"\x00\x01\x02")

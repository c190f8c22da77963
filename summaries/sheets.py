"""The year as a spreadsheet: sums, cities, kinds and levels, and a line for each agency."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from applicants.models import Kind
from core import clock
from core.exports import Column, write_cell
from evaluations.rules.states import Level
from summaries.consolidation import AgencyRow, Consolidation
from summaries.figures import STATED

OVERVIEW = (Column("项目", 30), Column("数量", 12))
FIGURES = (
    Column("项目", 34), Column("单位", 8), Column("机构填报合计", 14), Column("上报时登记合计", 16),
    Column("填报与登记不一致的机构（家）", 18), Column("现在登记合计（全部机构）", 18),
)  # fmt: skip
CITIES = (
    Column("地区", 14), Column("应当上报（家）", 12), Column("其中已报", 10), Column("逾期未报", 10),
    Column("逾期上报", 10), Column("可作零报告（家）", 14), Column("零报告", 10), Column("已接收", 10),
    Column("所辖机构填报评价（项）", 18), Column("所辖机构登记评价（项）", 18), Column("本地培育对象的评价（项）", 18),
)  # fmt: skip
AGENCIES = (
    Column("机构", 36), Column("统一社会信用代码", 22), Column("地区", 12), Column("应报情况", 20),
    Column("截止日", 12),    Column("状态", 12), Column("首次上报", 18), Column("逾期天数", 10), Column("零报告", 8),
    *(Column(f"填报：{kept.label}", 14) for kept in STATED),
    Column("登记：评价项目", 12), Column("登记：出具报告", 12), Column("平均得分", 10), Column("占用国家级名额", 12),
    Column("国家级超额", 10),
)  # fmt: skip


def workbook(year: Consolidation, agencies: Iterable[AgencyRow]) -> BytesIO:
    """A rewound file, the same for the same content: its time is that of the content."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    created = year.as_of.astimezone(clock.SHANGHAI).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": f"{year.year} 年度工作总结汇总", "created": created})
    writer = _Writer(book)
    writer.page("上报情况", OVERVIEW, _overview(year))
    writer.page("主要数字", FIGURES, _figures(year))
    cities = writer.page("分地区", CITIES, _cities(year))
    writer.page("类别和级别", _matrix_columns(), _matrix(year))
    writer.page("机构明细", AGENCIES, (_agency(row) for row in agencies))
    _draw(book, cities, len(year.cities))
    book.close()
    file.seek(0)
    return file


class _Writer:
    """Sheets with a bold, frozen head."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def page(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, column.title, self.bold)
        for line, row in enumerate(rows, start=1):
            for number, value in enumerate(row):
                write_cell(sheet, line, number, value, self.day, self.minute)
        return sheet


def _draw(book: Any, sheet: Any, cities: int) -> None:
    """Who of a city has handed in, beside who has to."""
    chart = book.add_chart({"type": "column"})
    for column, title in ((1, "应当上报"), (2, "其中已报")):
        chart.add_series(
            {
                "name": title,
                "categories": ["分地区", 1, 0, cities, 0],
                "values": ["分地区", 1, column, cities, column],
            }
        )
    chart.set_title({"name": "各地区上报情况（家）"})
    chart.set_size({"width": 960, "height": 360})
    sheet.insert_chart(cities + 3, 0, chart)


def _overview(year: Consolidation) -> Iterable[Sequence[Any]]:
    sums = year.totals
    yield "年度", year.year
    yield "截至（北京时间）", year.as_of
    yield "应当上报（家）", sums.must
    yield "其中已上报", sums.owed_handed_in
    yield "其中未上报", sums.owed_missing
    for label, standing in (
        ("逾期未报", "overdue"), ("逾期上报", "late"), ("零报告", "nil"), ("待审阅", "to_read"),
        ("退回修改中", "returned"), ("已接收", "accepted"),
    ):  # fmt: skip
        yield label, sums.of(standing)
    yield "可作零报告的机构（家）", sums.invited
    yield "占用国家级名额（项）", year.places
    yield f"名额用满（{year.cap} 项）的机构（家）", year.full
    yield "国家级超额（项）", year.over_cap
    for outcome, count in year.cases.items():
        yield f"涉及机构并已办结的案件：{outcome.label}（件）", count
    if year.scores is not None:
        yield "有得分的报告（份）", year.scores.count
        yield "报告平均得分", year.scores.mean / 10
        yield "报告最低得分", year.scores.least / 10
        yield "报告最高得分", year.scores.most / 10


def _figures(year: Consolidation) -> Iterable[Sequence[Any]]:
    for row in year.figures:
        yield row.label, row.unit, row.sum.stated, row.sum.at_hand_in, row.sum.differing, row.now


def _cities(year: Consolidation) -> Iterable[Sequence[Any]]:
    for row in year.cities:
        sums = row.totals
        yield (
            row.place, sums.must, sums.owed_handed_in, sums.of("overdue"), sums.of("late"), sums.invited,
            sums.of("nil"), sums.of("accepted"), row.stated, row.made, row.there,
        )  # fmt: skip


def _matrix_columns() -> tuple[Column, ...]:
    return (Column("类别", 26), *(Column(level.label, 12) for level in Level), Column("合计", 12))


def _matrix(year: Consolidation) -> Iterable[Sequence[Any]]:
    for kind in Kind:
        yield kind.label, *(year.matrix[kind, level] for level in Level), year.of_kind(kind)
    yield "合计", *(year.of_level(level) for level in Level), year.evaluations
    yield ()
    yield "按状态", "项"
    for state, count in year.states.items():
        yield state.label, count


def _agency(row: AgencyRow) -> Sequence[Any]:
    known = row.known
    scores = known.scores if known else None
    return (
        row.name, row.credit_code, row.place, row.duty.label, row.due_on, row.standing, row.first_handed_in_at,
        row.days_late or None, "是" if row.nil else "", *(row.stated.get(kept.key) for kept in STATED),
        known.total if known else 0, known.reports if known else 0, scores.mean / 10 if scores else None,
        known.places if known else 0, known.over_cap if known else 0,
    )  # fmt: skip

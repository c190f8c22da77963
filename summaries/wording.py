"""What the document of a year says, part by part: sentences and tables, without how they look. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from applicants.models import Kind
from core import clock
from evaluations.rules.states import Level
from summaries.consolidation import AgencyRow, Consolidation

NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Table


def blocks(year: Consolidation, agencies: Iterable[AgencyRow]) -> Iterator[Block]:
    """The whole text, in order. Public facts of agencies and sums; nothing of a person."""
    yield Paragraph(_opening(year))
    parts = (
        ("上报情况", _handing_in(year)),
        ("评价开展情况", _evaluations(year)),
        ("报告和得分", _reports(year)),
        ("提升建议和持续服务", _services(year)),
        ("人员和培训", _people(year)),
        ("国家级名额", _places(year)),
        ("填报与登记的比较", _comparison(year)),
    )
    for numeral, (title, content) in zip(NUMERALS, parts, strict=False):
        yield Heading(f"{numeral}、{title}")
        yield from content
    yield from _annexes(year, list(agencies))


def _opening(year: Consolidation) -> str:
    at = year.as_of.astimezone(clock.SHANGHAI)
    return (
        f"根据《吉林省绿色制造梯度培育及管理实施细则》第二十二条第一款，参与绿色评价活动的第三方机构每年"
        f" {year.dates.due_on.month} 月 {year.dates.due_on.day} 日前上报本年度工作总结。"
        f"现将 {year.year} 年度上报情况和主要数字"
        f"汇总如下，数字截至 {at.year} 年 {at.month} 月 {at.day} 日 {at:%H:%M}。"
    )


def _handing_in(year: Consolidation) -> Iterator[Block]:
    sums = year.totals
    yield Paragraph(
        f"本年度应当上报的机构 {sums.must} 家，已上报 {sums.owed_handed_in} 家，占 "
        f"{year.share(sums.owed_handed_in, sums.must)}；其中逾期上报 {sums.of('late')} 家。"
        f"逾期未报 {sums.of('overdue')} 家。"
        f"没有开展评价、可作零报告的机构 {sums.invited} 家，已作零报告 {sums.of('nil')} 家。"
    )
    yield Paragraph(
        f"已接收 {sums.of('accepted')} 份，待审阅 {sums.of('to_read')} 份，退回修改中 {sums.of('returned')} 份。"
    )
    yield Table(
        "表1　各地区上报情况（家）",
        ("地区", "应当上报", "其中已报", "逾期未报", "逾期上报", "可作零报告", "零报告"),
        [
            (row.place, *map(str, (row.totals.must, row.totals.owed_handed_in, row.totals.of("overdue"),
             row.totals.of("late"), row.totals.invited, row.totals.of("nil"))))
            for row in year.cities
        ],
    )  # fmt: skip


def _evaluations(year: Consolidation) -> Iterator[Block]:
    joint = "几家机构联合开展的，在各机构分别计入"
    yield Paragraph(
        f"系统登记各机构本年度开展的评价项目 {year.evaluations} 项（{joint}），其中"
        + "，".join(f"{kind.label} {year.of_kind(kind)} 项" for kind in Kind)
        + "；"
        + "，".join(f"{level.label} {year.of_level(level)} 项" for level in Level)
        + "。"
    )
    yield Table(
        "表2　评价项目的类别和级别（项）",
        ("类别", *(level.label for level in Level), "合计"),
        [(kind.label, *(str(year.matrix[kind, level]) for level in Level), str(year.of_kind(kind))) for kind in Kind]
        + [("合计", *(str(year.of_level(level)) for level in Level), str(year.evaluations))],
    )
    yield Table(
        "表3　评价项目的状态（项）",
        ("状态", "项数", "占比"),
        [(state.label, str(count), year.share(count, year.evaluations)) for state, count in year.states.items()],
    )
    yield Table(
        "表4　各地区评价项目（项）",
        ("地区", "所辖机构开展", "本地培育对象接受"),
        [(row.place, str(row.made), str(row.there)) for row in year.cities],
    )


def _reports(year: Consolidation) -> Iterator[Block]:
    reports = year.figure["reports"]
    text = f"登记本年度出具的评价报告 {reports.now} 份。"
    if year.scores is not None:
        mean, least, most = (f"{each / 10:.1f}" for each in (year.scores.mean, year.scores.least, year.scores.most))
        text += f"有得分的报告 {year.scores.count} 份，平均 {mean} 分，最低 {least} 分，最高 {most} 分。"
    yield Paragraph(text)


def _services(year: Consolidation) -> Iterator[Block]:
    advice, follow_ups = year.figure["advice"], year.figure["follow_ups"]
    yield Paragraph(
        f"依照第二十三条，各机构填报提出提升建议 {advice.sum.stated} 条、跟踪回访 {follow_ups.sum.stated} 次；"
        f"系统登记分别为 {advice.now} 条、{follow_ups.now} 次。"
    )


def _people(year: Consolidation) -> Iterator[Block]:
    joined, left, trainings = year.figure["joined"], year.figure["left"], year.figure["trainings"]
    yield Paragraph(
        f"各机构填报本年度新进人员 {joined.sum.stated} 人、离职人员 {left.sum.stated} 人，"
        f"开展培训 {trainings.sum.stated} 次。"
    )


def _places(year: Consolidation) -> Iterator[Block]:
    outside = year.figure["outside"]
    over = f"超额 {year.over_cap} 项，不得采信。" if year.over_cap else "没有超额。"
    yield Paragraph(
        f"依照第二十二条第二款，各机构占用国家级名额 {year.places} 项，用满 {year.cap} 项的机构 {year.full} 家，{over}"
        f"各机构填报为外省开展的国家级评价项目 {outside.sum.stated} 项，不占名额。"
    )


def _comparison(year: Consolidation) -> Iterator[Block]:
    differing = [row for row in year.figures if row.sum.differing]
    told = f"其中 {len(differing)} 项有机构的填报与系统登记不一致，均已写明原因。" if differing else "填报与登记一致。"
    yield Paragraph(f"上报时系统带出登记的数字，机构认为不符的另行填报并写明原因。{told}")
    yield Table(
        "表5　机构填报与系统登记",
        ("项目", "单位", "填报合计", "上报时登记", "不一致的机构（家）"),
        [
            (row.label, row.unit, str(row.sum.stated), str(row.sum.at_hand_in), str(row.sum.differing))
            for row in year.figures
        ],
    )


def _annexes(year: Consolidation, agencies: Sequence[AgencyRow]) -> Iterator[Block]:
    missing = [row for row in agencies if row.is_missing and row.days_late]
    late = [row for row in agencies if not row.is_missing and row.days_late]
    if missing:
        yield Heading("附件1　逾期未报的机构")
        yield Table(
            f"共 {len(missing)} 家",
            ("机构", "地区", "截止日", "逾期天数"),
            [(row.name, row.place, row.due_on.isoformat(), str(row.days_late)) for row in missing],
        )
    if late:
        yield Heading(f"附件{2 if missing else 1}　逾期上报的机构")
        yield Table(
            f"共 {len(late)} 家",
            ("机构", "地区", "首次上报", "逾期天数"),
            [(row.name, row.place, _day(row), str(row.days_late)) for row in late],
        )


def _day(row: AgencyRow) -> str:
    return clock.day_of(row.first_handed_in_at).isoformat() if row.first_handed_in_at else ""

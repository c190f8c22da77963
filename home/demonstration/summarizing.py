"""The years' summaries of the demonstration: last year's, one of them late, and this year's in every state."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from accounts.models import User
from core import clock, law
from core.db import db, transaction
from home.demonstration.paper import sheet
from summaries import lateness, opening, rules
from summaries.entries import DraftEntry, Upload
from summaries.figures import Stated
from summaries.models import Summary
from summaries.queries import years
from summaries.queries.overview import Wanted
from summaries.rules import Texts
from summaries.services import drafting, handing_in, reading, reminding
from summaries.services import opening as services

Agencies = Mapping[str, tuple[int, User]]

TEXTS = Texts(
    account="本年度按照评价工作要求开展绿色制造第三方评价，每项评价均有现场记录和内部技术复核，报告由小组以外的人员复核后出具。"
    "\n对受评单位提出了节能、节水和原料替代等方面的建议，并安排了回访。",
    problems="部分受评单位能源计量器具配备不全，基础数据需要多次核对；冬季现场评价安排较紧。",
    suggestions="建议组织一次新版评价标准的集中培训。",
    plan="下一年度计划继续开展绿色工厂评价，新增绿色工业园区评价能力，安排两次内部培训。",
)
BEGUN = Texts(account="本年度开展的评价按计划推进，（待补充各项目情况）")

RETURNED = (
    "“存在的问题”写得比较笼统，请按项目说明基础数据核对中发现的问题和处理结果。",
    "请补充对受评单位回访的情况。",
)


def things(agencies: Agencies, officers: Mapping[str, User]) -> Iterator[tuple[int, Callable[[], None]]]:
    """Each with the days ago on which it was done."""
    today = clock.today()
    yield from _last_year(agencies, today, officers["reviewer1"])
    yield from _this_year(agencies, today, officers["reviewer2"])


def _last_year(agencies: Agencies, today: date, officer: User) -> Iterator[tuple[int, Callable[[], None]]]:
    year = today.year - 1

    def ago(month: int, day: int) -> int:
        return (today - date(year, month, day)).days

    yield ago(11, 1), lambda: _open(year)
    yield ago(12, 8), lambda: _nil(agencies["hengxin"], year)
    yield ago(12, 16), lambda: _mark_late(agencies["songliao"][0], year)
    yield ago(12, 19), lambda: _write(agencies["songliao"], year)
    yield ago(12, 19), lambda: _hand_in(agencies["songliao"], year)
    yield ago(12, 24), lambda: _accept(agencies["songliao"][0], year, officer)


def _this_year(agencies: Agencies, today: date, officer: User) -> Iterator[tuple[int, Callable[[], None]]]:
    """Open since its day, or, in a month before it, since some days ago by the desk's word."""
    year = today.year
    due = rules.dates_of(year, law.jurisdiction()).opens_on
    opened = (today - due).days if today >= due else min(12, (today - date(year, 1, 1)).days)
    yield opened, lambda: _open(year, by=officer)
    for key, share in (("beiling", 80), ("wusong", 60), ("hengyuan", 50), ("hengxin", 30), ("jingji", 20)):
        stated = {"advice": Stated(2, "两条建议写在报告正文中，没有另行登记")} if key == "jingji" else {}
        days = opened * share // 100
        yield days, lambda key=key, stated=stated: _write(agencies[key], year, stated=stated)  # type: ignore[misc]
        yield days, lambda key=key: _hand_in(agencies[key], year)  # type: ignore[misc]
    yield opened * 40 // 100, lambda: _accept(agencies["beiling"][0], year, officer)
    yield opened * 15 // 100, lambda: _return(agencies["hengyuan"][0], year, officer)
    yield min(opened, 2), lambda: _write(agencies["songliao"], year, BEGUN)
    yield min(opened, 1), lambda: _remind(year, officer)


def _open(year: int, *, by: User | None = None) -> None:
    """What the clock does on the day a year opens; before that day an officer's word."""
    today = clock.today()
    if by is not None and today < years.dates_of(db.session(), year).opens_on:
        services.open_now(year, version=1, by=by)
    else:
        services.open_due(year, on=today)


def _remind(year: int, officer: User) -> None:
    reminding.by_desk(year, Wanted(), None, by=officer)


def _write(
    agency: tuple[int, User], year: int, texts: Texts = TEXTS, *, stated: Mapping[str, Stated] | None = None
) -> None:
    agency_id, user = agency
    entry = DraftEntry(texts, stated or {})
    drafting.save(agency_id, year, entry, version=_version(agency_id, year), by=user)
    if texts is TEXTS:
        upload = Upload(sheet("年度工作总结", (f"{year} 年度",)), "年度工作总结（盖章）.pdf")
        drafting.attach(agency_id, year, upload, version=_version(agency_id, year), by=user)


def _hand_in(agency: tuple[int, User], year: int) -> None:
    agency_id, user = agency
    handing_in.hand_in(agency_id, year, version=_version(agency_id, year), by=user)


def _nil(agency: tuple[int, User], year: int) -> None:
    agency_id, user = agency
    handing_in.hand_in_nil(agency_id, year, version=_version(agency_id, year), by=user)


def _accept(agency_id: int, year: int, officer: User) -> None:
    summary = _row(agency_id, year)
    if summary is not None:
        reading.accept(summary.id, version=summary.version, remark="", by=officer)


def _return(agency_id: int, year: int, officer: User) -> None:
    summary = _row(agency_id, year)
    if summary is not None:
        reading.return_(summary.id, RETURNED, version=summary.version, by=officer)


def _mark_late(agency_id: int, year: int) -> None:
    """What the clock does on the day after the last one."""
    with transaction() as session:
        dates = years.dates_of(session, year)
        summary = opening.summary_row(session, agency_id, dates)
        opening.settle_duties(session, dates, [agency_id])
        lateness.mark_late(session, summary, today=clock.today())


def _row(agency_id: int, year: int) -> Summary | None:
    rows = db.session.query(Summary).filter_by(agency_id=agency_id, year=year)
    return rows.populate_existing().first()


def _version(agency_id: int, year: int) -> int:
    found = _row(agency_id, year)
    return found.version if found else 0

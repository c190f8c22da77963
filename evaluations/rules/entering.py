"""What people enter about evaluations and what can't be: days out of order, teams of strangers, amounts that are none.

Each function raises DomainError with its field, or Refusals for several. What the law asks before an evaluation may be
registered is the gate's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import Collected, DomainError
from core.law import Jurisdiction, implements
from evaluations import standards
from evaluations.entries import AdviceEntry, RegistrationEntry, ReportEntry, ReviewEntry, VisitEntry

FULL_SCORE = 1000  # in tenths of a point
FIRST_YEAR = 2016  # no list before it: a year before is a slip of the pen, as 0206 is


@dataclass(frozen=True, slots=True)
class Work:
    """What is there already when something more is entered about an evaluation."""

    begun_on: date
    last_visit: date | None = None
    last_review: date | None = None
    last_report: date | None = None  # of the newest version
    team: frozenset[int] = frozenset()  # persons
    team_names: frozenset[str] = frozenset()  # of a self-evaluation
    filed: frozenset[int] | None = None  # persons on the filed rosters of its agencies; None of a self-evaluation


def entered_late(begun_on: date, on: date, law: Jurisdiction) -> bool:
    """Whether it is entered so long after it began that it is marked (reading 11): it counts where it began."""
    return on > begun_on + timedelta(days=law.number("late_entry_days", on=on))


def require_sound(entry: RegistrationEntry, *, today: date, law: Jurisdiction) -> None:
    """Whether a registration is possible as it is written. Without agencies it is a self-evaluation."""
    refusals = Collected()
    with refusals.attempt():
        what = "协议日期" if entry.agency_ids else "开始日期"
        _require_past(entry.begun_on, today=today, what=what, field="begun_on")
        if entry.begun_on.year < FIRST_YEAR:
            raise DomainError(f"{what} {entry.begun_on} 早于 {FIRST_YEAR} 年，请核对年份。", field="begun_on")
    with refusals.attempt():
        _require_year(entry, today=today, law=law)
    with refusals.attempt():
        require_amount(entry.amount_fen)
    with refusals.attempt():
        _require_standard(entry)
    with refusals.attempt():
        if len(set(entry.agency_ids)) != len(entry.agency_ids):
            raise DomainError("联合评价的机构有重复，同一机构只选一次。", field="agency_ids")
    with refusals.attempt():
        if entry.planned_from is not None and entry.planned_from < entry.begun_on:
            raise DomainError(
                f"计划开始日 {entry.planned_from} 早于协议日期 {entry.begun_on}，请核对。", field="planned_from"
            )
    with refusals.attempt():
        first = entry.planned_from or entry.begun_on
        if entry.planned_until is not None and entry.planned_until < first:
            raise DomainError(f"计划完成日 {entry.planned_until} 早于开始日 {first}，请核对。", field="planned_until")
    with refusals.attempt():
        require_led(entry)
    refusals.settle()


def _require_year(entry: RegistrationEntry, *, today: date, law: Jurisdiction) -> None:
    begun = entry.begun_on.year
    latest = begun + law.number("application_years_ahead", on=max(today, law.in_force_since))
    if not begun <= entry.year <= latest:
        raise DomainError(
            f"申报年度 {entry.year} 与协议日期 {entry.begun_on} 不符，应为 {begun} 至 {latest} 年。", field="year"
        )


def require_amount(amount_fen: int) -> None:
    """Of an agreement, in fen."""
    if amount_fen < 0:
        raise DomainError("协议金额不能小于 0；不收费的请填 0。", field="amount_fen")


def _require_standard(entry: RegistrationEntry) -> None:
    if entry.standard == standards.OTHER:
        if not entry.other_standard.strip():
            raise DomainError("选“其他标准”的，请填写标准号和名称。", field="other_standard")
    elif standards.find(entry.standard) is None:
        raise DomainError("请选择评价所用的标准；表中没有的选“其他标准”，填写标准号和名称。", field="standard")


def require_led(entry: RegistrationEntry) -> None:
    """The team of a registration; a self-evaluation's is the applicant's own matter. See require_team."""
    if entry.agency_ids:
        require_team(entry.team, entry.leader_id, entry.agency_ids)


@implements("JL-12-2")
def require_team(team: Collection[tuple[int, int]], leader_id: int | None, agency_ids: Collection[int]) -> None:
    """第十二条: an agency evaluates by a team that someone leads; nobody is on it twice."""
    members = [person_id for _, person_id in team]
    refusals = Collected()
    with refusals.attempt():
        if not members:
            raise DomainError("请从在案人员中选择评价小组成员。", clause="JL-12-2", field="team")
    with refusals.attempt():
        if len(set(members)) != len(members):
            raise DomainError("评价小组中有人被选了两次，请核对。", field="team")
    with refusals.attempt():
        if any(agency_id not in agency_ids for agency_id, _ in team):
            raise DomainError("评价小组成员应属于参加本次评价的机构。", clause="JL-12-2", field="team")
    with refusals.attempt():
        if leader_id is None:
            raise DomainError("请指定评价小组组长。", clause="JL-12-2", field="leader_id")
        if leader_id not in members:
            raise DomainError(
                "组长应是评价小组成员，请把组长选入小组，或另选组长。", clause="JL-12-2", field="leader_id"
            )
    refusals.settle()


@implements("JL-12-2", "JL-21-2")
def require_sound_team(entry: RegistrationEntry, filed: Collection[tuple[int, int]]) -> None:
    """第十二条、第二十一条: nobody is on the team who isn't on the agency's filed roster, nor who has left."""
    require_filed_team(entry.team, filed)


def require_filed_team(team: Collection[tuple[int, int]], filed: Collection[tuple[int, int]]) -> None:
    """Of a team changed later too: pairs of agency and person. Raises DomainError."""
    strangers = len(set(team) - set(filed))
    if strangers:
        raise DomainError(
            f"评价小组中有 {strangers} 人不在机构的在案人员名单上（未经备案，或已离职），不能参加评价；"
            "请改选在案人员，新进人员请先办理变更备案。",
            clause="JL-21-2",
            field="team",
        )


def require_sound_visit(entry: VisitEntry, work: Work, *, today: date) -> None:
    """A day on site lies between the agreement and today."""
    _require_between(entry.on, work.begun_on, today=today, what="现场日期", field="on")


@implements("JL-12-2", "JL-22-1a")
def require_sound_review(entry: ReviewEntry, work: Work, *, today: date) -> None:
    """第十二条、第二十二条第一款: who reviews is of the filed staff and not of the team, after the last day on site."""
    refusals = Collected()
    with refusals.attempt():
        _require_between(entry.on, work.begun_on, today=today, what="复核日期", field="on")
        if work.last_visit is None:
            raise DomainError("还没有现场评价记录，请先登记现场评价，再作内部技术复核。", clause="JL-12-2")
        if entry.on < work.last_visit:
            raise DomainError(
                f"复核日期 {entry.on} 早于最后一次现场评价（{work.last_visit}），复核应在现场工作完成之后。",
                clause="JL-12-2",
                field="on",
            )
    with refusals.attempt():
        _require_reviewer(entry, work)
    with refusals.attempt():
        if not entry.opinions.strip():
            raise DomainError("请填写复核意见；没有意见的写“无意见”。", clause="JL-12-2", field="opinions")
    refusals.settle()


def _require_reviewer(entry: ReviewEntry, work: Work) -> None:
    if work.filed is None:
        if not entry.name.strip():
            raise DomainError("请填写复核人姓名。", field="name")
        if entry.name.strip() in work.team_names:
            raise DomainError("复核人不能是评价小组成员，请另选复核人。", clause="JL-22-1a", field="name")
        return
    if entry.person_id is None:
        raise DomainError("请选择复核人。", field="person_id")
    if entry.person_id in work.team:
        raise DomainError("复核人不能是评价小组成员，请另选复核人。", clause="JL-22-1a", field="person_id")
    if entry.person_id not in work.filed:
        raise DomainError(
            "复核人不在机构的在案人员名单上（未经备案，或已离职），请改选在案人员。",
            clause="JL-21-2",
            field="person_id",
        )


@implements("JL-12-2", "JL-22-1a")
def require_sound_report(entry: ReportEntry, work: Work, *, today: date) -> None:
    """第十二条、第二十二条第一款: a report follows the work on site and the review, and isn't of a day to come.

    A corrected one says why, and is not older than what it corrects.
    """
    refusals = Collected()
    with refusals.attempt():
        _require_between(entry.issued_on, work.begun_on, today=today, what="报告日期", field="issued_on")
        _require_report_after_work(entry, work)
    with refusals.attempt():
        if entry.score is not None and not 0 <= entry.score <= FULL_SCORE:
            raise DomainError("得分应在 0 至 100 分之间。", field="score")
    with refusals.attempt():
        if work.last_report is not None and not entry.reason.strip():
            raise DomainError("更正报告的，请写明更正了什么、为什么。", clause="JL-22-1a", field="reason")
    refusals.settle()


def _require_report_after_work(entry: ReportEntry, work: Work) -> None:
    if work.last_review is None:
        raise DomainError(
            "还没有内部技术复核，不能出具报告；请先由小组以外的在案人员复核并登记意见。", clause="JL-22-1a"
        )
    former = (
        (work.last_visit, "最后一次现场评价"),
        (work.last_review, "内部技术复核"),
        (work.last_report, "上一版报告"),
    )
    for day, what in former:
        if day is not None and entry.issued_on < day:
            raise DomainError(f"报告日期 {entry.issued_on} 早于{what}（{day}），请核对。", field="issued_on")


@implements("JL-23-1")
def require_sound_advice(entry: AdviceEntry, work: Work, *, today: date) -> None:
    """第二十三条: advice and follow-up have a day, from the beginning on, and a content."""
    refusals = Collected()
    with refusals.attempt():
        _require_between(entry.on, work.begun_on, today=today, what="日期", field="on")
    with refusals.attempt():
        if not entry.text.strip():
            raise DomainError("请写明提出了什么建议，或回访了解到什么。", clause="JL-23-1", field="text")
    refusals.settle()


def _require_between(day: date, begun_on: date, *, today: date, what: str, field: str) -> None:
    _require_past(day, today=today, what=what, field=field)
    if day < begun_on:
        raise DomainError(f"{what} {day} 早于协议日期 {begun_on}，请核对。", field=field)


def _require_past(day: date, *, today: date, what: str, field: str) -> None:
    if day > today:
        raise DomainError(f"{what} {day} 在今天之后，请填写今天（{today}）或以前的日期。", field=field)

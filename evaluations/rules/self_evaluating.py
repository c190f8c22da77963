"""自我评价 (第十二条): an enterprise or park evaluates itself, without agency, agreement and cap.

The course that agencies follow, with visits and an internal review, is no more than a model for it.
"""

from collections.abc import Sequence
from datetime import date

from core.errors import Collected, DomainError
from core.law import implements
from evaluations.entries import ReportEntry

FULL_SCORE = 1000  # in tenths of a point


@implements("JL-12-1")
def require_team(names: Sequence[str]) -> None:
    """第十二条: who evaluates itself says by whom; the first leads. Raises DomainError."""
    if not names:
        raise DomainError("请填写评价小组成员，第一位为组长。", clause="JL-12-1", field="team")
    if len(set(names)) != len(names):
        raise DomainError("评价小组中有人写了两次，请核对。", field="team")


@implements("JL-12-1")
def require_sound_report(entry: ReportEntry, *, begun_on: date, last: date | None, today: date) -> None:
    """第十二条: the report is made after the evaluation began; a corrected one (`last`: the day of the one before)
    says why. Raises DomainError, or Refusals of several.
    """
    refusals = Collected()
    with refusals.attempt():
        if not entry.number.strip():
            raise DomainError("请填写报告编号，由贵单位自编。", field="number")
    with refusals.attempt():
        _require_day(entry.issued_on, begun_on=begun_on, last=last, today=today)
    with refusals.attempt():
        if entry.score is not None and not 0 <= entry.score <= FULL_SCORE:
            raise DomainError("得分应在 0 至 100 分之间。", field="score")
    with refusals.attempt():
        if last is not None and not entry.reason.strip():
            raise DomainError("更正报告的，请写明更正了什么、为什么。", field="reason")
    refusals.settle()


def _require_day(day: date, *, begun_on: date, last: date | None, today: date) -> None:
    if day > today:
        raise DomainError(f"报告日期 {day} 在今天之后，请填写今天（{today}）或以前的日期。", field="issued_on")
    if day < begun_on:
        raise DomainError(f"报告日期 {day} 早于评价开始日 {begun_on}，请核对。", field="issued_on")
    if last is not None and day < last:
        raise DomainError(f"报告日期 {day} 早于上一版报告（{last}），请核对。", field="issued_on")

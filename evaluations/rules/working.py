"""What an agency may enter of its work, and when: the acts that are no step of the course, and their bounds."""

from collections.abc import Collection, Mapping
from datetime import date

from core.errors import Collected, DomainError
from core.labels import Labelled
from core.law import Jurisdiction, implements
from evaluations.entries import AdviceEntry
from evaluations.rules.course import NotPossibleNow
from evaluations.rules.entering import Work
from evaluations.rules.states import RUNNING, AdviceKind, Level, Release, State


class Task(Labelled):
    """Work that leaves the evaluation in its state; the first visit alone is a step besides."""

    PLAN = "plan", "修改计划日期"
    TEAM = "team", "调整评价小组"
    VISIT = "visit", "登记现场评价"
    REVIEW = "review", "登记内部技术复核"
    AGREEMENT = "agreement", "更换协议"
    DISPUTE_MARKS = "dispute_marks", "对协议的标记作出说明"
    LETTER = "letter", "上传确认函"
    ADVISE = "advise", "登记建议或回访"


BEFORE_REPORT = frozenset({State.REGISTERED, State.IN_PROGRESS})
POSSIBLE: Mapping[Task, frozenset[State]] = {
    Task.PLAN: BEFORE_REPORT,
    Task.TEAM: BEFORE_REPORT,
    Task.VISIT: BEFORE_REPORT | {State.REPORT_ISSUED},  # a correction may take another look
    Task.REVIEW: frozenset({State.IN_PROGRESS, State.REPORT_ISSUED}),
    Task.AGREEMENT: frozenset(RUNNING),
    Task.DISPUTE_MARKS: frozenset(RUNNING),
    Task.LETTER: frozenset(RUNNING),
    Task.ADVISE: frozenset(State) - {State.WITHDRAWN},
}
BEFORE_ONSITE = "before_onsite"


class NoLetterNeeded(DomainError):
    """The applicant speaks for itself."""


def may_do(state: State, task: Task) -> bool:
    """Whether the work is possible now: for pages, which offer only what is."""
    return state in POSSIBLE[task]


def require_possible(state: State, task: Task) -> None:
    """Raises NotPossibleNow."""
    if not may_do(state, task):
        raise NotPossibleNow(f"该评价现在是“{state.label}”，不能{task.label}。")


def require_sound_plan(planned_from: date | None, planned_until: date | None, *, begun_on: date) -> None:
    """Planned days in their order, none before the agreement. Raises DomainError, several as Refusals."""
    refusals = Collected()
    with refusals.attempt():
        if planned_from is not None and planned_from < begun_on:
            raise DomainError(f"计划开始日 {planned_from} 早于协议日期 {begun_on}，请核对。", field="planned_from")
    with refusals.attempt():
        first = planned_from or begun_on
        if planned_until is not None and planned_until < first:
            raise DomainError(f"计划完成日 {planned_until} 早于开始日 {first}，请核对。", field="planned_until")
    refusals.settle()


@implements("JL-12-2", "JL-22-1a")
def require_unprejudiced(team: Collection[int], reviewers: Collection[int | None]) -> None:
    """第十二条、第二十二条第一款: who has reviewed the work doesn't join the team afterwards. Raises DomainError."""
    if set(team) & set(reviewers):
        raise DomainError(
            "所选成员中有人作过本评价的内部技术复核，不能再加入评价小组，请另选。", clause="JL-22-1a", field="team"
        )


@implements("JL-12-2", "JL-22-1a")
def require_all_reviewed(work: Work) -> None:
    """第十二条、第二十二条第一款: the review covers the last day on site; one entered later is reviewed anew."""
    if work.last_visit is not None and work.last_review is not None and work.last_review < work.last_visit:
        raise DomainError(
            f"最后一次现场评价（{work.last_visit}）在内部技术复核（{work.last_review}）之后，"
            "请先就补充的现场工作再作复核。",
            clause="JL-22-1a",
        )


@implements("JL-23-1")
def require_followed(entry: AdviceEntry, work: Work, *, advised_on: date | None) -> None:
    """第二十三条: a follow-up follows something: advice given before it, or the report. Raises DomainError."""
    if entry.kind is not AdviceKind.FOLLOW_UP:
        return
    begun = min((day for day in (advised_on, work.last_report) if day is not None), default=None)
    if begun is None:
        raise DomainError("还没有可以跟踪的建议或报告，请先登记提出的建议。", clause="JL-23-1", field="kind")
    if entry.on < begun:
        raise DomainError(
            f"回访日期 {entry.on} 早于首次提出建议或出具报告（{begun}），请核对。", clause="JL-23-1", field="on"
        )


def require_letter(*, has_login: bool, confirmed_by_login: bool) -> None:
    """A letter stands for the word of an applicant that has no login. Raises NoLetterNeeded."""
    if confirmed_by_login:
        raise NoLetterNeeded("该培育对象已登录确认，不需要上传确认函。")
    if has_login:
        raise NoLetterNeeded("该培育对象已有本系统账号，请其登录后确认；不以确认函代替。")


@implements("JL-22-2")
def release_asked(level: Level, state: State, *, is_counted: bool, law: Jurisdiction, on: date) -> Release:
    """第二十二条第二款: withdrawn before on-site work, its places may be free again (reading 10).

    An officer confirms that first. Withdrawn later they stay used. `is_counted`: whether it counts under the cap at
    all, with a number or over it; what doesn't has nothing to release.
    """
    stage = law.parameter("cap_release_stage", on=max(on, law.in_force_since)).value
    if level is Level.NATIONAL and is_counted and state is State.REGISTERED and stage == BEFORE_ONSITE:
        return Release.ASKED
    return Release.NONE

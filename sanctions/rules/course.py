"""The course of a proceeding, who may decide and when: notice, statement, answer, decision, service (reading 16).

Pure. Terms end at 24:00 Shanghai of their last day.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.clock import day_of, end_of
from core.errors import Collected, Conflict, DomainError
from core.labels import Labelled
from core.law import implements
from sanctions.models import Measure, State
from sanctions.rules.periods import require_sound_period
from supervision.models import CaseState, Misconduct, Result


class Action(Labelled):
    EDIT = "edited", "修改拟采取的措施"
    SEND_NOTICE = "notice_sent", "发出事先告知书"
    TELL = "told", "事先告知书送达"
    FAIL = "service_failed", "登记未能送达"
    WITHDRAW = "withdrawn", "撤回，不再提出"
    EXTEND = "extended", "延长陈述申辩期"
    STATE = "stated", "收到陈述、申辩"
    WAIVE = "waived", "放弃陈述、申辩"
    SPLIT = "split", "整理陈述的要点"
    ANSWER = "point_answered", "答复一处要点"
    FINISH = "answered", "全部要点已答复"
    REVIEW = "legally_reviewed", "记录法制审核意见"
    DECIDE = "decided", "作出决定"
    DROP = "dropped", "决定不采取措施"
    RESTATE = "restated", "更正决定的文号和日期"
    SEND_DECISION = "decision_sent", "发出决定"
    SERVE = "served", "决定送达"
    PUBLISH = "published", "公布决定"
    CARRY_OUT = "carried_out", "登记移出名单"
    ANNUL = "annulled", "经复核撤销"


COURSE: Mapping[tuple[State, Action], State] = {
    (State.PROPOSED, Action.EDIT): State.PROPOSED,
    (State.PROPOSED, Action.SEND_NOTICE): State.PROPOSED,  # by post: under way until its receipt is recorded
    (State.PROPOSED, Action.TELL): State.TOLD,
    (State.PROPOSED, Action.FAIL): State.PROPOSED,
    (State.PROPOSED, Action.WITHDRAW): State.DROPPED,
    (State.TOLD, Action.EXTEND): State.TOLD,
    (State.TOLD, Action.STATE): State.STATED,
    (State.TOLD, Action.WAIVE): State.ANSWERED,  # nothing is left to answer
    (State.TOLD, Action.REVIEW): State.TOLD,
    (State.TOLD, Action.DECIDE): State.DECIDED,  # only when the term is over: require_heard
    (State.TOLD, Action.DROP): State.DROPPED,
    (State.STATED, Action.SPLIT): State.STATED,
    (State.STATED, Action.ANSWER): State.STATED,
    (State.STATED, Action.FINISH): State.ANSWERED,
    (State.STATED, Action.REVIEW): State.STATED,
    (State.STATED, Action.DROP): State.DROPPED,
    (State.ANSWERED, Action.REVIEW): State.ANSWERED,
    (State.ANSWERED, Action.DECIDE): State.DECIDED,
    (State.ANSWERED, Action.DROP): State.DROPPED,
    (State.DECIDED, Action.RESTATE): State.DECIDED,
    (State.DECIDED, Action.SEND_DECISION): State.DECIDED,
    (State.DECIDED, Action.FAIL): State.DECIDED,
    (State.DECIDED, Action.SERVE): State.SERVED,
    (State.SERVED, Action.PUBLISH): State.PUBLISHED,
    (State.SERVED, Action.ANNUL): State.ANNULLED,
    (State.PUBLISHED, Action.CARRY_OUT): State.PUBLISHED,
    (State.PUBLISHED, Action.ANNUL): State.ANNULLED,
}
OPEN = frozenset({State.PROPOSED, State.TOLD, State.STATED, State.ANSWERED, State.DECIDED, State.SERVED})
UNDECIDED = frozenset({State.PROPOSED, State.TOLD, State.STATED, State.ANSWERED})
IN_FORCE = frozenset({State.SERVED, State.PUBLISHED})
ESTABLISHED = frozenset({Result.SUBSTANTIATED, Result.PARTLY})
OPENS_NON_ADOPTION = frozenset({Misconduct.FALSIFIED, Misconduct.CONCEALED})
# what may be decided where this was announced: never anything harsher
NOT_HARSHER: Mapping[Measure, frozenset[Measure]] = {
    Measure.NON_ADOPTION: frozenset({Measure.NON_ADOPTION, Measure.CIRCULAR}),
    Measure.CIRCULAR: frozenset({Measure.CIRCULAR}),
    Measure.REMOVAL: frozenset({Measure.REMOVAL}),
}
CLAUSE_OF: Mapping[Measure, str] = {
    Measure.NON_ADOPTION: "JL-22-3",
    Measure.CIRCULAR: "JL-24-3",
    Measure.REMOVAL: "JL-18",
}
MOST_POINTS = 50


class NotPossibleNow(Conflict):
    """Somebody acted first, or the state doesn't allow it."""


class TookPart(DomainError):
    """Who investigated, concluded or proposed decides nothing."""


class NotHeard(DomainError):
    """The notice was not served, or the other side may still state its case."""


class NotAnswered(DomainError):
    """A point of the statement has no answer."""


class Harsher(DomainError):
    """More than was announced."""


class NotGrounded(DomainError):
    """No conclusion of the case carries the measure."""


class TermOver(Conflict):
    """The term for the statement is over."""


@dataclass(frozen=True, slots=True)
class Established:
    """What a conclusion of the case says of the party."""

    misconduct: Misconduct
    result: Result


@dataclass(frozen=True, slots=True)
class Hearing:
    """How far the other side was heard. `points`: whether each has its answer."""

    told_at: datetime | None
    due: date | None
    stated: bool
    waived: bool
    points: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Who had a part in the matter before the decision, by account id."""

    investigators: frozenset[int]  # whoever opened the case, ever handled it, or wrote in its course
    concluders: frozenset[int]
    proposer: int


def may_follow(state: State, action: Action) -> bool:
    return (state, action) in COURSE


def next_state(state: State, action: Action) -> State:
    """The state after an act. Raises NotPossibleNow."""
    try:
        return COURSE[state, action]
    except KeyError:
        raise NotPossibleNow(f"该事项现在是“{state.label}”，不能再“{action.label}”，请看最新情况。") from None


def require_shown(*, shown: int, now: int) -> None:
    """Nobody acts on what they did not see; a second click is told so. Raises NotPossibleNow."""
    if shown != now:
        raise NotPossibleNow("该事项刚刚有新的进展（也可能是重复提交），请核对后再办理。")


@implements("JL-22-3")
def measures_open(found: Collection[Established], *, listed_unit: bool) -> frozenset[Measure]:
    """第二十二条第三款: what the conclusions of a case open against the party (reading 14).

    Non-adoption only where falsification or deliberate concealment is substantiated, at least in part; a circular for
    whatever is established of an agency; of a listed unit, its removal.
    """
    kinds = {each.misconduct for each in found if each.result in ESTABLISHED}
    if not kinds:
        return frozenset()
    if listed_unit:
        return frozenset({Measure.REMOVAL})
    if kinds & OPENS_NON_ADOPTION:
        return frozenset({Measure.CIRCULAR, Measure.NON_ADOPTION})
    return frozenset({Measure.CIRCULAR})


@implements("JL-22-3")
def require_grounded(measure: Measure, found: Collection[Established], *, listed_unit: bool) -> None:
    """第二十二条第三款: no measure without a conclusion that carries it. Raises NotGrounded."""
    if measure in measures_open(found, listed_unit=listed_unit):
        return
    if measure is Measure.NON_ADOPTION:
        raise NotGrounded(
            "不予采信只适用于查实的弄虚作假或者故意隐瞒评价对象问题；该案件对这家机构没有这样的结论。",
            clause="JL-22-3",
            field="measure",
        )
    raise NotGrounded(f"该案件没有可以据以“{measure.label}”的属实结论。", clause="JL-24-3", field="measure")


def require_concluded(state: CaseState) -> None:
    """A measure comes out of a case that is verified and still open. Raises NotPossibleNow."""
    if state is CaseState.OPEN:
        raise NotPossibleNow("案件还没有作出核实结论，不能提出措施。请先作出结论。")
    if state is CaseState.CLOSED:
        raise NotPossibleNow("该案件已经办结，不能再提出措施。")


def require_none_open(states: Collection[State]) -> None:
    """One proceeding at a time against a party out of a case. Raises NotPossibleNow."""
    if any(each in OPEN or each is State.PUBLISHED for each in states):
        raise NotPossibleNow("该案件对这一当事人已经提出过措施，请在原有事项中办理。")


# ── hearing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def term_over(due: date, now: datetime) -> bool:
    """Whether the last day for the statement is over: at 24:00 Shanghai."""
    return now >= end_of(due)


def require_in_term(due: date | None, at: datetime) -> None:
    """Who states its case does so within the term. Raises TermOver."""
    if due is None:
        raise NotPossibleNow("事先告知书还没有送达。")
    if term_over(due, at):
        raise TermOver(
            f"陈述、申辩的期限已于 {due} 24 时届满。确有正当理由的，请联系主管部门，由其决定是否延长。",
            clause="JL-22-3",
        )


def require_received(received_on: date, *, told_at: datetime | None, due: date | None, today: date) -> None:
    """What came on paper came after the notice, within the term, not in the future. Raises TermOver, DomainError."""
    if received_on > today:
        raise DomainError("收到日期不能晚于今天。", field="received_on")
    if told_at is not None and received_on < day_of(told_at):
        raise DomainError(f"收到日期不能早于告知的日期 {day_of(told_at)}。", field="received_on")
    if due is not None and received_on > due:
        raise TermOver(f"陈述、申辩的期限已于 {due} 届满；有正当理由的，请先延长期限，再登记。", field="received_on")


def require_longer(due: date | None, new: date, *, today: date) -> None:
    """A term is only made longer. Raises DomainError."""
    if due is None or new <= due:
        raise DomainError(f"新的期限应晚于现在的期限 {due}。", field="due")
    if new < today:
        raise DomainError("新的期限不能早于今天。", field="due")
    if new > today + timedelta(days=180):
        raise DomainError("新的期限距今天超过半年，请核对年份。", field="due")


def require_heard(hearing: Hearing, now: datetime) -> None:
    """行政处罚法第四十四、四十五条 (参照): notice served; then stated and answered, waived, or the term over.

    Raises NotHeard, NotAnswered.
    """
    if hearing.told_at is None or hearing.due is None:
        raise NotHeard("事先告知书还没有送达，不能作出决定。请先送达，并等待陈述、申辩。", clause="JL-22-3")
    if hearing.stated:
        if not hearing.points or not all(hearing.points):
            left = hearing.points.count(False)
            raise NotAnswered(f"还有 {left or 1} 处陈述要点没有答复，逐一答复后才能作出决定。", clause="JL-22-3")
        return
    if not hearing.waived and not term_over(hearing.due, now):
        raise NotHeard(
            f"陈述、申辩期到 {hearing.due} 24 时止，对方还没有陈述，也没有放弃；期满后才能作出决定。", clause="JL-22-3"
        )


def require_all_answered(points: Sequence[bool]) -> None:
    """Every point has its answer. Raises NotAnswered."""
    if not points or not all(points):
        raise NotAnswered(f"还有 {points.count(False) if points else 1} 处要点没有答复。", clause="JL-22-3")


def points_of(text: str) -> tuple[str, ...]:
    """The points of a statement: its paragraphs, as far as blank lines set them apart.

    One that is written without blank lines is one point; an officer may divide it.
    """
    parts: list[list[str]] = [[]]
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.strip():
            parts[-1].append(line.rstrip())
        elif parts[-1]:
            parts.append([])
    return tuple("\n".join(part) for part in parts if part)


def require_points(points: Sequence[str], answered: Collection[bool]) -> None:
    """Points are arranged before any is answered. Raises DomainError, NotPossibleNow."""
    if any(answered):
        raise NotPossibleNow("已有要点作了答复，不能再重新整理。")
    if not points:
        raise DomainError("至少要有一处要点。", field="points")
    if len(points) > MOST_POINTS:
        raise DomainError(f"要点不超过 {MOST_POINTS} 处，请合并相近的内容。", field="points")


# ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def part_of(part: Part, account_id: int) -> str:
    """What part somebody had in the matter, "" for none."""
    if account_id in part.investigators:
        return "您办理过该案件的核实"
    if account_id in part.concluders:
        return "该案件的核实结论是您作出的"
    return "该措施是您提出的" if account_id == part.proposer else ""


@implements("JL-22-3", "JL-24-3")
def require_independent(part: Part, account_id: int) -> None:
    """第二十二条第三款: decided by somebody who neither investigated, concluded nor proposed. Raises TookPart."""
    had = part_of(part, account_id)
    if had:
        raise TookPart(f"{had}，不能由您决定，请由未参与的审批人办理。", clause="JL-22-3")


def require_not_harsher(intended: Measure, decided: Measure) -> None:
    """行政处罚法第四十五条第二款 (参照): nothing harsher for having spoken. Raises Harsher."""
    if decided not in NOT_HARSHER[intended]:
        raise Harsher(
            f"告知的措施是“{intended.label}”，不能改为“{decided.label}”；确需改变的，撤下后重新告知。",
            clause="JL-22-3",
            field="measure",
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be decided, with its document."""

    measure: Measure
    dated: date
    first_day: date | None


def require_decidable(
    decision: Decision,
    *,
    intended: Measure,
    hearing: Hearing,
    legally_reviewed: bool,
    now: datetime,
    in_force_since: date,
) -> None:
    """Everything that a decision needs, told together. Raises DomainError (several as Refusals)."""
    refusals = Collected()
    with refusals.attempt():
        require_heard(hearing, now)
    with refusals.attempt():
        require_not_harsher(intended, decision.measure)
    with refusals.attempt():
        require_legal_review(decision.measure, legally_reviewed)
    with refusals.attempt():
        require_dates(decision, told_on=day_of(hearing.told_at) if hearing.told_at else None, today=day_of(now),
                      in_force_since=in_force_since)  # fmt: skip
    refusals.settle()


def require_legal_review(measure: Measure, legally_reviewed: bool) -> None:
    """行政处罚法第五十八条 (参照): the weightiest measure is reviewed by lawyers first. Raises DomainError."""
    if measure is Measure.NON_ADOPTION and not legally_reviewed:
        raise DomainError("不予采信须先经法制审核，请先记录法制审核意见。", clause="JL-22-3")


def require_dates(decision: Decision, *, told_on: date | None, today: date, in_force_since: date) -> None:
    """The document is dated after the notice and not later than today; non-adoption starts today or later.

    It is served after it is made and holds from its service on: a first day behind us cannot be kept.
    """
    refusals = Collected()
    with refusals.attempt():
        if decision.dated > today:
            raise DomainError("决定的日期不能晚于今天。", field="dated")
    with refusals.attempt():
        if told_on is not None and decision.dated < told_on:
            raise DomainError(f"决定的日期不能早于告知的日期 {told_on}。", field="dated")
    with refusals.attempt():
        if decision.measure is Measure.NON_ADOPTION:
            _require_first_day(decision.first_day, today=today, in_force_since=in_force_since)
    refusals.settle()


def _require_first_day(first_day: date | None, *, today: date, in_force_since: date) -> None:
    if first_day is None:
        raise DomainError("请填写不予采信的起始日。", clause="JL-22-3", field="first_day")
    require_sound_period(first_day, today=today, in_force_since=in_force_since)
    if first_day < today:
        raise DomainError("起始日不能早于今天：决定送达以后才起算。", clause="JL-22-3", field="first_day")


def is_overlong(opened_on: date, today: date, *, days: int) -> bool:
    """Whether nothing is decided so many days after the case was opened."""
    return today > opened_on + timedelta(days=days)

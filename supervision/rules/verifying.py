"""第二十四条: what is reported or found is verified before anything follows from it. Pure functions over facts."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import Conflict, DomainError
from core.law import implements
from supervision.models import CaseKind, CaseState, Misconduct, Result

ADVERSE = frozenset({Result.SUBSTANTIATED, Result.PARTLY})
# what was established, by the clause that it breaches; the first is offered first
CLAUSES: dict[Misconduct, tuple[str, ...]] = {
    Misconduct.FALSIFIED: ("JL-22-3", "JL-18"),
    Misconduct.CONCEALED: ("JL-22-3", "JL-18"),
    Misconduct.INACCURATE: ("JL-22-1a", "JL-18"),
    Misconduct.MARKET_CONDUCT: ("JL-22-1b",),
    Misconduct.PROCEDURE: ("JL-21-2", "JL-22-2", "JL-22-1c", "JL-21-1", "JL-22-1a", "JL-20-3"),
}
# words after which a reader asks: who could have said so?
REVEALING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"举报|投诉|检举|揭发|来信|来电|线索|信访"), "说出了有人举报"),
    (re.compile(r"据\S{0,8}?(称|反映|说|述)|有人(称|反映|说)|知情人|当事人"), "说出了消息从人而来"),
    (re.compile(r"员工|职工|同事|离职|前任|内部人|实习生|司机|会计|出纳|车间主任"), "可能指向某个人"),
    (re.compile(r"录音|偷拍|聊天记录|微信|短信|截图"), "证据的形式可能说出是谁留存的"),
    (re.compile(r"\d(?:[ -]?\d){6,}|[\w.+-]+@[\w-]+\.\w+"), "是电话、证件号或邮箱"),
)
NUMBERS = re.compile(r"JB\s*\d{4,}|案\s*〔\s*\d{4}\s*〕\s*\d+", re.IGNORECASE)


class NotVerified(DomainError):
    """Something of the verification is missing; the message says what."""


class NotHeard(NotVerified):
    """The other side was not heard."""


class MayReveal(DomainError):
    """Words of a text that goes out may give away who reported."""


class NotPossibleNow(Conflict):
    """The case has moved on."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An inquiry as the hearing is judged: to whom, until when, whether it was answered."""

    agency_id: int | None
    applicant_id: int | None
    due: date
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A conclusion as it is judged: against whom, what, how far."""

    agency_id: int | None
    applicant_id: int | None
    misconduct: Misconduct
    result: Result


def overall(results: Collection[Result]) -> Result:
    """What a case came to: 属实 where every point is, 部分属实 where some are, else whether anything was refuted.

    ValueError without a point.
    """
    found = frozenset(results)
    if not found:
        raise ValueError("a case without conclusions has no result")
    if found <= {Result.SUBSTANTIATED}:
        return Result.SUBSTANTIATED
    if found & ADVERSE:
        return Result.PARTLY
    return Result.UNSUBSTANTIATED if Result.UNSUBSTANTIATED in found else Result.UNVERIFIABLE


@implements("JL-24-2")
def require_verified(points: Sequence[Point], hearings: Sequence[Heard], *, today: date) -> None:
    """第二十四条: a case is concluded on points, and nothing is held against whom nobody asked.

    The other side is heard when it answered an inquiry or its term is over (its last day is still in it). What isn't
    substantiated needs no hearing. Raises NotVerified, NotHeard.
    """
    if not points:
        raise NotVerified("还没有核实结论：请先逐项写明结论，再办理核实完毕。", clause="JL-24-2")
    for point in points:
        if point.result not in ADVERSE:
            continue
        asked = [
            each for each in hearings if (each.agency_id, each.applicant_id) == (point.agency_id, point.applicant_id)
        ]
        if not asked:
            raise NotHeard(
                "还没有听取对方意见：请先向其发出询问，收到答复或者答复期满后再办理核实完毕。", clause="JL-24-2"
            )
        if not any(each.is_answered or each.due < today for each in asked):
            until = min(each.due for each in asked)
            raise NotHeard(
                f"对方尚未答复，答复期到 {until} 为止：收到答复后，或者 {until} 以后再办理核实完毕。", clause="JL-24-2"
            )


@implements("JL-24-3")
def require_sound_point(point: Point, *, clause: str) -> None:
    """第二十四条: the clause fits the class, and what is held to be so is held against somebody. Raises NotVerified."""
    if clause not in CLAUSES[point.misconduct]:
        raise NotVerified("所选条款和违规情形不相配，请重新选择。", clause="JL-24-3", field="clause")
    if clause == "JL-18" and point.agency_id is not None:
        raise NotVerified("第十八条只适用于名单单位，请选择第二十二条的条款。", clause="JL-18", field="clause")
    if clause.startswith("JL-22") and point.applicant_id is not None:
        raise NotVerified("第二十二条只适用于第三方机构；名单单位请选择第十八条。", clause="JL-24-3", field="clause")
    if point.result in ADVERSE and point.agency_id is None and point.applicant_id is None:
        raise NotVerified("案件没有写明涉及的机构或单位，不能认定属实。", clause="JL-24-3", field="party")


@implements("JL-24-2")
def require_nameable(state: CaseState, *, was_asked: bool, has_points: bool) -> None:
    """第二十四条: whom a case concerns is said, or put right, while it is verified and before anybody is asked.

    Raises NotPossibleNow.
    """
    require_state(state, CaseState.OPEN)
    if was_asked:
        raise NotPossibleNow("已经向对方发出询问，案件涉及的单位不能再改；另有单位涉及的，另行立案。")
    if has_points:
        raise NotPossibleNow("已经写明核实结论：请先在案件里删去结论，再改涉及的单位。")


def require_two_officers(names: Sequence[str]) -> None:
    """参照行政处罚法第四十二条: on site go two. Raises NotVerified."""
    if len({"".join(name.split()) for name in names if name.strip()}) < 2:
        raise NotVerified("现场核查须由两名人员进行，请写明两个人的姓名。", field="second")


def require_past_or_today(day: date, *, today: date, field: str) -> None:
    """What is recorded has happened. Raises NotVerified."""
    if day > today:
        raise NotVerified(f"日期不能晚于今天（{today}）。", field=field)


def require_due(day: date, *, today: date, field: str = "due") -> None:
    """A term gives time. Raises NotVerified."""
    if day <= today:
        raise NotVerified(f"期限须在今天（{today}）以后，请留出办理的时间。", field=field)
    if (day - today).days > 366:
        raise NotVerified("期限超过一年，请核对年份。", field=field)


def require_state(state: CaseState, wanted: CaseState) -> None:
    """Raises NotPossibleNow."""
    if state is wanted:
        return
    told = {
        CaseState.OPEN: "案件还在核实，作出核实结论以后再办理。",
        CaseState.CONCLUDED: "案件已经核实完毕，核实记录不再改动；确需补充核实的，由审批人重新核实。",
        CaseState.CLOSED: "案件已经办结，不再办理。",
    }
    raise NotPossibleNow(told[state])


def require_not_pending(pending: str | None) -> None:
    """While a proceeding runs out of it, a case stays as it is. Raises NotPossibleNow."""
    if pending is not None:
        raise NotPossibleNow(f"{pending} 正在办理，办完以后再办理本案。")


# ── the reporter is protected ─────────────────────────────────────────────────────────────────────────────────────────


def revealing(*texts: str) -> tuple[str, ...]:
    """Words that may give away who reported, each with why; the officer looks at them before the text goes out."""
    found: dict[str, str] = {}
    for text in texts:
        for pattern, why in REVEALING:
            for match in pattern.finditer(text):
                found.setdefault(match.group(), why)
    return tuple(f"“{word}”{why}" for word, why in found.items())


def require_no_number(*texts: str, field: str) -> None:
    """What leaves the desk names no case and no complaint. Raises MayReveal."""
    if any(NUMBERS.search(text) for text in texts):
        raise MayReveal("发给对方或者公布的文字不得写案号或举报编号，请删去。", clause="JL-24-1", field=field)


def require_fit_to_send(kind: CaseKind, *texts: str, looked_over: bool, field: str = "text") -> None:
    """What the other side gets holds no number of a case or complaint, and of a complaint nothing unconsidered.

    Raises MayReveal, for the latter until the officer says that it was looked over.
    """
    require_no_number(*texts, field=field)
    words = revealing(*texts) if kind is CaseKind.COMPLAINT else ()
    if words and not looked_over:
        raise MayReveal(
            f"这些字句可能暴露举报人：{'；'.join(words)}。请改写；确认不会暴露的，勾选“已逐句核对”后再发出。",
            clause="JL-24-1",
            field=field,
        )

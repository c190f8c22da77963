"""第二十四条: what may follow when a case is concluded (readings 14, 16). One table; nothing follows by itself.

Only falsification or deliberate concealment, substantiated against an agency, opens 第二十二条第三款. Honest errors,
market conduct and breaches of procedure are put right, talked over or circulated, and never lead to non-adoption.
"""

from dataclasses import dataclass
from datetime import date

from core.errors import DomainError
from core.labels import Labelled
from core.law import implements
from supervision.models import CaseKind, CaseOutcome, Misconduct, RectificationState
from supervision.rules.verifying import ADVERSE, NotPossibleNow, Point


class Way(Labelled):
    """How it may go on. The first three are proposed and decided in a proceeding of its own (sanctions)."""

    NON_ADOPTION = "non_adoption", "提出通报并三年不予采信"
    CIRCULAR = "circular", "提出通报"
    REMOVAL = "removal", "提出移出绿色制造名单"
    RECTIFY = "rectify", "要求整改"
    TALK = "talk", "约谈"
    CORRECTED = "corrected", "已纠正，办结"
    TALKED_OVER = "talked_over", "已约谈，办结"
    RECTIFIED = "rectified", "整改并复查通过，办结"
    ON_RECORD = "on_record", "记录在案，办结"
    NO_BREACH = "no_breach", "核实不构成违规，办结"
    NO_MEASURE = "no_measure", "不采取措施，办结"

    @property
    def is_proposal(self) -> bool:
        return self in PROPOSALS

    @property
    def closes_as(self) -> CaseOutcome | None:
        """How a case is closed by it; None: it goes on otherwise."""
        return CaseOutcome(self.value) if self in CLOSINGS else None


PROPOSALS = frozenset({Way.NON_ADOPTION, Way.CIRCULAR, Way.REMOVAL})
CLOSINGS = frozenset({Way.CORRECTED, Way.TALKED_OVER, Way.RECTIFIED, Way.ON_RECORD, Way.NO_BREACH, Way.NO_MEASURE})
GRAVE = frozenset({Misconduct.FALSIFIED, Misconduct.CONCEALED})
# what was found by the way closes without more, as before: none of these is verified unless an officer wants it
DIRECT_KINDS = frozenset({CaseKind.UNFILED, CaseKind.OVER_CAP, CaseKind.PROCEDURE, CaseKind.AGREEMENT})
DIRECT = (CaseOutcome.CORRECTED, CaseOutcome.TALKED_OVER, CaseOutcome.NO_BREACH, CaseOutcome.ON_RECORD)

# of whom, how grave: what may follow (第二十四条, 第二十二条第三款, 第十八条)
AGENCY_GRAVE = (Way.NON_ADOPTION, Way.CIRCULAR, Way.RECTIFY, Way.TALK)
AGENCY_OTHER = (Way.TALK, Way.RECTIFY, Way.CIRCULAR, Way.CORRECTED)
UNIT_GRAVE = (Way.RECTIFY, Way.REMOVAL, Way.TALK)
UNIT_OTHER = (Way.RECTIFY, Way.TALK, Way.CORRECTED)
NOTHING_FOUND = (Way.NO_MEASURE, Way.NO_BREACH)


class NotThisWay(DomainError):
    """What was established doesn't lead there; the message says what would."""


class StillOpen(NotPossibleNow):
    """A rectification runs."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """What a concluded case established, and what was done since."""

    points: tuple[Point, ...]
    rectifications: tuple[RectificationState, ...] = ()
    was_talked_over: bool = False

    @property
    def adverse(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.result in ADVERSE)

    @property
    def grave_agency(self) -> bool:
        """Falsified or concealed, substantiated wholly or in part, against an agency."""
        return any(point.misconduct in GRAVE and point.agency_id is not None for point in self.adverse)

    @property
    def grave(self) -> bool:
        return any(point.misconduct in GRAVE for point in self.adverse)

    @property
    def has_open_rectification(self) -> bool:
        return any(state not in ENDED for state in self.rectifications)


ENDED = frozenset({RectificationState.ACCEPTED, RectificationState.FAILED})


@implements("JL-24-3")
def ways(case: Concluded) -> tuple[Way, ...]:
    """第二十四条: what may follow, in the order in which it is offered.

    A listed unit rectifies or is removed by gravity (第十八条: what it handed in was false, or it refuses to put it
    right); an agency that falsified or concealed goes to 第二十二条第三款; the rest is corrected or talked over.
    """
    if not case.adverse:
        return NOTHING_FOUND
    found: list[Way] = []
    for point in case.adverse:
        is_grave = point.misconduct in GRAVE
        if point.agency_id is not None:
            found += AGENCY_GRAVE if is_grave else AGENCY_OTHER
        else:
            found += UNIT_GRAVE if is_grave else UNIT_OTHER
            if RectificationState.FAILED in case.rectifications:
                found.append(Way.REMOVAL)
    if case.grave:  # never closed as if it were put right by itself
        found = [way for way in found if way is not Way.CORRECTED]
    if RectificationState.ACCEPTED in case.rectifications:
        found.append(Way.RECTIFIED)
    if case.was_talked_over:
        found.append(Way.TALKED_OVER)
    found += [Way.ON_RECORD, Way.NO_MEASURE] if not case.grave else [Way.NO_MEASURE]
    if case.has_open_rectification:  # one thing at a time
        found = [way for way in found if way in {Way.TALK}]
    return tuple(dict.fromkeys(found))


def main_way(case: Concluded) -> Way:
    """The one that is offered first: the gravest that what was established calls for, then what ends what was begun.

    Only an order on the page: each of `ways` stays possible, and the officer chooses.
    """
    found = ways(case)
    first = [
        Way.NON_ADOPTION,
        *((Way.REMOVAL,) if RectificationState.FAILED in case.rectifications else ()),
        Way.RECTIFIED,
        Way.TALKED_OVER,
    ]
    return next((way for way in first if way in found), found[0])


@implements("JL-24-3")
def require_way(case: Concluded, way: Way, *, is_approver: bool = False) -> None:
    """第二十四条: raises NotThisWay with what would lift it, StillOpen."""
    if case.has_open_rectification and way is not Way.TALK:
        raise StillOpen("整改还没有复查完毕：复查通过或者认定未整改以后再办理。", clause="JL-24-3")
    if way not in ways(case):
        raise NotThisWay(_why_not(case, way), clause="JL-22-3" if way is Way.NON_ADOPTION else "JL-24-3")
    is_soft = way.closes_as is not None
    if case.grave_agency and is_soft and not is_approver:
        raise NotThisWay(
            "已认定机构弄虚作假或故意隐瞒：应当依第二十二条第三款提出通报并不予采信；不提出的，由审批人写明理由办结。",
            clause="JL-22-3",
            field="outcome",
        )


def _why_not(case: Concluded, way: Way) -> str:
    if not case.adverse:
        return "核实结论没有认定违规，只能不采取措施办结；有新的证据时由审批人重新核实。"
    match way:
        case Way.NON_ADOPTION:
            return "只有认定机构弄虚作假或故意隐瞒评价对象问题的，才能提出不予采信；其他情形可以约谈、整改或提出通报。"
        case Way.REMOVAL:
            return "只有认定名单单位提交的材料或数据造假，或者其逾期未改、拒不整改的，才能提出移出名单；请先要求整改。"
        case Way.CIRCULAR:
            return "通报针对第三方机构，本案没有认定机构违规。"
        case Way.RECTIFIED:
            return "还没有复查通过的整改：请先要求整改，复查通过后再以此办结。"
        case Way.TALKED_OVER:
            return "还没有约谈记录：请先记录约谈，再以“已约谈”办结。"
        case _:
            return "已认定的情形不能这样办理：弄虚作假、故意隐瞒的，请提出处理、要求整改，或由审批人写明理由办结。"


def require_direct(kind: CaseKind, outcome: CaseOutcome) -> None:
    """A case that was not concluded closes only where there is nothing to verify. Raises NotThisWay."""
    if kind not in DIRECT_KINDS:
        raise NotThisWay(f"{kind.label}的案件须先作出核实结论，再按结论办结。", clause="JL-24-3", field="outcome")
    if outcome not in DIRECT:
        raise NotThisWay(
            "没有核实结论的案件不能这样办结：请先作出核实结论；通报、不予采信和移出名单另有程序。",
            clause="JL-24-3",
            field="outcome",
        )


# ── rectification ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Check(Labelled):
    """What the re-check of a rectification comes to."""

    ACCEPT = "accept", "复查通过"
    RETURN = "return", "未通过，另定期限继续整改"
    FAIL = "fail", "逾期未改或拒不整改"


COURSE: dict[tuple[RectificationState, Check], RectificationState] = {
    (RectificationState.HANDED_IN, Check.ACCEPT): RectificationState.ACCEPTED,
    (RectificationState.HANDED_IN, Check.RETURN): RectificationState.RETURNED,
    (RectificationState.HANDED_IN, Check.FAIL): RectificationState.FAILED,
    (RectificationState.ASKED, Check.FAIL): RectificationState.FAILED,
    (RectificationState.RETURNED, Check.FAIL): RectificationState.FAILED,
}
TO_DO = frozenset({RectificationState.ASKED, RectificationState.RETURNED})  # the other side's turn


@implements("JL-24-3")
def checked(state: RectificationState, check: Check, *, due: date, today: date) -> RectificationState:
    """第二十四条: the state after a re-check. Before its term is over nobody has failed for want of proof.

    Raises NotPossibleNow, NotThisWay.
    """
    try:
        after = COURSE[state, check]
    except KeyError:
        if state in ENDED:
            raise NotPossibleNow("这次整改已经复查完毕，不再办理。") from None
        raise NotThisWay("还没有收到整改材料：收到后再复查；书面收到的请先录入。", field="check") from None
    if state in TO_DO and today <= due:
        raise NotThisWay(f"整改期限到 {due} 为止，期满以前不能认定未整改。", clause="JL-24-3", field="check")
    return after


def require_to_do(state: RectificationState) -> None:
    """Proof is taken while it is asked for, late too. Raises NotPossibleNow."""
    if state is RectificationState.HANDED_IN:
        raise NotPossibleNow("整改材料已经提交，正在复查；要补充的请等复查结果，或者联系办理单位。")
    if state in ENDED:
        raise NotPossibleNow("这次整改已经复查完毕，不再接收材料。")

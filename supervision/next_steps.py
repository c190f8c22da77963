"""What to do next in a case, and by when: the one main action of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from supervision.models import (
    Case,
    CaseKind,
    CaseState,
    Conclusion,
    Inquiry,
    Rectification,
    RectificationState,
)
from supervision.rules.outcomes import DIRECT_KINDS, TO_DO, Way
from supervision.rules.verifying import ADVERSE

NAME_PARTY = "name_party"  # a page of the complaint that opened the case


@dataclass(frozen=True, slots=True)
class Step:
    """`endpoint` of the desk and its values besides the case; None: nothing to press."""

    title: str
    text: str = ""
    endpoint: str | None = None
    label: str = ""
    tone: str = "due"
    rectification_id: int | None = None
    screening_id: int | None = None
    way: Way | None = None  # how a concluded case goes on; the page knows where each leads


@dataclass(frozen=True, slots=True)
class Course:
    """What a case's page knows of it."""

    case: Case
    inquiries: Sequence[Inquiry]
    conclusions: Sequence[Conclusion]
    rectifications: Sequence[Rectification]
    ways: Sequence[Way]
    undecided_in: int | None = None  # a screening of the evaluation with marks that nobody decided on
    may_correct: bool = False
    lacking: str = ""
    nameable: bool = False
    main: Way | None = None  # of the ways, the one that is offered first


def next_of(course: Course, *, today: date) -> Step | None:
    """The next step; None for a closed case."""
    if course.case.state is CaseState.CLOSED:
        return None
    if course.case.pending is not None:
        return Step(f"{course.case.pending} 正在办理", "由此提出的处理办完以后，本案随之办结或继续。", tone="wait")
    return _concluded(course, today) if course.case.state is CaseState.CONCLUDED else _open(course, today)


def _open(course: Course, today: date) -> Step:
    if course.undecided_in is not None:
        return Step(
            "还有标记待核定",
            "协议中标出的条款核定以后，再办结案件。",
            "agreement",
            "核定标记",
            screening_id=course.undecided_in,
        )
    if course.may_correct and not course.lacking and not course.inquiries and not course.conclusions:
        text = "核实后可以解除中止并以“已纠正”办结；另有处理的，写明结果后办结。"
        return Step("现用协议已无问题", text, "correct_case", "改正后办结")
    waited = [each for each in course.inquiries if each.answered_at is None and each.closed_at is None]
    if course.conclusions:
        blocking = [each for each in waited if each.due >= today and _against(course, each)]
        if blocking:
            until = min(each.due for each in blocking)
            return Step(f"等待答复，期限至 {until}", "收到答复或期满以后，办理核实完毕。", tone="wait")
        if _unheard(course):
            return Step("听取对方意见", "结论认定违规的，须先询问对方。", "send_inquiry", "询问对方")
        return Step("结论已写明", "全部写明以后办理核实完毕，再按结论处理。", "conclude_case", "核实完毕")
    if waited and min(each.due for each in waited) >= today:
        return Step(
            f"等待答复，期限至 {min(each.due for each in waited)}", "也可以先记录现场核查、收集证据。", tone="wait"
        )
    if course.inquiries:
        return Step("对照答复和证据，写明核实结论", "", "add_point", "写明结论")
    if course.nameable and course.case.agency_id is None and course.case.applicant_id is None:
        text = "查明是哪个机构或单位以后写明，才能听取其意见、认定属实；查不明的，直接写明结论。"
        return Step("还没有写明涉及谁", text, NAME_PARTY, "写明涉及的单位")
    if course.case.kind in DIRECT_KINDS:
        text = course.lacking or "核实情况，逐步记录；办完后写明结果。需要听取意见、作出核实结论的，先询问对方。"
        return Step("正在办理", text, "close_case", "办结")
    return Step("核实所反映的事实", "收集证据，现场核查，听取对方意见，再写明结论。", "send_inquiry", "询问对方")


def _unheard(course: Course) -> bool:
    heard = {(each.agency_id, each.applicant_id) for each in course.inquiries}
    return any(
        (each.agency_id, each.applicant_id) not in heard for each in course.conclusions if each.result in ADVERSE
    )


def _against(course: Course, inquiry: Inquiry) -> bool:
    return any(
        (each.agency_id, each.applicant_id) == (inquiry.agency_id, inquiry.applicant_id)
        for each in course.conclusions
        if each.result in ADVERSE
    )


def _concluded(course: Course, today: date) -> Step:
    for each in course.rectifications:
        if each.state is RectificationState.HANDED_IN:
            return Step(
                f"{each.number} 待复查", "对方已提交整改材料。", "check_rectification", "复查", rectification_id=each.id
            )
        if each.state in TO_DO and each.due < today:
            return Step(
                f"{each.number} 已过期限 {each.due}",
                "没有收到整改材料：督促提交，或者认定未整改。",
                "check_rectification",
                "认定未整改",
                rectification_id=each.id,
            )
        if each.state in TO_DO:
            return Step(f"等待整改，期限至 {each.due}", "对方提交材料后复查。", tone="wait")
    if not any(each.result in ADVERSE for each in course.conclusions):
        return Step("没有认定违规", "写明理由，不采取措施办结。", "close_case", "办结", way=course.main)
    if course.main is None:
        return Step("按结论处理", "在下面选择处理方式；都办完以后办结。")
    return Step(f"按结论处理：{_title(course.main)}", WHY[course.main], None, LABELS[course.main], way=course.main)


def _title(way: Way) -> str:
    return way.label.removesuffix("，办结").removeprefix("提出")


LABELS = {
    Way.NON_ADOPTION: "提出不予采信",
    Way.CIRCULAR: "提出通报",
    Way.REMOVAL: "提出移出名单",
    Way.RECTIFY: "要求整改",
    Way.TALK: "记录约谈",
    Way.RECTIFIED: "办结",
    Way.TALKED_OVER: "办结",
    Way.CORRECTED: "办结",
    Way.ON_RECORD: "办结",
    Way.NO_BREACH: "办结",
    Way.NO_MEASURE: "办结",
}
PROPOSED = "告知、听取陈述申辩后，由没有参加核实的审批人决定；也可以在下面选择其他处理。"
CHOSEN = "也可以在下面选择其他处理；都办完以后办结。"
ENDED = "写明理由后办结；还要处理的，在下面选择。"
WHY = {way: PROPOSED if way.is_proposal else ENDED if way.closes_as else CHOSEN for way in Way}


def is_agreement(case: Case) -> bool:
    return case.kind is CaseKind.AGREEMENT and case.evaluation_id is not None

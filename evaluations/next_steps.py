"""What is next on an evaluation, for whoever makes it: in words, with the page where it is done, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evaluations.models import Evaluation
from evaluations.rules.adopting import Objection, Obstacle
from evaluations.rules.states import Level, Mode, Release, State


@dataclass(frozen=True, slots=True)
class NextStep:
    """`endpoint`: of the agency's own pages; None where others act. Tones as of components/next_step.html."""

    title: str
    text: str
    endpoint: str | None = None
    label: str = ""
    tone: str = ""


def next_step(
    evaluation: Evaluation, *, against: Sequence[Objection], has_login: bool, holds_places: bool, today: date
) -> NextStep:
    """`against`: what stands in the way of handing over, or of adopting what was handed over."""
    match evaluation.state:
        case State.REGISTERED:
            return _to_visit(evaluation, today)
        case State.IN_PROGRESS:
            return _to_report(evaluation, today)
        case State.REPORT_ISSUED:
            return _to_hand_over(evaluation, against)
        case State.HANDED_OVER:
            return _to_be_adopted(evaluation, against, has_login)
        case State.WITHDRAWN:
            return _withdrawn(evaluation, holds_places)
        case _:
            return _decided(evaluation)


def _to_visit(evaluation: Evaluation, today: date) -> NextStep:
    planned = evaluation.planned_from
    late = planned is not None and planned < today
    when = f"计划 {planned} 进场{'，已过' if late else ''}。" if planned else ""
    return NextStep(
        "登记首次现场评价", f"{when}登记后评价即为开始。", "evaluation.visit", "登记现场评价", "due" if late else ""
    )


def _to_report(evaluation: Evaluation, today: date) -> NextStep:
    planned = evaluation.planned_until
    late = planned is not None and planned < today
    when = f"计划 {planned} 完成{'，已过' if late else ''}。" if planned else ""
    tone = "due" if late else ""
    last = max((visit.on for visit in evaluation.visits), default=None)
    if any(last is None or review.on >= last for review in evaluation.reviews):
        return NextStep("出具报告", f"{when}现场评价和内部技术复核都已登记。", "evaluation.issue", "出具报告", tone)
    return NextStep(
        "内部技术复核",
        f"{when}现场工作完成后，由小组以外的在案人员复核；没有复核，不能出具报告。",
        "evaluation.review",
        "登记复核",
        tone,
    )


def _to_hand_over(evaluation: Evaluation, against: Sequence[Objection]) -> NextStep:
    if against:
        return NextStep("暂时不能提交", "".join(objection.told for objection in against), tone="stop")
    return NextStep("提交报告", f"报告已出具，请提交{adopter(evaluation)}采信。", "evaluation.hand_over", "提交报告")


def _to_be_adopted(evaluation: Evaluation, against: Sequence[Objection], has_login: bool) -> NextStep:
    waiting = f"等待{adopter(evaluation)}决定是否采信"
    lacking = [each for each in against if each.what is Obstacle.NOT_CONFIRMED]
    others = "".join(each.told for each in against if each not in lacking)
    if lacking and not has_login and evaluation.mode is Mode.THIRD_PARTY:
        return NextStep(
            waiting,
            "还缺培育对象对委托的确认。该单位没有本系统账号，请上传其盖章的确认函。" + others,
            "evaluation.letter",
            "上传确认函",
            "due",
        )
    if lacking:
        return NextStep(waiting, "还缺培育对象对委托的确认，请其登录后确认。" + others, tone="wait")
    return NextStep(
        waiting, others or f"{evaluation.handed_over_on} 提交。报告有误的，可以更正后重新提交。", tone="wait"
    )


def _withdrawn(evaluation: Evaluation, holds_places: bool) -> NextStep:
    match evaluation.release:
        case Release.ASKED:
            return NextStep("已撤回，名额是否释放待省厅确认", "确认前，名额仍按占用计。", tone="wait")
        case Release.GRANTED:
            return NextStep("已撤回，名额已释放", "", tone="wait")
        case Release.DECLINED:
            return NextStep("已撤回，名额不予释放", "理由见办理经过。", tone="stop")
        case _:
            kept = "现场评价已开始，占用的名额不释放。" if holds_places else "未占用国家级名额。"
            return NextStep("已撤回", kept, tone="wait")


def _decided(evaluation: Evaluation) -> NextStep:
    last = evaluation.adoptions[-1] if evaluation.adoptions else None
    when = f"{last.on}，{last.by}。" if last else ""
    if evaluation.state is State.ADOPTED:
        return NextStep("已采信", f"{when}请继续跟踪建议的落实（第二十三条）。", "evaluation.advise", "登记建议或回访")
    return NextStep("未采信", f"{when}{'理由：' + last.reason if last else ''}", tone="stop")


def adopter(evaluation: Evaluation) -> str:
    """Who decides on it."""
    return "市（州）工信局" if evaluation.level is Level.MUNICIPAL else "省工业和信息化厅"

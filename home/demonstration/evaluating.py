"""What happened to each invented evaluation, step by step, by the services, on the day it fell on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from accounts.models import User
from agency.models import Agency
from applicants.models import Applicant, Kind
from core import clock
from core.db import db
from evaluations import standards
from evaluations.entries import AdviceEntry, RegistrationEntry, ReportEntry, ReviewEntry, Upload, VisitEntry
from evaluations.models import AgreementScreening, Evaluation
from evaluations.queries import screening as screening_queries
from evaluations.queries.rosters import Filed, filed_staff
from evaluations.rules.states import AdviceKind, Conclusion, Level
from evaluations.services import (
    commissioning,
    deciding,
    handing_over,
    registering,
    reporting,
    screening,
    self_evaluating,
    withdrawing,
    working,
)
from home.demonstration.paper import printed_agreement, sheet, typed_agreement, unlettered_sheet
from supervision.entries import RecordEntry
from supervision.models import Case, CaseOutcome
from supervision.services import handling, marks, recording

USUAL = (
    "甲方委托乙方按国家和省的有关标准开展第三方评价，乙方独立、客观、公正地出具评价报告。",
    "甲方如实提供资料和现场工作条件，对资料的真实性负责。",
    "评价费用分两期支付：签订之日付一半，乙方交付评价报告之日付清，与评价结论和名单结果无关。",
    "乙方对评价报告的真实性、准确性负责，并对甲方的商业秘密保密。",
)
REPLACED = ("本协议替代双方此前签订的协议。",)
TEAM = 3  # of the filed staff; the next reviews


@dataclass(frozen=True, slots=True)
class Officers:
    """Who decides what: a bureau at municipal level, the approver above."""

    reviewer: User
    approver: User
    bureaus: Mapping[str, User]


@dataclass(slots=True)
class Told:
    """An evaluation of the demonstration, and who acts in it."""

    row: dict[str, Any]
    serial: int
    applicant_id: int
    agencies: tuple[tuple[int, User], ...]  # the leading one first; none of a self-evaluation
    applicant_user: User | None
    officers: Officers
    begun_on: date
    evaluation_id: int = field(default=0)

    @property
    def user(self) -> User:
        """Who works on it: the leading agency's, or the applicant's."""
        if self.agencies:
            return self.agencies[0][1]
        return self._applicants_own

    @property
    def _applicants_own(self) -> User:
        if self.applicant_user is None:
            raise LookupError(f"{self.row['applicant']} has no login")
        return self.applicant_user

    @property
    def evaluation(self) -> Evaluation:
        return db.session.get_one(Evaluation, self.evaluation_id, populate_existing=True)

    @property
    def version(self) -> int:
        return self.evaluation.version

    @property
    def decider(self) -> User:
        evaluation = self.evaluation
        if evaluation.level is Level.MUNICIPAL:
            return self.officers.bureaus[evaluation.bureau]
        return self.officers.approver

    @property
    def staff(self) -> tuple[Filed, ...]:
        return filed_staff(db.session(), [agency_id for agency_id, _ in self.agencies])

    @property
    def name(self) -> str:
        return db.session.get_one(Applicant, self.applicant_id).name

    @property
    def case(self) -> Case:
        return db.session.scalars(select(Case).where(Case.evaluation_id == self.evaluation_id)).one()

    def paper(self, title: str, name: str) -> Upload:
        lines = (f"培育对象：{self.name}", f"类别：{Kind(self.row['kind']).label}", f"日期：{clock.today()}")
        return Upload(sheet(title, lines), f"{name}.pdf")

    def agreement(self, more: Sequence[str] = (), *, form: str = "") -> Upload:
        """What the two agreed: the usual clauses, and what the row says besides, in the file that it says."""
        clauses = [*USUAL, *(more or self.row.get("agreed", ()))]
        numbered = [f"第{'一二三四五六七八九十'[at]}条　{clause}" for at, clause in enumerate(clauses)]
        title = f"{Kind(self.row['kind']).label}第三方评价协议"
        parties = [f"甲方：{self.name}", f"乙方：{db.session.get_one(Agency, self.agencies[0][0]).name}"]
        signed = [f"签订日期：{self.begun_on}"]
        match form or self.row.get("agreement", "printed"):
            case "typed":
                return Upload(typed_agreement(title, [*parties, *numbered, *signed]), "评价协议.docx")
            case "unreadable":
                return Upload(unlettered_sheet(), "评价协议-扫描.pdf")
            case _:
                return Upload(printed_agreement(title, [*parties, *numbered, *signed]), "评价协议.pdf")


def begin(told: Told) -> None:
    """Registered by the agency, entered by the applicant itself, or recorded past the gate by an officer."""
    if "recorded" in told.row:
        _record(told)
    elif not told.agencies:
        entry = _entry(told, team=())
        told.evaluation_id = self_evaluating.register(entry, team=("厂务部经理", "能源主管"), by=told.user)
    else:
        staff = told.staff
        if len(told.agencies) > 1:  # jointly: of each some
            chosen = [next(m for m in staff if m.agency_id == agency_id) for agency_id, _ in told.agencies]
        else:
            chosen = list(staff[:TEAM])
        entry = _entry(told, team=tuple((member.agency_id, member.person_id) for member in chosen))
        told.evaluation_id = registering.register(entry, told.agreement(), by=told.user)


def _entry(told: Told, *, team: tuple[tuple[int, int], ...]) -> RegistrationEntry:
    row, kind = told.row, Kind(told.row["kind"])
    fitting = standards.standards(told.begun_on, kind)
    return RegistrationEntry(
        applicant_id=told.applicant_id,
        kind=kind,
        level=Level(row["level"]),
        year=told.begun_on.year,
        begun_on=told.begun_on,
        standard=fitting[0].key if fitting else standards.OTHER,
        other_standard="" if fitting else "行业评价导则",
        amount_fen=row.get("amount", 90_000 if told.agencies else 0) * 100,
        agency_ids=tuple(agency_id for agency_id, _ in told.agencies),
        team=team,
        leader_id=team[0][1] if team else None,
        planned_from=told.begun_on + timedelta(days=7) if team else None,
        planned_until=told.begun_on + timedelta(days=45) if team else None,
        statement=row.get("statement", ""),
    )


def _record(told: Told) -> None:
    entry = RecordEntry(
        evaluation=_entry(told, team=()),
        reason=told.row["reason"],
        source=told.row["source"],
        shown=frozenset(told.row["recorded"]),
        amount_known="amount" in told.row,
    )
    told.evaluation_id = recording.record(entry, None, by=told.officers.reviewer).evaluation_id


def _visit(told: Told) -> None:
    members = "、".join(member.name for member in told.evaluation.team)
    entry = VisitEntry(clock.today(), "生产现场和能源计量间", members, "核对能耗台账、环保设施和主要产品产量，无异常。")
    working.visit(told.evaluation_id, entry, version=told.version, by=told.user)


def _review(told: Told) -> None:
    team = {member.person_id for member in told.evaluation.team}
    reviewer = next(member for member in told.staff if member.person_id not in team)
    entry = ReviewEntry(reviewer.person_id, "", clock.today(), "计算过程完整，建议补充单位产品能耗的数据来源。")
    working.review(told.evaluation_id, entry, version=told.version, by=told.user)


def _report_entry(told: Told, reason: str = "") -> ReportEntry:
    number = f"PJ-{told.begun_on.year}-{told.serial:03d}"
    return ReportEntry(number, clock.today(), 800 + told.serial % 9 * 14, Conclusion.CONFORMS, reason)


def _issue(told: Told) -> None:
    paper = told.paper("绿色制造评价报告", "评价报告")
    reporting.issue(told.evaluation_id, _report_entry(told), paper, version=told.version, by=told.user)


def _correct(told: Told) -> None:
    entry = _report_entry(told, "更正园区工业增加值的统计年度。")
    paper = told.paper("绿色制造评价报告（更正）", "评价报告-更正")
    reporting.correct(told.evaluation_id, entry, paper, version=told.version, by=told.user)


def _report_itself(told: Told) -> None:
    entry, paper = _report_entry(told), told.paper("绿色制造自我评价报告", "自我评价报告")
    self_evaluating.report(told.evaluation_id, entry, paper, version=told.version, by=told.user)


def _letter(told: Told) -> None:
    paper = told.paper("委托评价确认函", "确认函")
    working.upload_letter(told.evaluation_id, paper, version=told.version, by=told.user)


def _advise(told: Told, kind: AdviceKind = AdviceKind.ADVICE) -> None:
    text = "空压站余热可用于职工浴室，预计年节约标准煤 60 吨；建议补装分项计量。"
    text = text if kind is AdviceKind.ADVICE else "回访：分项计量已装完，余热利用在做方案。"
    working.advise(told.evaluation_id, AdviceEntry(kind, clock.today(), text), version=told.version, by=told.user)


def _follow_up(told: Told) -> None:
    _advise(told, AdviceKind.FOLLOW_UP)


def _hand_over(told: Told) -> None:
    act = handing_over.hand_over if told.agencies else self_evaluating.hand_over
    act(told.evaluation_id, version=told.version, by=told.user)


def _confirm(told: Told) -> None:
    commissioning.confirm(told.evaluation_id, version=told.version, by=told._applicants_own)


def _dispute(told: Told) -> None:
    reason = "我单位与该机构洽谈过，但没有签订省级评价的协议，请核实。"
    commissioning.dispute(told.evaluation_id, version=told.version, reason=reason, by=told._applicants_own)


def _adopt(told: Told) -> None:
    deciding.adopt(told.evaluation_id, version=told.version, reason="报告完整，结论有据，予以采信。", by=told.decider)


def _decline(told: Told) -> None:
    reason = "报告所用产量与统计报表不一致，结论依据不足。"
    deciding.decline(told.evaluation_id, version=told.version, reason=reason, by=told.decider)


def _marked(told: Told) -> AgreementScreening:
    """The agreement in use with its marks."""
    return screening_queries.screenings_of(db.session(), told.evaluation)[0]


def _uphold_marks(told: Told) -> None:
    """An officer confirms the marks: the evaluation stands still and a case opens."""
    reason = "评价费的支付以列入名单为条件，经核对原件属实，属于对赌约定。"
    for mark in _marked(told).undecided:
        marks.confirm(mark.screening_id, mark.id, version=_marked(told).version, reason=reason, by=told.decider)


def _dismiss_marks(told: Told) -> None:
    marked = _marked(told)
    reason = "减收的是共用资料少跑一趟的实际差旅费，评价费不变，也不以办理认证为条件，不属于搭售。"
    undecided = [mark.id for mark in marked.undecided]
    marks.dismiss(marked.id, undecided, version=marked.version, reason=reason, by=told.officers.reviewer)


def _say(told: Told) -> None:
    """The agency disputes the marks of its agreement."""
    marked = _marked(told)
    said = "该条所列为甲方可以另行选择的服务，与是否委托评价、评价收费多少都没有关系，愿意补充书面说明。"
    screening.dispute(
        marked.id, {mark.position: said for mark in marked.undecided}, version=marked.version, by=told.user
    )


def _replace(told: Told) -> None:
    working.replace_agreement(
        told.evaluation_id,
        told.row["amount"] * 100,
        told.agreement(REPLACED, form="typed"),
        version=told.version,
        by=told.user,
        reason="删去按名单结果退费的约定，其余不变。",
    )


def _withdraw(told: Told) -> None:
    reason = "企业调整申报计划，双方协商终止协议。"
    withdrawing.withdraw(told.evaluation_id, version=told.version, by=told.user, reason=reason)


def _raise(told: Told) -> None:
    registering.raise_level(told.evaluation_id, Level.NATIONAL, version=told.version, by=told.user)


def _note(told: Told) -> None:
    text = "已电话核实，要求机构五日内书面说明签订协议的经过，并提供合同原件。"
    handling.add_note(told.case.id, text, version=told.case.version, by=told.officers.reviewer)


def _close(told: Told) -> None:
    handling.close(
        told.case.id,
        CaseOutcome.TALKED_OVER,
        reason="已约谈机构负责人，机构停止评价并退还费用，书面承诺重新备案前不再承接。",
        version=told.case.version,
        by=told.officers.approver,
    )


STEPS: Mapping[str, Callable[[Told], None]] = {
    "visit": _visit,
    "review": _review,
    "issue": _issue,
    "correct": _correct,
    "report": _report_itself,
    "letter": _letter,
    "advise": _advise,
    "follow_up": _follow_up,
    "hand_over": _hand_over,
    "confirm": _confirm,
    "dispute": _dispute,
    "adopt": _adopt,
    "decline": _decline,
    "withdraw": _withdraw,
    "uphold_marks": _uphold_marks,
    "dismiss_marks": _dismiss_marks,
    "say": _say,
    "replace": _replace,
    "raise": _raise,
    "note": _note,
    "close": _close,
}

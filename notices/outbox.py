"""Posting a notice inside the transaction of the act it tells of."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy.orm import Session

from core import clock
from core.refs import Ref, Referable
from notices.models import Notice

# event → what the reader is told; {label} is the object's
TEXTS = {
    "case_opened": "{label} 已立案，请跟进办理",
    "case_closed": "涉及贵单位的 {label} 已办结",
    "evaluation_recorded": "{label} 由省厅补录：开展时不符合登记条件，不能采信",
    "non_adoption_entered": "{label}：不予采信的决定已录入，期内不能登记新的评价",
    "non_adoption_annulled": "{label}：不予采信的决定已撤销",
    "filing_submitted": "{label} 已提交备案，等待受理",
    "filing_resubmitted": "{label} 已补正后重新提交",
    "filing_taken": "{label} 已受理，进入审核",
    "filing_taken_over": "{label} 已由其他审核人接办",
    "filing_returned": "{label} 被退回补正，请按清单修改后重新提交",
    "filing_reviewed": "{label} 已审核通过，等待审批",
    "filing_sent_back": "{label} 由审批人退回审核",
    "filing_approved": "{label} 已准予备案",
    "filing_refused": "{label} 不予备案，理由和救济途径见决定",
    "filing_withdrawn": "{label} 已由机构撤回",
    "filing_cancelled": "{label} 已按机构申请注销备案",
    "conditions_lost": "{label} 不再符合第二十条的备案条件",
    "conditions_mended": "{label} 的备案条件已补正，请确认",
    "conditions_confirmed": "{label} 的条件已由省厅确认补正",
    "term_set": "{label} 的补正期限已由省厅确定",
    "person_awarded": "{label} 有一名人员的任职已由省厅核定，请查看人员名单",
    "staff_claimed_elsewhere": "{label} 有人员另有任职申报，待核",
    "staff_counts_elsewhere": "{label} 有人员经省厅认定在其他机构计入，请核对人员名单",
    "code_check_asked": "{label} 的统一社会信用代码校验不符，申请人工核验",
    "code_overruled": "{label} 的统一社会信用代码已经人工核验，可以登记",
    "code_check_declined": "{label} 的统一社会信用代码人工核验未通过",
    "registration_moved": "{label} 的登记已由省厅移交给有权的单位",
    "agency_registered": "{label} 已登记",
    "applicant_moved": "{label} 的所属工信局已变更",
    "exclusion_entered": "{label} 登记了一项第十一条情形，在此期间不得申请、推荐和列入绿色制造名单",
    "exclusion_lifted": "{label} 的一项第十一条情形已登记移出",
    "exclusion_annulled": "{label} 的一项第十一条情形因登记有误已撤销",
    "places_moved": "{label} 的法定代表人有变更或更正，国家级名额已随之调整，请查看",
    "over_cap": "{label} 有国家级评价因法定代表人变更超出每年上限，记为超额、不得采信，请查看",
    "evaluation_registered": "{label} 已由第三方机构登记，涉及贵单位，请核对",
    "evaluation_raised": "{label} 已提升级别",
    "evaluation_started": "{label} 已开始现场评价",
    "evaluation_agreement_replaced": "{label} 的协议已更换，请核对",
    "evaluation_marked": "{label} 的协议有条款被标出，待核：请更换协议或逐处说明",
    "evaluation_agreement_unread": "{label} 的协议无法读取，请更换为可读取的文件，或等候人工阅看",
    "evaluation_mark_confirmed": "{label} 的协议有条款经主管部门认定违反第二十二条第一款，请改正并更换协议",
    "evaluation_marks_dismissed": "{label} 的协议有标记经主管部门核定不成立，理由见协议页",
    "evaluation_agreement_read": "{label} 的协议已由主管部门人工阅看，结论见协议页",
    "evaluation_marks_disputed": "{label} 的机构对协议标记作出了说明，请核定",
    "evaluation_report_issued": "{label} 已出具报告",
    "evaluation_report_corrected": "{label} 的报告已更正",
    "evaluation_handed_over": "{label} 已提交，等待采信",
    "evaluation_withdrawn": "{label} 已由机构撤回",
    "evaluation_release_asked": "{label} 已撤回，占用的名额是否释放待确认",
    "evaluation_adopted": "{label} 已采信",
    "evaluation_declined": "{label} 未予采信，理由见评价页",
    "evaluation_disputed": "{label} 由培育对象提出异议，决定前暂停提交和采信",
    "evaluation_dispute_upheld": "{label} 的异议成立，评价已中止",
    "evaluation_dispute_dismissed": "{label} 的异议不成立，评价可以继续",
    "evaluation_blocked": "{label} 已由主管部门中止，解除前不能提交和采信",
    "evaluation_unblocked": "{label} 的中止已解除，可以继续",
    "evaluation_confirmed": "{label} 已由培育对象确认委托",
    "evaluation_release_granted": "{label} 撤回后占用的名额已释放",
    "evaluation_release_declined": "{label} 撤回后占用的名额不予释放，理由见评价页",
    "evaluation_restored": "{label} 已恢复到撤回前的状态",
    "self_evaluation_handed_over": "{label}（自我评价）已提交，等待采信",
}
ROLE = "role"
BUREAU = "bureau"

# told of an agency in passing: what else is known of it has not moved on
IN_PASSING = ("staff_claimed_elsewhere", "staff_counts_elsewhere", "person_awarded")


@dataclass(frozen=True, slots=True)
class Audience:
    """To whom: everyone of an agency, applicant or bureau, one account, or everyone of a role."""

    kind: str
    id: str

    @classmethod
    def agency(cls, agency_id: int) -> Self:
        return cls("agency", str(agency_id))

    @classmethod
    def applicant(cls, applicant_id: int) -> Self:
        return cls("applicant", str(applicant_id))

    @classmethod
    def account(cls, user_id: int) -> Self:
        return cls("account", str(user_id))

    @classmethod
    def bureau(cls, key: str) -> Self:
        return cls(BUREAU, key)

    @classmethod
    def role(cls, role: str) -> Self:
        return cls(ROLE, str(role))


def post(session: Session, event: str, *, to: Audience, about: Referable | Ref) -> None:
    """Add a notice to the running transaction. KeyError for an event that has no text."""
    ref = about if isinstance(about, Ref) else about.ref
    session.add(
        Notice(
            event=event,
            audience_kind=to.kind,
            audience_id=to.id,
            about_kind=ref.kind,
            about_id=ref.id,
            about_label=ref.label,
            text=TEXTS[event].format(label=ref.label),
            at=clock.now(),
        )
    )

"""What happens that someone must know of: the table of who is told, in which words, and how it is mailed.

A new event is one entry here; `outbox.post` refuses what the table does not name. 什么事通知谁 is the page of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Reader(StrEnum):
    """A kind of readers: everyone of an agency, applicant or bureau, everyone who holds an office, or one person."""

    AGENCY = "agency"
    APPLICANT = "applicant"
    BUREAU = "bureau"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMIN = "admin"
    ACCOUNT = "account"  # one person: who has the matter in hand

    @property
    def label(self) -> str:
        return {
            "agency": "第三方机构",
            "applicant": "培育对象",
            "bureau": "市（州）工信局",
            "reviewer": "省厅审核",
            "approver": "省厅审批",
            "admin": "系统管理",
            "account": "经办人本人",
        }[self.value]


AGENCY, APPLICANT, BUREAU = Reader.AGENCY, Reader.APPLICANT, Reader.BUREAU
REVIEWER, APPROVER, ADMIN, ACCOUNT = Reader.REVIEWER, Reader.APPROVER, Reader.ADMIN, Reader.ACCOUNT
DESK = (BUREAU, APPROVER)  # who adopts an evaluation: its bureau, or the province's approvers
OUTSIDE = frozenset({AGENCY, APPLICANT})


class Mail(StrEnum):
    """How an event is mailed to those who have a confirmed address and want mail."""

    AT_ONCE = "at_once"
    DIGEST = "digest"  # with the others of the day, in the officer's mail of the morning
    NEVER = "never"

    @property
    def label(self) -> str:
        return {"at_once": "即时发送", "digest": "每日汇总", "never": "不发邮件"}[self.value]


@dataclass(frozen=True, slots=True)
class Event:
    """`text` is what the reader is told: {label} is the object's name, other {words} come with the notice's `detail`.

    `mail` is for all its readers; left out, agencies and applicants are mailed at once and officers by digest.
    An `urgent` one is also handed to the SMS gateway. What is told of an object `in_passing` doesn't mean that its
    course has moved on: officers' earlier notices about it stay unread.
    """

    text: str
    to: tuple[Reader, ...]
    mail: Mail | None = None
    urgent: bool = False
    in_passing: bool = False

    def __post_init__(self) -> None:
        if self.mail is Mail.DIGEST and OUTSIDE & set(self.to):
            raise ValueError("digests go to officers only")

    def mailed(self, *, officer: bool) -> Mail:
        """How it is mailed to a reader who is an officer, or is not."""
        return self.mail or (Mail.DIGEST if officer else Mail.AT_ONCE)

    @property
    def shown(self) -> str:
        """The text as the table shows it: …… where an object's name or a value stands."""
        return re.sub(r"\{\w+\}", "……", self.text)

    @property
    def mailed_how(self) -> str:
        """How its readers are mailed, in words: officers and those outside may differ."""
        ways = {True: self.mailed(officer=True), False: self.mailed(officer=False)}
        outside = OUTSIDE & set(self.to)
        if not outside or outside == set(self.to) or ways[True] is ways[False]:
            return ways[not outside].label
        return f"机构和培育对象{ways[False].label}，工作人员{ways[True].label}"


_FILING = {
    "filing_submitted": Event("{label} 已提交备案，等待受理", (REVIEWER,)),
    "filing_resubmitted": Event("{label} 已补正后重新提交", (REVIEWER,)),
    "filing_taken": Event("{label} 已受理，进入审核", (AGENCY,)),
    "filing_taken_over": Event("{label} 已由其他审核人接办", (ACCOUNT,)),
    "filing_returned": Event("{label} 被退回补正，请按清单修改后重新提交", (AGENCY,), urgent=True),
    "filing_reviewed": Event("{label} 已审核通过，等待审批", (APPROVER,)),
    "filing_sent_back": Event("{label} 由审批人退回审核", (ACCOUNT,)),
    "filing_approved": Event("{label} 已准予备案", (AGENCY,)),
    "filing_refused": Event("{label} 不予备案，理由和救济途径见决定", (AGENCY,), urgent=True),
    "filing_withdrawn": Event("{label} 已由机构撤回", (REVIEWER, ACCOUNT)),
    "filing_resembles": Event(
        "{label} 与不予采信的机构有相符事项，疑似规避，请核实", (REVIEWER, APPROVER), in_passing=True
    ),
    "filing_evades": Event("{label} 经核实构成对不予采信的规避，请决定", (APPROVER,), in_passing=True),
    "filing_cancelled": Event("{label} 已按机构申请注销备案", (REVIEWER, APPROVER)),
}
_AGENCIES = {
    "agency_registered": Event("{label} 已登记", (REVIEWER,)),
    "registration_moved": Event("{label} 的登记已由省厅移交给有权的单位", (AGENCY,)),
    "code_check_asked": Event("{label} 的统一社会信用代码校验不符，申请人工核验", (REVIEWER,)),
    "code_overruled": Event("{label} 的统一社会信用代码已经人工核验，可以登记", (REVIEWER,)),
    "code_check_declined": Event("{label} 的统一社会信用代码人工核验未通过", (REVIEWER,)),
    "conditions_lost": Event("{label} 不再符合第二十条的备案条件", (AGENCY, REVIEWER), urgent=True),
    "conditions_mended": Event("{label} 的备案条件已补正，请确认", (AGENCY, REVIEWER)),
    "conditions_confirmed": Event("{label} 的条件已由省厅确认补正", (AGENCY,)),
    "mending_due": Event("{label} 的补正期限将于 {day} 届满，请及时补正", (AGENCY, REVIEWER), urgent=True),
    "mending_overdue": Event("{label} 的补正期限已于 {day} 届满，备案条件仍不符合", (AGENCY, REVIEWER), urgent=True),
    "terms_expiring": Event("{label} 有期限将满：{what}；续期后请更新资料和证明材料", (AGENCY,), in_passing=True),
    "terms_expired": Event(
        "{label} 有期限已满：{what}；请更新资料和证明材料，以免不再符合备案条件", (AGENCY,), in_passing=True
    ),
    "term_set": Event("{label} 的补正期限已由省厅确定", (AGENCY,)),
    "person_awarded": Event("{label} 有一名人员的任职已由省厅核定，请查看人员名单", (AGENCY,), in_passing=True),
    "staff_claimed_elsewhere": Event("{label} 有人员另有任职申报，待核", (AGENCY,), in_passing=True),
    "staff_counts_elsewhere": Event(
        "{label} 有人员经省厅认定在其他机构计入，请核对人员名单", (AGENCY,), in_passing=True
    ),
    "places_moved": Event("{label} 的法定代表人有变更或更正，国家级名额已随之调整，请查看", (REVIEWER,)),
    "over_cap": Event(
        "{label} 有国家级评价因法定代表人变更超出每年上限，记为超额、不得采信，请查看", (AGENCY, REVIEWER)
    ),
}
_APPLICANTS = {
    "applicant_moved": Event("{label} 的所属工信局已变更", (APPLICANT, BUREAU)),
    "exclusion_entered": Event(
        "{label} 登记了一项第十一条情形，在此期间不得申请、推荐和列入绿色制造名单", (APPLICANT,), urgent=True
    ),
    "exclusion_lifted": Event("{label} 的一项第十一条情形已登记移出", (APPLICANT,)),
    "exclusion_annulled": Event("{label} 的一项第十一条情形因登记有误已撤销", (APPLICANT,)),
}
_EVALUATIONS = {
    "evaluation_registered": Event("{label} 已由第三方机构登记，涉及贵单位，请核对", (AGENCY, APPLICANT)),
    "partner_asked": Event(
        "{label} 登记贵单位为联合评价机构，请确认是否参加；确认前该评价不能提交", (AGENCY,), urgent=True
    ),
    "partner_agreed": Event("{label} 的联合机构已确认参加", (AGENCY, *DESK)),
    "partner_refused": Event("{label} 有联合机构不同意参加，决定前暂停提交和采信", (AGENCY, *DESK), urgent=True),
    "partner_kept": Event("{label} 经主管部门决定仍为联合评价，可以继续", (AGENCY,)),
    "partner_let_go": Event("{label} 的一家联合机构经主管部门决定退出，由其余机构继续", (AGENCY,)),
    "partner_left": Event("{label} 已不是评价 {number} 的联合机构，占用的名额已释放", (AGENCY,), in_passing=True),
    "evaluation_raised": Event("{label} 已提升级别", (AGENCY, APPLICANT, *DESK)),
    "evaluation_started": Event("{label} 已开始现场评价", (AGENCY, APPLICANT)),
    "evaluation_agreement_replaced": Event("{label} 的协议已更换，请核对", (AGENCY, APPLICANT)),
    "evaluation_marked": Event("{label} 的协议有条款被标出，主管部门核定前不能提交报告", (AGENCY, *DESK)),
    "evaluation_agreement_unread": Event(
        "{label} 的协议没有全部读出，机构可以更换协议，或由主管部门人工阅看", (AGENCY, *DESK)
    ),
    "evaluation_mark_confirmed": Event(
        "{label} 的协议有条款经主管部门认定违反第二十二条第一款，请改正并更换协议", (AGENCY,), urgent=True
    ),
    "evaluation_marks_dismissed": Event("{label} 的协议有标记经主管部门核定不成立，理由见协议页", (AGENCY,)),
    "evaluation_agreement_read": Event("{label} 的协议已由主管部门人工阅看，结论见协议页", (AGENCY,)),
    "evaluation_marks_disputed": Event("{label} 的机构对协议中标出的条款作出了说明，请核定", DESK),
    "evaluation_report_issued": Event("{label} 已出具报告", (AGENCY, APPLICANT)),
    "evaluation_report_corrected": Event("{label} 的报告已更正", (AGENCY, APPLICANT, *DESK)),
    "evaluation_handed_over": Event("{label} 已提交，等待采信", (AGENCY, APPLICANT, *DESK)),
    "evaluation_withdrawn": Event("{label} 已由机构撤回", (AGENCY, APPLICANT)),
    "evaluation_release_asked": Event("{label} 已撤回，占用的名额是否释放待确认", (APPROVER,)),
    "evaluation_adopted": Event("{label} 已采信", (AGENCY, APPLICANT)),
    "evaluation_admitted": Event(
        "{label}：省厅认定现有报告不因不予采信期而不能采信，理由见评价页", (AGENCY, APPLICANT, *DESK)
    ),
    "evaluation_declined": Event("{label} 未予采信，理由见评价页", (AGENCY, APPLICANT), urgent=True),
    "evaluation_disputed": Event("{label} 由培育对象提出异议，决定前暂停提交和采信", (AGENCY, *DESK), urgent=True),
    "evaluation_dispute_upheld": Event("{label} 的异议成立，评价已中止", (AGENCY, APPLICANT)),
    "evaluation_dispute_dismissed": Event("{label} 的异议不成立，评价可以继续", (AGENCY, APPLICANT)),
    "evaluation_blocked": Event("{label} 已由主管部门中止，解除前不能提交和采信", (AGENCY, APPLICANT), urgent=True),
    "evaluation_unblocked": Event("{label} 的中止已解除，可以继续", (AGENCY, APPLICANT)),
    "evaluation_confirmed": Event("{label} 已由培育对象确认委托", (AGENCY, APPLICANT, *DESK)),
    "evaluation_placed": Event("{label} 已由主管部门核定名额，不再超额", (AGENCY,)),
    "evaluation_release_granted": Event("{label} 撤回后占用的名额已释放", (AGENCY,)),
    "evaluation_release_declined": Event("{label} 撤回后占用的名额不予释放，理由见评价页", (AGENCY,)),
    "evaluation_restored": Event("{label} 已恢复到撤回前的状态", (AGENCY, APPLICANT)),
    "national_due": Event(
        "{label} 应于 {day} 前完成（还有 {left} 天），国家级评价待采信 {count} 项", (APPROVER,), in_passing=True
    ),
    "self_evaluation_handed_over": Event("{label}（自我评价）已提交，等待采信", DESK),
}
_SUPERVISION = {
    "case_opened": Event("{label} 已立案，请跟进办理", (BUREAU, REVIEWER, APPROVER)),
    "case_assigned": Event("{label} 由您办理", (ACCOUNT,)),
    "inquiry_sent": Event("{label} 请贵单位说明情况，请查看并于 {due} 前答复", (AGENCY, APPLICANT), urgent=True),
    "inquiry_due": Event("{label} 的答复期将于 {due} 届满，请及时答复", (AGENCY, APPLICANT), urgent=True),
    "inquiry_over": Event("{label} 的答复期已于 {due} 届满，核实结束以前仍可答复", (AGENCY, APPLICANT)),
    "inquiry_ended": Event("{label} 所涉事项已办结", (AGENCY, APPLICANT)),
    "inquiry_answered": Event("{label}：{number} 收到答复", (ACCOUNT, BUREAU, REVIEWER)),
    "inquiry_due_desk": Event(
        "{label}：{number} 的答复期将于 {due} 届满", (ACCOUNT, BUREAU, REVIEWER), in_passing=True
    ),
    "inquiry_over_desk": Event("{label}：{number} 的答复期已于 {due} 届满，没有收到答复", (ACCOUNT, BUREAU, REVIEWER)),
    "rectification_asked": Event("{label} 要求贵单位整改，请于 {due} 前提交整改材料", (AGENCY, APPLICANT), urgent=True),
    "rectification_due": Event("{label} 的整改期限将于 {due} 届满，请及时提交材料", (AGENCY, APPLICANT), urgent=True),
    "rectification_over": Event(
        "{label} 的整改期限已于 {due} 届满，没有收到材料，请立即提交", (AGENCY, APPLICANT), urgent=True
    ),
    "rectification_accepted": Event("{label} 的整改经复查通过", (AGENCY, APPLICANT)),
    "rectification_returned": Event(
        "{label} 的整改复查未通过，请继续整改，于 {due} 前提交材料", (AGENCY, APPLICANT), urgent=True
    ),
    "rectification_failed": Event("{label} 经复查认定未按要求整改", (AGENCY, APPLICANT), urgent=True),
    "rectification_handed_in": Event("{label}：{number} 收到整改材料，请复查", (ACCOUNT, BUREAU, REVIEWER)),
    "rectification_due_desk": Event(
        "{label}：{number} 的整改期限将于 {due} 届满", (ACCOUNT, BUREAU, REVIEWER), in_passing=True
    ),
    "rectification_over_desk": Event(
        "{label}：{number} 的整改期限已于 {due} 届满，没有收到材料", (ACCOUNT, BUREAU, REVIEWER)
    ),
    "case_closed": Event("涉及贵单位的 {label} 已办结", (AGENCY,)),
    "evaluation_recorded": Event("{label} 由省厅补录：开展时不符合登记条件，不能采信", (AGENCY, APPLICANT)),
    "non_adoption_entered": Event("{label}：不予采信的决定已录入，期内不能登记新的评价", (AGENCY,), urgent=True),
    "non_adoption_ended": Event("{label}：不予采信期已于 {day} 届满", (AGENCY, REVIEWER)),
    "non_adoption_annulled": Event("{label}：不予采信的决定已撤销", (AGENCY,)),
    "impact_open": Event(
        "{label}：{agency}的评价结果自 {first} 至 {last} 不予采信，这项评价不能采信；请另选在案的机构重新评价，"
        "有疑问请问{whom}",
        (APPLICANT,),
        urgent=True,
    ),
    "impact_recheck": Event(
        "{label}：{agency}的评价结果自 {first} 起不予采信，此前已采信的仍然有效，主管部门将复核；"
        "需要配合的，{whom}会与贵单位联系",
        (APPLICANT,),
    ),
    "impact_lifted": Event("{label}：{agency}不予采信的决定已撤销，这项评价可以继续办理", (APPLICANT,)),
    "impact_tasks": Event("{label}：有 {count} 项评价或名单条目需要复核", (BUREAU, REVIEWER, APPROVER)),
}
_COMPLAINTS = {  # told by number alone: what was reported, and by whom, stands in the complaint
    "complaint_received": Event("收到举报 {label}，请指派办理人", (BUREAU, REVIEWER, APPROVER)),
    "complaint_answered": Event("举报 {label}：举报人已回复，继续计时", (ACCOUNT, BUREAU, REVIEWER, APPROVER)),
    "complaint_added": Event("举报 {label}：举报人补充了情况或材料", (ACCOUNT, BUREAU, REVIEWER, APPROVER)),
    "complaint_withdrawn": Event(
        "举报 {label}：举报人申请撤回，请决定是否继续办理", (ACCOUNT, BUREAU, REVIEWER, APPROVER)
    ),
    "complaint_review_asked": Event("举报 {label}：举报人申请复核，请指派复核人", (APPROVER,)),
    "complaint_assigned": Event("举报 {label} 指派给您，请先声明有无利害关系", (ACCOUNT,)),
    "complaint_recused": Event("举报 {label} 的办理人申请回避，请另行指派", (ACCOUNT,)),
    "complaint_referred": Event("举报 {label} 转交办理，请指派办理人", (BUREAU, APPROVER)),
    "complaint_joined": Event("有一件举报并入您办理的 {label}，请查看", (ACCOUNT,)),
    "complaint_separated": Event("举报 {label} 恢复单独办理，请指派办理人", (BUREAU, APPROVER)),
    "complaint_lapsed": Event("举报 {label}：请举报人补充的期限已满，继续计时", (ACCOUNT,)),
    "complaint_extension_asked": Event("举报 {label} 申请延长核实期限，请决定", (APPROVER,)),
    "complaint_extension_decided": Event("举报 {label} 延长核实期限的申请已有决定", (ACCOUNT,)),
    "complaint_due": Event("举报 {label} {stage}将于 {day} 届满", (ACCOUNT,), urgent=True, in_passing=True),
    "complaint_overdue": Event("举报 {label} {stage}已于 {day} 届满", (ACCOUNT,), urgent=True, in_passing=True),
    "complaint_due_unassigned": Event(
        "举报 {label} 还没有办理人，{stage}至 {day}", (BUREAU, APPROVER), urgent=True, in_passing=True
    ),
}
_SUMMARIES = {
    "summary_handed_in": Event("{label} 已上报，请审阅", (REVIEWER,)),
    "summary_handed_in_again": Event("{label} 已修改后再次上报，请审阅", (REVIEWER,)),
    "summary_supplemented": Event("{label} 收到一份补充报告", (REVIEWER,)),
    "summary_received": Event("{label} 已收到，回执 {number}，首次上报时间 {at}", (AGENCY,), in_passing=True),
    "summary_late": Event("{label} 应于 {due} 前上报，至今没有收到，请尽快补报", (AGENCY,), urgent=True),
    "summary_opened": Event("{label} 已开放填报，请于 {due} 24 时前上报", (AGENCY,)),
    "summary_invited": Event("{label} 已开放填报：系统中没有贵单位本年度开展的评价，可于 {due} 前作零报告", (AGENCY,)),
    "summary_due": Event("{label} 还没有上报，距截止日 {due} 还有 {days} 天", (AGENCY,)),
    "summary_due_today": Event("{label} 还没有上报，今天 24 时截止，此后收到的记为逾期", (AGENCY,), urgent=True),
    "summary_invited_again": Event("{label} 可作零报告，截至 {due}；本年度没有开展评价的，几步即可办完", (AGENCY,)),
    "summary_reminded": Event("省厅提醒：{label} 还没有上报，截止日 {due}，请尽快办理", (AGENCY,)),
    "summary_reminded_returned": Event("省厅提醒：{label} 已退回修改，请按意见修改后再次上报", (AGENCY,)),
    "summary_returned": Event("{label} 被退回修改，请按意见修改后再次上报；首次上报的时间不变", (AGENCY,), urgent=True),
    "summary_accepted": Event("{label} 已由省厅接收", (AGENCY,)),
    "summary_year_closed": Event("{label} 的补充报告已截止，可以汇总", (REVIEWER, APPROVER)),
}

_SANCTIONS = {
    "proceeding_told": Event(
        "{label} 事先告知书已送达，请查阅；可于 {due} 24 时前陈述、申辩", (AGENCY, APPLICANT), urgent=True
    ),
    "proceeding_extended": Event("{label} 陈述、申辩的期限延长至 {due} 24 时", (AGENCY, APPLICANT)),
    "proceeding_answered": Event("{label} 对陈述、申辩的逐点答复已作出，请查阅", (AGENCY, APPLICANT)),
    "proceeding_served": Event("{label} 的决定已送达，请查阅", (AGENCY, APPLICANT), urgent=True),
    "proceeding_published": Event("{label} 的决定已公布", (AGENCY, APPLICANT), urgent=True),
    "proceeding_dropped": Event("{label} 经审查，决定不采取措施", (AGENCY, APPLICANT)),
    "proceeding_annulled": Event("{label} 的决定已撤销", (AGENCY, APPLICANT)),
    "proceeding_stated": Event("{label} 收到陈述、申辩，请逐点答复", (ACCOUNT,)),
    "proceeding_waived": Event("{label} 对方放弃陈述、申辩，可以决定", (ACCOUNT, APPROVER)),
    "proceeding_term_over": Event("{label} 陈述、申辩期已满，没有收到陈述，可以决定", (ACCOUNT, APPROVER)),
    "proceeding_to_decide": Event("{label} 已逐点答复，可以决定", (ACCOUNT, APPROVER)),
    "proceeding_decided": Event("{label} 已作出决定，请送达", (ACCOUNT,)),
    "proceeding_overlong": Event("{label} 自立案已超过 {days} 日，尚未作出决定", (ACCOUNT, APPROVER)),
}

_SYSTEM = {
    "job_failed": Event("定时任务未能完成：{label}，请查看原因后重试", (ADMIN,)),
}

SECTIONS: Mapping[str, Mapping[str, Event]] = MappingProxyType(
    {
        "备案": _FILING,
        "机构": _AGENCIES,
        "培育对象": _APPLICANTS,
        "评价": _EVALUATIONS,
        "监督": _SUPERVISION | _SANCTIONS,
        "举报": _COMPLAINTS,
        "年度工作总结": _SUMMARIES,
        "系统": _SYSTEM,
    }
)
EVENTS: Mapping[str, Event] = MappingProxyType(
    {name: event for section in SECTIONS.values() for name, event in section.items()}
)
IN_PASSING = tuple(name for name, event in EVENTS.items() if event.in_passing)

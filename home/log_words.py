"""What the log's codes mean to its readers."""

from evaluations.rules import states as evaluation_states
from filing.rules import Action, State
from summaries import states as summary_states
from supervision.models import CaseState

ACTIONS = {
    "case.opened": "立案",
    "case.noted": "记录案件办理情况",
    "case.closed": "办结案件",
    "non_adoption.entered": "录入不予采信决定",
    "non_adoption.annulled": "撤销不予采信决定",
    "account.created": "新建账号",
    "account.changed": "修改账号",
    "account.deactivated": "停用账号",
    "account.reactivated": "恢复账号",
    "account.signed_in": "登录",
    "account.signed_out": "退出",
    "account.locked": "登录受限",
    "account.password_changed": "修改密码",
    "account.password_reset": "重置密码",
    "account.two_factor_begun": "开始设置两步验证",
    "account.two_factor_on": "开启两步验证",
    "account.two_factor_off": "停用两步验证",
    "account.two_factor_reset": "重置两步验证",
    "agency.registered": "机构登记",
    "agency.moved": "移交登记",
    "agency.known": "由旧台账建立",
    "agency.dissolved": "并入同一机构的另一条目",
    "agency.identity_changed": "修改基本信息",
    "agency.representative_changed": "变更法定代表人",
    "agency.representative_corrected": "更正法定代表人",
    "agency.places_moved": "国家级评价名额随法定代表人移转",
    "agency.finances_described": "填写财务制度",
    "agency.declared": "作出声明",
    "agency.declaration_withdrawn": "撤回声明",
    "agency.conditions_lost": "备案条件不再符合",
    "agency.conditions_mended": "备案条件已补正",
    "agency.equipped": "演示数据",
    "office.added": "新增办公场所",
    "office.changed": "修改办公场所",
    "office.removed": "删除办公场所",
    "record.added": "新增业绩",
    "record.changed": "修改业绩",
    "record.removed": "删除业绩",
    "training.added": "新增培训",
    "training.changed": "修改培训",
    "training.removed": "删除培训",
    "outside_projects.added": "新增省外项目",
    "outside_projects.changed": "修改省外项目",
    "outside_projects.removed": "删除省外项目",
    "material.added": "上传材料",
    "material.removed": "移除材料",
    "staff_member.added": "新增人员",
    "staff_member.changed": "修改人员",
    "staff_member.left": "人员离职",
    "staff.left": "人员离职",
    "roster_import.brought": "上传人员表",
    "roster_import.confirmed": "确认导入人员",
    "roster_import.abandoned": "放弃导入人员",
    "roster_claim.awarded": "判定人员归属",
    "code_check.asked": "申请代码核验",
    "code_check.decided": "代码核验决定",
    "applicant.entered": "登记培育对象",
    "applicant.completed": "补全历年名单中的培育对象",
    "applicant.changed": "修改培育对象",
    "applicant.contact_corrected": "培育对象更正联系方式",
    "applicant.moved": "变更培育对象所属工信局",
    "exclusion.entered": "登记第十一条情形",
    "exclusion.lifted": "登记移出异常名录",
    "exclusion.annulled": "撤销第十一条情形的登记",
    "flag.term_set": "确定补正期限",
    "flag.cleared": "确认已补正",
    "title.corrected": "更正职称对照",
    "major.corrected": "更正专业对照",
    "ledger.brought": "导入旧台账",
    "list_import.brought": "导入历年名单",
    "list_entry.removed": "登记移出名单",
    "list_entry.put_back": "撤销移出名单",
    "applicant_sheet.brought": "上传培育对象表",
    "applicant_sheet.confirmed": "确认导入培育对象",
    "applicant_sheet.abandoned": "放弃导入培育对象",
    "ledger.settled": "其余写法各建一家",
    "proposal.joined": "认定为同一机构",
    "proposal.left_apart": "认定为不同机构",
    "spelling.code_learnt": "补记代码",
    "spelling.divided": "一格分成几家",
    "spelling.kept_whole": "一格按一家",
    "spelling.split_off": "名称另立",
    "filing.judged": "判断待定事项",
    "filing.commented": "备注意见",
    "level_setting.set": "设定申报是否接收第三方报告",
    "evaluation.disputed": "对评价提出异议",
    "evaluation.dispute_decided": "对异议作出决定",
    "evaluation.blocked": "中止评价",
    "evaluation.unblocked": "解除中止",
    "evaluation.confirmed": "确认委托评价",
    "evaluation.plan_changed": "修改评价计划日期",
    "evaluation.team_changed": "调整评价小组",
    "evaluation.visited": "登记现场评价",
    "evaluation.reviewed": "登记内部技术复核",
    "evaluation.agreement_replaced": "更换评价协议",
    "evaluation.agreement_screened": "核查评价协议",
    "evaluation.agreement_unread": "评价协议无法读取",
    "agreement_mark.disputed": "机构说明协议标记",
    "evaluation.advised": "登记建议或回访",
    "evaluation.letter_uploaded": "上传培育对象的确认函",
    "evaluation.letter_added": "上传培育对象的确认函",
    "evaluation.release_granted": "释放撤回评价的名额",
    "evaluation.release_declined": "不予释放撤回评价的名额",
    "summary.saved": "填写年度工作总结",
    "summary.attached": "为年度工作总结添加附件",
    "summary.detached": "移除年度工作总结的附件",
    "summary.supplemented": "上报年度工作总结的补充报告",
    "summary.marked_late": "标记年度工作总结逾期",
}
ACTIONS |= {f"filing.{step.value}": f"备案：{step.label}" for step in Action}
ACTIONS |= {f"evaluation.{step.value}": f"评价：{step.label}" for step in evaluation_states.Action}
ACTIONS |= {f"summary.{step.value}": f"年度工作总结：{step.label}" for step in summary_states.Action}
STATES = {"active": "在用", "deactivated": "已停用"} | {state.value: state.label for state in State}
STATES |= {
    state.value: state.label for state in (*evaluation_states.State, *CaseState, *evaluation_states.MarkStanding)
}
STATES |= {state.value: state.label for state in (*evaluation_states.State, *CaseState)}
STATES = {state.value: state.label for state in summary_states.State} | STATES
KINDS = {
    "applicant": "培育对象",
    "applicant_sheet": "培育对象导入",
    "exclusion": "第十一条情形",
    "level_setting": "年度设置",
    "list_import": "历年名单导入",
    "list_entry": "历年名单条目",
    "case": "案件",
    "non_adoption": "不予采信决定",
    "account": "账号",
    "agency": "机构",
    "filing": "备案",
    "flag": "标注",
    "code_check": "代码核验",
    "staff_member": "人员",
    "roster_import": "人员导入",
    "roster_claim": "人员归属",
    "material": "材料",
    "ledger_import": "旧台账",
    "ledger_proposal": "台账比对",
    "spelling": "台账名称",
    "title_correction": "职称更正",
    "major_correction": "专业更正",
    "evaluation": "评价",
    "summary": "年度工作总结",
    "summary_year": "年度工作总结",
}


def action(code: str) -> str:
    return ACTIONS.get(code, code)


def kind(code: str) -> str:
    return KINDS.get(code, code)


def state(code: str) -> str:
    """What it was before, or is after: a state's word, or the text that the log holds."""
    return STATES.get(code, code)

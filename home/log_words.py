"""What the log's codes mean to its readers."""

ACTIONS = {
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
    "code_check.asked": "申请代码核验",
    "code_check.decided": "代码核验决定",
    "filing.begun": "开始备案",
    "filing.submitted": "提交备案",
    "filing.taken": "受理",
    "filing.returned": "退回补正",
    "filing.passed": "审核通过",
    "filing.sent_back": "退回审核",
    "filing.approved": "准予备案",
    "filing.refused": "不予备案",
    "filing.withdrawn": "撤回备案",
    "filing.cancelled": "注销备案",
    "filing.judged": "判断待定事项",
    "filing.commented": "备注意见",
}
KINDS = {
    "account": "账号",
    "agency": "机构",
    "filing": "备案",
    "flag": "标注",
    "code_check": "代码核验",
    "staff_member": "人员",
    "roster_import": "人员导入",
    "material": "材料",
    "ledger": "台账",
    "title_correction": "职称更正",
    "major_correction": "专业更正",
}


def action(code: str) -> str:
    return ACTIONS.get(code, code)


def kind(code: str) -> str:
    return KINDS.get(code, code)

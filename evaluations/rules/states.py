"""The words of an evaluation's course."""

from core.labels import Labelled


class Level(Labelled):
    """Of the list that it is for."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    MUNICIPAL = "municipal", "市级"


class Mode(Labelled):
    """第十二条."""

    THIRD_PARTY = "third_party", "第三方评价"
    SELF = "self", "自我评价"


class State(Labelled):
    REGISTERED = "registered", "已登记"
    IN_PROGRESS = "in_progress", "评价中"
    REPORT_ISSUED = "report_issued", "已出报告"
    HANDED_OVER = "handed_over", "已提交"
    ADOPTED = "adopted", "已采信"
    NOT_ADOPTED = "not_adopted", "未采信"
    WITHDRAWN = "withdrawn", "已撤回"


ENDED = frozenset({State.ADOPTED, State.NOT_ADOPTED, State.WITHDRAWN})
RUNNING = tuple(state for state in State if state not in ENDED)


class Action(Labelled):
    REGISTER = "register", "登记"
    RECORD = "record", "由主管部门补录"
    START = "start", "开始评价"
    ISSUE = "issue", "出具报告"
    CORRECT = "correct", "更正报告"
    HAND_OVER = "hand_over", "提交"
    ADOPT = "adopt", "采信"
    DECLINE = "decline", "不予采信"
    WITHDRAW = "withdraw", "撤回"
    RESTORE = "restore", "恢复"
    RAISE = "raise", "提升级别"
    AGREE = "agree", "确认联合评价"
    REFUSE = "refuse", "不同意联合评价"
    KEEP_PARTNER = "keep_partner", "决定仍为联合评价"
    LET_PARTNER_GO = "let_partner_go", "决定退出联合评价"


class Consent(Labelled):
    """Of an agency that another one names as making an evaluation with it."""

    NOT_ASKED = "not_asked", "不须确认"  # it leads, or an officer recorded what happened
    ASKED = "asked", "待其确认"
    GIVEN = "given", "已确认"
    REFUSED = "refused", "不同意"  # until an officer decides


class Release(Labelled):
    """Of the places of a withdrawn evaluation (reading 10)."""

    NONE = "none", "不涉及"
    ASKED = "asked", "待确认释放"
    GRANTED = "granted", "已释放"
    DECLINED = "declined", "不予释放"


class HoldKind(Labelled):
    """What stops hand-over and adoption until an officer decides."""

    DISPUTE = "dispute", "有异议"
    BLOCK = "block", "已中止"


class Outcome(Labelled):
    """How an officer decided on a hold."""

    UPHELD = "upheld", "异议成立"
    DISMISSED = "dismissed", "异议不成立"
    LIFTED = "lifted", "已解除"


class Conclusion(Labelled):
    CONFORMS = "conforms", "符合"
    DOES_NOT_CONFORM = "does_not_conform", "不符合"


class AdviceKind(Labelled):
    """第二十三条."""

    ADVICE = "advice", "提升建议"
    FOLLOW_UP = "follow_up", "跟踪回访"


class EvaluationFlag(Labelled):
    """Dated marks beside the state; only `unfiled` and `entered_late` are columns, the others are derived."""

    UNFILED = "unfiled", "未备案评价"
    OVER_CAP = "over_cap", "超额"
    BLOCKED = "blocked", "已中止"
    DISPUTED = "disputed", "有异议"
    NON_ADOPTION = "non_adoption", "机构在不予采信期"
    RECHECK = "recheck", "采信在前，待复查"  # adopted before the agency's results ceased to be (reading 15)
    CONDITIONS_NOT_MET = "conditions_not_met", "机构条件不符"
    SCREENING = "screening", "协议待核"  # not read yet, or with marks that nobody has decided on
    CLAUSES_CONFIRMED = "clauses_confirmed", "有认定条款"  # of whichever version of its agreement
    ENTERED_LATE = "entered_late", "补登"


class ScreeningState(Labelled):
    """Of an agreement that is read for what 第二十二条第一款 forbids."""

    WAITING = "waiting", "等待核查"
    RUNNING = "running", "正在核查"
    DONE = "done", "已核查"
    UNREADABLE = "unreadable", "无法读取"


class MarkOrigin(Labelled):
    """Who found it."""

    SCREENED = "screened", "系统标出"
    OFFICER = "officer", "人工标出"


class MarkStanding(Labelled):
    """What became of a mark: only an officer confirms or dismisses."""

    OPEN = "open", "待核"
    DISPUTED = "disputed", "机构有说明，待核"
    CONFIRMED = "confirmed", "已认定"
    DISMISSED = "dismissed", "不成立"


UNDECIDED = frozenset({MarkStanding.OPEN, MarkStanding.DISPUTED})

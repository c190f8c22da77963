"""What stands still because of what was agreed: not withdrawn undecided, not let go before it is clean."""

from core.errors import DomainError
from core.law import implements
from evaluations.rules.screening import NOTHING_FOUND, ScreeningFacts


class StandsStill(DomainError):
    """Something about it is to be decided first: withdrawn and entered anew, it would be out of sight."""


class NotClean(DomainError):
    """The block rests on a clause that an officer confirmed, and the agreement is not yet without one."""


@implements("JL-22-1b")
def require_withdrawable(*, is_blocked: bool, known: ScreeningFacts = NOTHING_FOUND) -> None:
    """第二十二条第一款: what is blocked, is still being screened, or has marks that nobody has decided on, is not
    withdrawn. Raises StandsStill.
    """
    if is_blocked:
        raise StandsStill(
            "这项评价已由主管部门中止，中止期间不能撤回。请按中止的理由改正（协议有问题的更换协议，协议已经解除的上传解除协议），"
            "主管部门解除中止后再撤回。",
            clause="JL-22-1b",
        )
    if known.is_running:
        raise StandsStill(
            "这项评价的协议正在核查是否含有禁止的条款，核查由系统自动进行，完成后再撤回，请稍候刷新。",
            clause="JL-22-1b",
        )
    if known.undecided:
        raise StandsStill(
            f"这项评价的协议（含已更换的）有 {known.undecided} 处标记待主管部门核定，核定前不能撤回。"
            "可以先更换协议或逐处说明，核定后再办理。",
            clause="JL-22-1b",
        )


@implements("JL-22-1b")
def require_raisable(*, is_blocked: bool) -> None:
    """第二十二条第一款: what is blocked takes no place at a higher level meanwhile. Raises StandsStill."""
    if is_blocked:
        raise StandsStill(
            "这项评价已由主管部门中止，中止期间不能提升级别。请按中止的理由改正，主管部门解除中止后再办理。",
            clause="JL-22-1b",
        )


@implements("JL-22-1b")
def require_liftable(known: ScreeningFacts, *, ever_confirmed: bool) -> None:
    """第二十二条第一款: a block that rests on a confirmed clause ends when the agreement in use has been read whole,
    every mark is decided on and none of it is confirmed. Another block ends when the officer says so. Raises NotClean.
    """
    if not ever_confirmed or known.is_clean:
        return
    if known.is_running:
        lacking = "现用协议正在核查，核查完成后再办理"
    elif known.undecided:
        lacking = f"协议（含已更换的）还有 {known.undecided} 处标记没有核定，请先逐处核定"
    elif known.is_unread:
        lacking = "现用协议没有读全，请先人工阅看，或者由机构更换为可读取的协议"
    else:
        lacking = f"现用协议仍有 {known.confirmed} 处经认定的条款，机构更换为不含该内容的协议并经核查后才能解除"
    raise NotClean(f"这项评价因经认定的协议条款中止：{lacking}。", clause="JL-22-1b")

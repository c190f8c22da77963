"""第二十四条: what a report must have to be received, and who is competent for it. Pure functions over facts."""

from collections.abc import Iterator
from dataclasses import dataclass

from applicants.models import ListLevel
from complaints.models import Target
from core.errors import Collected, DomainError
from core.law import implements

NO_CONTACT = "请留下电话或邮箱，至少一项：办理人要能联系到您。"


class NotReceivable(DomainError):
    """Something without which a report is no real-name report is missing."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What is known of a report before it is received. `email_confirmed`: the code mailed there was entered."""

    name: str
    phone: str
    email: str
    email_confirmed: bool
    names_target: bool  # chosen from the register, or named
    matters: int
    facts: str
    consents: bool
    declares_truth: bool


@implements("JL-24-1")
def require_receivable(intake: Intake) -> None:
    """第二十四条: anyone may report, by real name and with contact; evidence is asked for, and its lack refuses nothing
    (reading 19). Raises NotReceivable, or several together as Refusals.
    """
    refusals = Collected()
    for message, field in _missing(intake):
        with refusals.attempt():
            raise NotReceivable(message, clause="JL-24-1", field=field)
    refusals.settle()


def _missing(intake: Intake) -> Iterator[tuple[str, str]]:
    if not intake.name.strip():
        yield "实名举报须写明您的真实姓名或单位名称。", "name"
    if not intake.phone and not intake.email:
        yield NO_CONTACT, "phone"
    elif not intake.phone and not intake.email_confirmed:
        yield "邮箱还没有确认：请点“发送验证码”，输入邮件里的验证码；或者另外留一个电话。", "email"
    if not intake.names_target:
        yield "请写明您要举报的机构或单位。", "target_name"
    if not intake.matters:
        yield "请至少选择一项举报的事项。", "matters"
    if not intake.facts.strip():
        yield "请写明事情经过，至少一句话。", "facts"
    if not intake.consents:
        yield "请阅读并同意个人信息的使用方式，否则无法联系您、也无法办理。", "consents"
    if not intake.declares_truth:
        yield "请确认所写内容属实。", "is_true"


@implements("JL-24-1")
def competent_bureau(target: Target, *, listed: ListLevel, bureau: str) -> str | None:
    """第二十四条（相关工业和信息化主管部门）: the bureau that a report goes to; None: the province.

    An agency is the province's business (第二十二条第三款). A listed unit is its bureau's where it stands on the
    municipal list alone, the province's where it stands on a higher one; who is not known is sorted by the province.
    """
    if target is Target.LISTED and listed is ListLevel.MUNICIPAL and bureau:
        return bureau
    return None


@implements("JL-24-1")
def evidence_is_due(files: int) -> bool:
    """第二十四条（提供佐证材料）: whether the reporter is to be asked for evidence, once."""
    return files == 0

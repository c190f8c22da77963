"""What happened to each invented filing, step by step, on the day it fell on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from accounts.models import User
from agency.models import FlagKind
from agency.recheck import open_flag
from agency.services import flagging
from core import clock
from core.db import db
from core.law import Verdict
from filing import queries
from filing.models import Filing
from filing.rules import OPEN_STATES, Correction, Decision
from filing.services import deciding, handing_in, reviewing
from home.demonstration import belongings

CORRECTIONS = (
    Correction("material:office", "租赁合同未见出租方签章页，请补充完整后重新上传。"),
    Correction("clause:JL-20-5", "“化工行业绿色工厂评价导则编制”请补充能够证明参与身份的页面。"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: the agency's user, and two officers who are never the same person."""

    agency_id: int
    user: User
    reviewer: User
    approver: User

    @property
    def filing(self) -> Filing:
        """The filing that is open, or the last one."""
        rows = db.session.scalars(
            select(Filing).where(Filing.agency_id == self.agency_id).order_by(Filing.id.desc())
        ).all()
        return next((row for row in rows if row.state in OPEN_STATES), rows[0])


def _begin(cast: Cast) -> None:
    handing_in.begin(cast.agency_id, by=cast.user)


def _submit(cast: Cast) -> None:
    rows = select(Filing).where(Filing.agency_id == cast.agency_id, Filing.state.in_(OPEN_STATES))
    if db.session.scalars(rows).first() is None:
        _begin(cast)
    handing_in.submit(cast.filing.id, version=cast.filing.version, by=cast.user)


def _take(cast: Cast) -> None:
    reviewing.take(cast.filing.id, version=cast.filing.version, by=cast.reviewer)


def _return(cast: Cast) -> None:
    reviewing.return_(cast.filing.id, version=cast.filing.version, items=CORRECTIONS, by=cast.reviewer)


def _pass(cast: Cast) -> None:
    check = queries.check_of(db.session(), cast.filing)
    if check.verdict is Verdict.NEEDS_JUDGEMENT:
        decisions = [
            Decision(point.point, accepted=True, reason="经核对职称评审表，从事化工节能减排评价多年，予以认可。")
            for point in check.points
        ]
        reviewing.judge(cast.filing.id, version=cast.filing.version, decisions=decisions, by=cast.reviewer)
    reviewing.pass_(
        cast.filing.id, version=cast.filing.version, by=cast.reviewer, reason="材料齐全，条件符合，拟准予备案。"
    )


def _approve(cast: Cast) -> None:
    deciding.approve(cast.filing.id, version=cast.filing.version, by=cast.approver, reason="同意审核意见，准予备案。")


def _refuse(cast: Cast) -> None:
    reason = "经向出具单位核实，所附业绩证明与事实不符，不能认定近五年具有相关业绩（第二十条（五））。"
    deciding.refuse(cast.filing.id, version=cast.filing.version, by=cast.approver, reason=reason)


def _withdraw(cast: Cast) -> None:
    handing_in.withdraw(cast.filing.id, version=cast.filing.version, by=cast.user, reason="拟调整业务范围后重新提交。")


def _cancel(cast: Cast) -> None:
    handing_in.cancel(cast.filing.id, version=cast.filing.version, by=cast.user, reason="本单位不再从事绿色制造评价。")


def _begin_change(cast: Cast) -> None:
    _begin(cast)
    belongings.open_office(cast.agency_id, by=cast.user)


def _mend(cast: Cast) -> None:
    belongings.add_training(cast.agency_id, by=cast.user)


def _lose_staff(cast: Cast) -> None:
    belongings.lose_member(cast.agency_id, by=cast.user)


def _set_term(cast: Cast) -> None:
    flag = open_flag(db.session(), cast.agency_id, FlagKind.CONDITIONS_NOT_MET)
    if flag is None:
        raise LookupError("the agency carries no flag")
    term = flagging.default_term(clock.today())
    flagging.set_term(flag.id, term, shown=None, reason="请在期限内补足人员，并提交变更备案。", by=cast.reviewer)


STEPS: Mapping[str, Callable[[Cast], None]] = {
    "begin": _begin,
    "submit": _submit,
    "take": _take,
    "return": _return,
    "mend": _mend,
    "pass": _pass,
    "approve": _approve,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "cancel": _cancel,
    "begin_change": _begin_change,
    "lose_staff": _lose_staff,
    "set_term": _set_term,
}

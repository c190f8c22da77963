"""What runs by the clock for agencies: the nightly check, terms that end, imports that nobody confirmed."""

from datetime import date, time

from agency.services import importing, rechecking, reminding
from scheduling.jobs import CatchUp, Job


def _recheck(on: date) -> str:
    done = rechecking.recheck_all(on=on)
    return f"核对 {done.agencies} 家，其中 {done.unmet} 家有条件不符"


def _end_non_adoption(on: date) -> str:
    told = reminding.tell_of_ended_non_adoption(on)
    return f"告知 {told.agencies} 家不予采信期届满" if told.terms else "没有届满的不予采信期"


def _mending(on: date) -> str:
    told = reminding.remind_of_mending(on)
    return f"提醒 {told.agencies} 家补正期限将满或已满" if told.terms else "没有将满、已满的补正期限"


def _expiring(on: date) -> str:
    told = reminding.remind_of_expiry(on)
    return f"提醒 {told.agencies} 家，租约和合同 {told.terms} 项" if told.terms else "没有要提醒的租约和合同"


def _sweep(on: date) -> str:
    return f"清理 {importing.sweep()} 份超过一天未确认的人员表"


JOBS = (
    Job("agency.recheck", "核对全部已备案机构的备案条件", _recheck, at=time(0, 5), catch_up=CatchUp.LATEST),
    Job("agency.non_adoption_ended", "告知不予采信期届满", _end_non_adoption, at=time(0, 10)),
    Job("agency.mending", "提醒补正期限将满、已满", _mending, at=time(0, 15)),
    Job("agency.expiring", "提醒租约、合同将到期和已到期", _expiring, at=time(0, 20)),
    Job("agency.sweep", "清理未确认的人员表", _sweep, at=time(3, 20), catch_up=CatchUp.LATEST),
)

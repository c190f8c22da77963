"""What runs by the clock for filings."""

from datetime import date, time

from filing.services import evading
from scheduling.jobs import CatchUp, Job


def _evasion(on: date) -> str:
    new = evading.look_again()
    return f"新发现 {new} 项与不予采信机构的相符事项，已通知核实" if new else "没有新的疑似规避"


JOBS = (Job("filing.evasion", "比对备案与不予采信的机构", _evasion, at=time(0, 25), catch_up=CatchUp.LATEST),)

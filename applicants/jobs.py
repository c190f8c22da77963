"""What runs by the clock for applicants: lists that nobody confirmed."""

from datetime import date, time

from applicants.services import sheets
from scheduling.jobs import CatchUp, Job


def _sweep(on: date) -> str:
    return f"清理 {sheets.sweep()} 份超过一天未确认的培育对象表"


JOBS = (Job("applicants.sweep", "清理未确认的培育对象表", _sweep, at=time(3, 25), catch_up=CatchUp.LATEST),)

"""What complaints do by the clock: terms are warned of and end, in this order each night."""

from datetime import date, time

from complaints.services import asking, reminding, sweeping
from core.db import db
from scheduling.jobs import CatchUp, Job, Pulse


def lapse_questions(on: date) -> str:
    lapsed = sum(asking.lapse(question_id) for question_id in reminding.lapsed_ids(db.session()))
    return f"补充期限届满 {lapsed} 件。" if lapsed else "没有届满的补充期限。"


def warn_of_terms(on: date) -> str:
    told = after = 0
    while ids := reminding.running_ids(db.session(), after):
        told, after = told + reminding.warn(ids), ids[-1]
    return f"期限提醒 {told} 件。" if told else "没有需要提醒的期限。"


def end_replied(on: date) -> str:
    ended = sum(reminding.end(complaint_id, on=on) for complaint_id in reminding.replied_ids(db.session()))
    return f"申请复核期满办结 {ended} 件。" if ended else "没有期满办结的举报。"


JOBS: tuple[Job | Pulse, ...] = (
    Job("complaints.lapse", "举报：补充期限届满", lapse_questions, at=time(0, 5), catch_up=CatchUp.LATEST),
    Job("complaints.terms", "举报：期限提醒", warn_of_terms, at=time(0, 10), catch_up=CatchUp.LATEST),
    Job("complaints.end", "举报：申请复核期满办结", end_replied, at=time(0, 15), catch_up=CatchUp.LATEST),
    Pulse("complaints.sweep", "举报：清除没有提交的文件和过期的验证", sweeping.sweep, every=300),
)

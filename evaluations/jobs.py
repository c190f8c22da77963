"""What runs by the clock for evaluations: screening all day, the reminder of the national recommendation."""

from datetime import date, time

from flask import current_app

from evaluations.services import recommending
from scheduling.jobs import CatchUp, Job, Pulse


def screen_waiting() -> int:
    return int(current_app.extensions["screener"].pulse())


def remind_of_recommendation(on: date) -> str:
    """第十五条: approvers are reminded while national evaluations wait to be adopted."""
    waiting = recommending.remind(on)
    return f"提醒审批人：国家级评价待采信 {waiting} 项。" if waiting else "今天没有要提醒的国家级推荐。"


JOBS = (
    Pulse("evaluations.screen", "核查等待中的协议", screen_waiting, every=20),
    Job(
        "evaluations.recommendation",
        "提醒国家级名单推荐截止",
        remind_of_recommendation,
        at=time(8, 0),
        catch_up=CatchUp.LATEST,
    ),
)

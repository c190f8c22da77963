"""What supervision does by the clock: terms are reminded of, dropped folders screened and deleted when they are old."""

from datetime import date, time

from flask import current_app

from scheduling.jobs import CatchUp, Job, Pulse
from supervision.services import folders, terms


def screen_folders() -> int:
    return int(current_app.extensions["folder_screener"].pulse())


def remove_old(on: date) -> str:
    count = folders.remove_old(on)
    return f"删除到期的批量核查 {count} 批。" if count else "没有到期的批量核查。"


def remind_terms(on: date) -> str:
    inquiries, rectifications = terms.remind(on)
    return f"询问 {inquiries} 份、整改 {rectifications} 项已提醒。" if inquiries or rectifications else "没有要提醒的。"


JOBS = (
    Job("supervision.terms", "提醒询问和整改的期限", remind_terms, at=time(8, 0), catch_up=CatchUp.LATEST),
    Job("supervision.folders", "删除到期的批量核查", remove_old, catch_up=CatchUp.LATEST),
    Pulse("supervision.screen", "核查放入的批量文件", screen_folders, every=30),
)

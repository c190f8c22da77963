"""What supervision does by the clock: dropped folders are screened, and deleted when their days are over."""

from datetime import date

from flask import current_app

from scheduling.jobs import CatchUp, Job, Pulse
from supervision.services import folders


def screen_folders() -> int:
    return int(current_app.extensions["folder_screener"].pulse())


def remove_old(on: date) -> str:
    count = folders.remove_old(on)
    return f"删除到期的批量核查 {count} 批。" if count else "没有到期的批量核查。"


JOBS = (
    Job("supervision.folders", "删除到期的批量核查", remove_old, catch_up=CatchUp.LATEST),
    Pulse("supervision.screen", "核查放入的批量文件", screen_folders, every=30),
)

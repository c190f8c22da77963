"""What evaluations do all day: agreements that wait to be screened, or whose process died over it."""

from flask import current_app

from scheduling.jobs import Pulse


def screen_waiting() -> int:
    return int(current_app.extensions["screener"].pulse())


JOBS = (Pulse("evaluations.screen", "核查等待中的协议", screen_waiting, every=20),)

"""What runs by the clock."""

from datetime import date, time

from sanctions.services import mapping, reminding
from scheduling.jobs import CatchUp, Job, Pulse


def complete_maps(on: date) -> str:
    added, moved = mapping.complete(on)
    return f"影响清单增加 {added} 项，按其他办理结果更新 {moved} 项。"


def remind(on: date) -> str:
    over, overlong = reminding.remind(on)
    return f"陈述申辩期满提示 {over} 件，办理时间长提示 {overlong} 件。"


JOBS: tuple[Job | Pulse, ...] = (
    Job("sanctions.impact", "补全不予采信的影响清单", complete_maps, at=time(0, 20), catch_up=CatchUp.LATEST),
    Job("sanctions.terms", "提示陈述申辩期满和办理时间长的措施", remind, at=time(0, 30), catch_up=CatchUp.LATEST),
)

"""Reminding those who adopt of the national recommendation (第十五条)."""

from datetime import date

from accounts.models import Role
from core import law
from core.db import transaction
from core.refs import Ref
from evaluations.queries import recommending
from evaluations.rules.recommending import recommendation, stage_reached
from notices import outbox
from notices.outbox import Audience
from scheduling.once import first_time


def remind(on: date) -> int:
    """Tell the approvers once at each stage, as long as something waits to be adopted. Returns how many wait."""
    known = recommendation(on.year, law.jurisdiction(), on=on)
    stage = stage_reached(known, law.jurisdiction(), on=on)
    if stage is None:
        return 0
    with transaction() as session:
        waiting = recommending.waiting(session, known.year)
        if not waiting or not first_time(session, "evaluations.recommendation", f"{known.year}:{stage}"):
            return 0
        about = Ref("national_list", known.year, f"{known.year} 年度国家级名单推荐")
        detail = {"day": known.due.isoformat(), "left": str(known.left), "count": str(waiting)}
        outbox.post(session, "national_due", to=Audience.role(Role.APPROVER), about=about, detail=detail)
        return waiting

"""What the clock says of proceedings: a term that ended without a statement, a case that has been open for long."""

from datetime import date

from sqlalchemy import select

from core import audit, clock, law
from core.db import transaction
from notices import outbox
from notices.outbox import Audience
from sanctions import steps
from sanctions.models import Proceeding, State
from sanctions.rules import course
from scheduling.once import first_time
from supervision.models import Case


def remind(on: date) -> tuple[int, int]:
    """Tell officers of terms that are over and of what takes long, each once: how many of both."""
    days = law.jurisdiction().number("proceeding_days", on=on)
    with transaction() as session:
        over = overlong = 0
        due = select(Proceeding).where(Proceeding.state == State.TOLD, Proceeding.statement_due < on)
        for row in session.scalars(due.order_by(Proceeding.id)):
            if first_time(session, "sanctions.term_over", f"{row.id}:{row.statement_due}"):
                steps.tell_officers(session, "proceeding_term_over", row, deciders=True)
                audit.record(session, "proceeding.reminded", row, by=None)
                over += 1
        rows = select(Proceeding, Case.opened_at).join(Case, Case.id == Proceeding.case_id)
        for row, opened_at in session.execute(
            rows.where(Proceeding.state.in_(course.UNDECIDED)).order_by(Proceeding.id)
        ):
            if not course.is_overlong(clock.day_of(opened_at), on, days=days):
                continue
            if first_time(session, "sanctions.overlong", str(row.id)):
                for to in (Audience.account(row.proposed_by), Audience.role("approver")):
                    outbox.post(session, "proceeding_overlong", to=to, about=row, detail={"days": str(days)})
                audit.record(session, "proceeding.reminded", row, by=None)
                overlong += 1
        return over, overlong

"""Opening a case inside a running transaction: what another act of supervision finds becomes a matter to follow up."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from accounts.models import PROVINCIAL_ROLES
from core import audit, clock, numbers
from core.refs import Actor
from notices import outbox
from notices.outbox import Audience
from supervision.models import Case, CaseKind, CaseState

SERIES = "case"


def open_case(
    session: Session,
    kind: CaseKind,
    facts: Sequence[str],
    *,
    by: Actor,
    agency_id: int | None = None,
    evaluation_id: int | None = None,
) -> Case:
    """立案: a numbered case with what was found, a line each; everybody of the provincial desk is told."""
    case = Case(
        number=next_case_number(session),
        kind=kind,
        agency_id=agency_id,
        evaluation_id=evaluation_id,
        facts="\n".join(facts),
        opened_at=clock.now(),
        opened_by=by.id,
    )
    session.add(case)
    session.flush()
    audit.record(session, "case.opened", case, by=by, after=CaseState.OPEN)
    for role in sorted(PROVINCIAL_ROLES):
        outbox.post(session, "case_opened", to=Audience.role(role), about=case)
    return case


def next_case_number(session: Session) -> str:
    """案〔2026〕0001."""
    year = clock.today().year
    return f"案〔{year}〕{numbers.next_number(session, SERIES, year):04d}"

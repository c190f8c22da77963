"""Opening a case inside a running transaction: what another act of supervision finds becomes a matter to follow up."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import PROVINCIAL_ROLES, User
from core import audit, clock, numbers
from core.refs import Actor
from evaluations.models import AgreementMark, Evaluation
from notices import outbox
from notices.outbox import Audience
from supervision import rules
from supervision.models import Case, CaseKind, CaseNote, CaseState

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


def held_on_agreement(session: Session, evaluation: Evaluation) -> Case | None:
    """The open case about an evaluation's agreements, locked: before the log's one row is, as whoever acts on it does.

    The evaluation is locked by whoever calls: no other one is opened meanwhile.
    """
    return session.scalar(
        select(Case)
        .where(Case.evaluation_id == evaluation.id, Case.kind == CaseKind.AGREEMENT, Case.state == CaseState.OPEN)
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    )


def note_agreement(
    session: Session, evaluation: Evaluation, mark: AgreementMark, case: Case | None, *, number: int, by: User
) -> tuple[Case, bool]:
    """A confirmed mark in the open case about an evaluation's agreements, or in a new one; and whether it is new.

    One case holds all that is found in an evaluation's agreements while it is open: a further mark is a note in it.
    `case`: as `held_on_agreement` found it. `number`: which version of the agreement the mark stands in.
    """
    facts = rules.facts_of_mark(mark, evaluation.number, number)
    if case is None:
        leading = next((party.agency_id for party in evaluation.parties if party.leads), None)
        return open_case(
            session, CaseKind.AGREEMENT, facts, by=by, agency_id=leading, evaluation_id=evaluation.id
        ), True
    add_note(session, case, "又认定一处条款：\n" + "\n".join(facts), by=by)
    return case, False


def add_note(session: Session, case: Case, text: str, *, by: User) -> None:
    """Write into an open case what another act has found or done."""
    case.version += 1
    session.add(CaseNote(case_id=case.id, text=text, at=clock.now(), by_id=by.id, by=by.display_name))
    audit.record(session, "case.noted", case, by=by)


def next_case_number(session: Session) -> str:
    """案〔2026〕0001."""
    year = clock.today().year
    return f"案〔{year}〕{numbers.next_number(session, SERIES, year):04d}"

"""Reading 6: what happened in spite of the gate an officer records: counted, never adoptable, and a case opens."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import Place
from core import clock, law, uploads
from core.db import transaction
from core.documents import Examined
from core.errors import Collected
from evaluations import entering, telling
from evaluations.entries import Upload
from evaluations.models import Evaluation, Party
from evaluations.queries import gate as facts
from evaluations.reading.examining import examine_agreement
from evaluations.rules import gate
from evaluations.rules.gate import Hindrance
from evaluations.rules.states import State
from supervision import casework, rules
from supervision.entries import RecordEntry
from supervision.models import CaseKind


@dataclass(frozen=True, slots=True)
class Recorded:
    evaluation_id: int
    number: str
    case_id: int
    case_number: str
    kind: CaseKind


def record(entry: RecordEntry, agreement: Upload | None, *, by: User) -> Recorded:
    """补录: the evaluation as it was begun, past the gate, and the case about what stood against it.

    The places that are free it takes; those that aren't stay due (超额). Raises NothingAgainst (then the agency
    registers it), StandsDifferently (not what the page showed), AlreadyThere, and what is unsound in the entry.
    """
    refusals, given = Collected(), entry.evaluation
    examined: Examined | None = None
    with refusals.attempt():
        examined = examine_agreement(agreement.content, name=agreement.name) if agreement is not None else None
    with transaction() as session:
        agencies = entering.held(session, given.agency_ids, given.level, counted_on=given.begun_on)
        _require_not_there(session, entry)
        today, in_force = clock.today(), law.jurisdiction()
        with refusals.attempt():
            rules.require_sound_record(given, today=today, law=in_force)
        refusals.settle()
        against = gate.check(facts.facts_of(session, given, on=today, desk=True), in_force).refusals
        rules.require_hindered(against)
        rules.require_as_shown(against, entry.shown)
        file = None
        if agreement is not None and examined is not None:
            file = uploads.keep(session, agreement.content, examined, name=agreement.name, by=by)
        unfiled = any(each.what is Hindrance.NOT_FILED for each in against)
        evaluation = entering.enter(
            session,
            given,
            by=by,
            name=by.display_name,
            agreement=file,
            unfiled=unfiled,
            past_gate=True,
            reason=entry.reason,
        )
        kind = rules.kind_of(unfiled=unfiled, over_cap=_is_over_cap(session, evaluation.id))
        case = casework.open_case(
            session,
            kind,
            rules.facts_of_record(entry, against, partners=[agency.name for agency in agencies[1:]]),
            by=by,
            agency_id=agencies[0].id,
            evaluation_id=evaluation.id,
        )
        telling.sides(session, evaluation, "evaluation_recorded")
        return Recorded(evaluation.id, evaluation.number, case.id, case.number, kind)


def _require_not_there(session: Session, entry: RecordEntry) -> None:
    given = entry.evaluation
    number = session.scalar(
        select(Evaluation.number)
        .join(Evaluation.parties)
        .where(
            Party.agency_id.in_(given.agency_ids),
            Evaluation.applicant_id == given.applicant_id,
            Evaluation.kind == given.kind,
            Evaluation.begun_on == given.begun_on,
            Evaluation.state != State.WITHDRAWN,
        )
        .limit(1)
    )
    if number is not None:
        raise rules.AlreadyThere(f"所列机构与该培育对象同日签订的这份协议已在系统中，编号 {number}，没有再次补录。")


def _is_over_cap(session: Session, evaluation_id: int) -> bool:
    lacking = select(Place.id).where(Place.evaluation_id == evaluation_id, Place.number.is_(None))
    return session.scalars(lacking.limit(1)).first() is not None

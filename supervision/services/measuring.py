"""第二十四条: what follows short of a decision: a talk, and what is to be put right, its proof, its re-check."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock, numbers
from core.db import transaction
from core.errors import DomainError
from evaluations.entries import Upload
from supervision import casework, discretion, evidence, steps, telling
from supervision.entries import DemandEntry, TalkEntry
from supervision.models import CaseState, OutsideFile, Rectification, RectificationState, StepKind
from supervision.queries import verification
from supervision.rules import outcomes, verifying
from supervision.rules.outcomes import Check, Way
from supervision.rules.verifying import ADVERSE

SERIES = "rectification"


def talk(case_id: int, entry: TalkEntry, scan: Upload | None, *, version: int, by: User) -> None:
    """约谈记录: who spoke with whom, when, about what, and the signed record. Raises CaseClosed, NotVerified."""
    judged = steps.judged([scan] if scan is not None else [], field="scan")
    verifying.require_past_or_today(entry.day, today=clock.today(), field="day")
    with transaction() as session:
        case = steps.shown(session, case_id, version)
        text = "\n".join(
            (
                f"约谈人：{entry.officers}　被约谈人：{entry.spoken_with}",
                f"时间：{entry.day}",
                f"内容：{entry.content}",
            )
        )
        casework.add_note(session, case, text, by=by, kind=StepKind.TALK)
        for row in steps.kept(session, judged, by=by):
            evidence.add_file(session, case, row, f"约谈记录（{entry.day}）", by=by)


def demand(case_id: int, entry: DemandEntry, *, version: int, by: User) -> Rectification:
    """要求整改: of somebody against whom something was established, until a day; it is told.

    Raises CaseClosed, NotPossibleNow, NotThisWay, NotVerified, MayReveal.
    """
    with transaction() as session:
        case = steps.shown(session, case_id, version, state=CaseState.CONCLUDED)
        verifying.require_not_pending(case.pending)
        found = verification.concluded(session, case)
        outcomes.require_way(found, Way.RECTIFY)
        party = verification.party_of(case, entry.party)
        if not any(
            (point.agency_id, point.applicant_id) == (party.agency_id, party.applicant_id)
            for point in found.points
            if point.result in ADVERSE
        ):
            raise outcomes.NotThisWay("核实结论没有认定该单位违规，不能要求其整改。", clause="JL-24-3", field="party")
        verifying.require_due(entry.due, today=clock.today())
        discretion.require_fit_to_send(session, case, entry.demand, looked_over=entry.looked_over, field="demand")
        row = Rectification(
            number=_number(session),
            case_id=case.id,
            agency_id=party.agency_id,
            applicant_id=party.applicant_id,
            demand=entry.demand,
            due=entry.due,
            asked_at=clock.now(),
            asked_by=by.id,
        )
        session.add(row)
        session.flush()
        case.version += 1
        told = f"要求整改 {row.number}　{party.name}　期限至 {row.due}"
        casework.write(session, case, told, by=by, kind=StepKind.MEASURE)
        audit.record(session, "rectification.demanded", row, by=by, after=row.due.isoformat())
        telling.other_side(session, row, "rectification_asked", detail={"due": row.due.isoformat()})
        return row


def hand_in(rectification_id: int, text: str, files: Sequence[Upload], *, version: int, by: User) -> None:
    """提交整改材料, late ones too. Raises NotPossibleNow, DomainError at `files`."""
    judged = steps.judged(files)
    if not judged:
        raise DomainError("请附上能证明已经整改的材料。", clause="JL-24-3", field="files")
    with transaction() as session:
        row = steps.rectification(session, rectification_id)
        if row.version != version:
            raise verifying.NotPossibleNow("刚刚已经提交过（也可能是重复提交），请看最新内容。")
        _take(session, row, text, judged, by)
        audit.record(session, "rectification.handed_in", row, by=by)
        case = steps.held(session, row.case_id)
        casework.write(session, case, f"{row.number} 收到整改材料", by=None, kind=StepKind.MEASURE)
        telling.officers(session, case, "rectification_handed_in", detail={"number": row.number})


def record_proof(rectification_id: int, text: str, files: Sequence[Upload], *, version: int, by: User) -> None:
    """录入整改材料 that came on paper. Raises CaseClosed, NotPossibleNow, DomainError at `files`."""
    judged = steps.judged(files)
    with transaction() as session:
        row = steps.rectification(session, rectification_id)
        case = steps.shown(session, row.case_id, version, state=CaseState.CONCLUDED)
        _take(session, row, text, judged, by)
        casework.write(session, case, f"{row.number} 录入书面整改材料", by=by, kind=StepKind.MEASURE)
        audit.record(session, "rectification.proof_recorded", row, by=by)


def check(
    rectification_id: int, result: Check, *, finding: str, due: date | None, version: int, by: User
) -> RectificationState:
    """复查: accepted, given back with a new term, or failed; the other side is told what was found.

    Raises CaseClosed, NotPossibleNow, NotThisWay, NotVerified.
    """
    with transaction() as session:
        row = steps.rectification(session, rectification_id)
        case = steps.shown(session, row.case_id, version, state=CaseState.CONCLUDED)
        today, before = clock.today(), row.state
        after = outcomes.checked(row.state, result, due=row.due, today=today)
        if result is Check.RETURN:
            if due is None:
                raise verifying.NotVerified("继续整改的，请另定期限。", field="due")
            verifying.require_due(due, today=today)
            row.due = due
        row.state, row.finding = after, finding
        row.checked_at, row.checked_by = clock.now(), by.id
        row.version += 1
        case.version += 1
        told = f"{row.number} {result.label}：{finding}"
        casework.write(session, case, told, by=by, kind=StepKind.MEASURE)
        audit.record(session, "rectification.checked", row, by=by, before=before, after=after)
        telling.other_side(session, row, f"rectification_{after.value}", detail={"due": row.due.isoformat()})
        return after


def _take(session: Session, row: Rectification, text: str, judged: steps.Judged, by: User) -> None:
    outcomes.require_to_do(row.state)
    row.state, row.proof, row.handed_in_at = RectificationState.HANDED_IN, text, clock.now()
    row.version += 1
    steps.held(session, row.case_id).version += 1
    for file in steps.kept(session, judged, by=by):
        session.add(OutsideFile(rectification_id=row.id, file_id=file.id, added_at=clock.now()))


def _number(session: Session) -> str:
    """改〔2026〕0001."""
    year = clock.today().year
    return f"改〔{year}〕{numbers.next_number(session, SERIES, year):04d}"

"""听取意见: the other side is asked, opens it, answers, in the system or on paper. It never learns why it is asked."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock, numbers
from core.db import transaction
from evaluations.entries import Upload
from supervision import casework, discretion, steps, telling
from supervision.entries import InquiryEntry
from supervision.models import CaseState, Inquiry, OutsideFile, StepKind
from supervision.queries import verification
from supervision.rules import verifying

SERIES = "inquiry"
NO_CHANGE = "这份询问已经结束，不再接收答复；需要说明的请联系办理单位。"


def send(case_id: int, entry: InquiryEntry, *, version: int, by: User) -> Inquiry:
    """发出询问: with cleared evidence, until a day; the other side is told that there is one.

    Raises CaseClosed, NotPossibleNow, NotVerified, MayReveal.
    """
    with transaction() as session:
        case = steps.shown(session, case_id, version, state=CaseState.OPEN)
        party = verification.party_of(case, entry.party)
        verifying.require_due(entry.due, today=clock.today())
        discretion.require_fit_to_send(session, case, entry.text, looked_over=entry.looked_over)
        cleared = {each.id for each in verification.cleared_of(session, case.id)}
        if not set(entry.evidence_ids) <= cleared:
            raise verifying.NotVerified("只能附上已经核对、可以给对方看的证据。", field="evidence")
        row = Inquiry(
            number=_number(session),
            case_id=case.id,
            agency_id=party.agency_id,
            applicant_id=party.applicant_id,
            evaluation_id=case.evaluation_id,
            text=entry.text,
            files=sorted(entry.evidence_ids),
            due=entry.due,
            sent_at=clock.now(),
            sent_by=by.id,
        )
        session.add(row)
        session.flush()
        case.version += 1
        casework.write(session, case, f"{row.number}　{party.name}　答复期至 {row.due}", by=by, kind=StepKind.ASKED)
        audit.record(session, "inquiry.sent", row, by=by, after=row.due.isoformat())
        telling.other_side(session, row, "inquiry_sent", detail={"due": row.due.isoformat()})
        return row


def open_(inquiry_id: int, *, by: User) -> None:
    """查看: the first opening is kept; opening it again does nothing."""
    with transaction() as session:
        row = steps.inquiry(session, inquiry_id)
        if row.opened_at is None:
            row.opened_at, row.version = clock.now(), row.version + 1
            audit.record(session, "inquiry.opened", row, by=by)


def answer(inquiry_id: int, text: str, files: Sequence[Upload], *, version: int, by: User) -> bool:
    """答复: late ones too, until the case is concluded; a second one adds to the first. Returns whether it was in time.

    Raises NotPossibleNow, DomainError at `files`.
    """
    judged = steps.judged(files)
    with transaction() as session:
        row = steps.inquiry(session, inquiry_id)
        if row.opened_at is None:
            raise verifying.NotPossibleNow("请先查看询问的内容，再答复。")
        if row.version != version:
            raise verifying.NotPossibleNow("刚刚已经提交过（也可能是重复提交），请看最新内容。")
        _take(session, row, text, by=by, recorded=False)
        _keep(session, row, judged, by)
        audit.record(session, "inquiry.answered", row, by=by)
        return clock.today() <= row.due


def record_answer(inquiry_id: int, text: str, files: Sequence[Upload], *, version: int, by: User) -> None:
    """录入书面答复: what came on paper, by an officer. Raises CaseClosed, NotPossibleNow, DomainError at `files`."""
    judged = steps.judged(files)
    with transaction() as session:
        row = steps.inquiry(session, inquiry_id)
        steps.shown(session, row.case_id, version, state=CaseState.OPEN)
        _take(session, row, text, by=by, recorded=True)
        _keep(session, row, judged, by)
        audit.record(session, "inquiry.answer_recorded", row, by=by)


def _take(session: Session, row: Inquiry, text: str, *, by: User, recorded: bool) -> None:
    case = steps.held(session, row.case_id)
    if row.closed_at is not None or case.state is not CaseState.OPEN:
        raise verifying.NotPossibleNow(NO_CHANGE)
    if row.answered_at is None:
        row.answer, row.answered_at = text, clock.now()
        row.answered_by = None if recorded else by.id
    else:
        row.answer = f"{row.answer}\n\n补充（{clock.today()}）：{text}"
    row.version += 1
    case.version += 1
    casework.write(session, case, row.number, by=by if recorded else None, kind=StepKind.ANSWERED)
    if not recorded:
        telling.officers(session, case, "inquiry_answered", detail={"number": row.number})


def _keep(session: Session, row: Inquiry, judged: steps.Judged, by: User) -> None:
    for file in steps.kept(session, judged, by=by):
        session.add(OutsideFile(inquiry_id=row.id, file_id=file.id, added_at=clock.now()))


def _number(session: Session) -> str:
    """询〔2026〕0001."""
    year = clock.today().year
    return f"询〔{year}〕{numbers.next_number(session, SERIES, year):04d}"

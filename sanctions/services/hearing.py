"""陈述、申辩: the other side states its case or waives, officers answer each point, lawyers look at it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from accounts.models import User
from core import clock, uploads
from core.db import transaction
from core.documents import Examined, examine
from core.errors import DomainError
from evaluations.entries import Upload
from sanctions import steps
from sanctions.models import Point, Proceeding, StatementFile
from sanctions.rules import course
from sanctions.rules.course import Action
from supervision.rules import verifying

MOST_FILES = 10


def state_case(proceeding_id: int, text: str, files: Sequence[Upload], *, version: int, by: User) -> None:
    """陈述、申辩: within the term, once; each paragraph becomes a point. Raises DomainError (a file), TermOver."""
    examined = _examined(files)
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.STATE)
        course.require_in_term(row.statement_due, clock.now())
        _stated(session, row, text, examined, by=by)


def record_statement(
    proceeding_id: int, text: str, files: Sequence[Upload], *, received_on: date, version: int, by: User
) -> None:
    """登记书面陈述: what came on paper, on a day within the term. Raises DomainError, TermOver, NotPossibleNow."""
    examined = _examined(files)
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.STATE)
        course.require_received(received_on, told_at=row.told_at, due=row.statement_due, today=clock.today())
        row.on_paper = True
        _stated(session, row, text, examined, by=by)
        row.stated_at = steps.instant_of(received_on)


def waive(proceeding_id: int, *, version: int, by: User) -> None:
    """放弃: the other side says that it has nothing to state. Raises NotPossibleNow, TermOver."""
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.WAIVE)
        course.require_in_term(row.statement_due, clock.now())
        row.waived, row.stated_at, row.stated_by = True, clock.now(), by.id
        steps.take(session, row, Action.WAIVE, by=by)
        steps.tell_officers(session, "proceeding_waived", row, deciders=True)


def extend(proceeding_id: int, due: date, *, reason: str, version: int, by: User) -> None:
    """延长陈述申辩期: never shortened. Raises DomainError, NotPossibleNow."""
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.EXTEND)
        course.require_longer(row.statement_due, due, today=clock.today())
        row.statement_due, row.extended_reason = due, reason
        steps.take(session, row, Action.EXTEND, by=by)
        steps.tell_other_side(session, "proceeding_extended", row, due=str(due))


def split(proceeding_id: int, text: str, *, version: int, by: User) -> None:
    """整理要点: the points anew, before any is answered; the statement itself stays. Raises DomainError."""
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        points = course.points_of(text)
        course.require_points(points, [point.answer is not None for point in row.points])
        steps.take(session, row, Action.SPLIT, by=by)
        for point in list(row.points):
            session.delete(point)
        session.flush()
        session.expire(row, ["points"])
        session.add_all(Point(proceeding_id=row.id, text=point) for point in points)


def answer(proceeding_id: int, point_id: int, text: str, *, accepted: bool, version: int, by: User) -> None:
    """答复一处要点: may be written again until the answers leave. Raises NotPossibleNow."""
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        point = next((each for each in row.points if each.id == point_id), None)
        if point is None:
            raise course.NotPossibleNow("这处要点已经重新整理，请看最新情况。")
        verifying.require_no_number(text, field="answer")
        steps.take(session, row, Action.ANSWER, by=by)
        point.answer, point.accepted = text, accepted
        point.answered_at, point.answered_by = clock.now(), by.id


def send_answers(proceeding_id: int, *, version: int, by: User) -> None:
    """发出答复: every point has one; the other side is told, and it is the deciders' turn. Raises NotAnswered."""
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.FINISH)
        course.require_all_answered([point.answer is not None for point in row.points])
        steps.take(session, row, Action.FINISH, by=by)
        steps.tell_other_side(session, "proceeding_answered", row)
        steps.tell_officers(session, "proceeding_to_decide", row, deciders=True)


def review(proceeding_id: int, text: str, *, version: int, by: User) -> None:
    """法制审核: recorded by somebody who neither investigated nor proposed. Raises TookPart, NotPossibleNow."""
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.require_independent(steps.part_in(session, row), by.id)
        steps.take(session, row, Action.REVIEW, by=by)
        row.legal_review, row.legal_reviewed_at, row.legal_reviewed_by = text, clock.now(), by.id


def _examined(files: Sequence[Upload]) -> list[tuple[Upload, Examined]]:
    """Each judged by its content, before the transaction. Raises DomainError at `files`."""
    if len(files) > MOST_FILES:
        raise DomainError(f"一次最多上传 {MOST_FILES} 个文件，请合并后再传。", field="files")
    found = []
    for file in files:
        try:
            found.append((file, examine(file.content)))
        except DomainError as refusal:
            raise DomainError(f"“{file.name[:60]}”：{refusal.message}", field="files") from None
    for file, _ in found:
        uploads.store().put(file.content)  # encrypted and written before the transaction
    return found


def _stated(
    session: Session, row: Proceeding, text: str, files: Sequence[tuple[Upload, Examined]], *, by: User
) -> None:
    row.statement, row.stated_at, row.stated_by = text, clock.now(), by.id
    steps.take(session, row, Action.STATE, by=by)
    session.add_all(Point(proceeding_id=row.id, text=point) for point in course.points_of(text))
    for file, examined in files:
        kept = uploads.keep(session, file.content, examined, name=file.name, by=by)
        session.add(StatementFile(proceeding_id=row.id, file_id=kept.id, added_at=clock.now()))
    steps.tell_officers(session, "proceeding_stated", row)

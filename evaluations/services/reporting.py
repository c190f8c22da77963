"""An agency issues its report, and corrects it in new versions; the old ones stay."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import User
from core import clock, uploads
from core.db import transaction
from core.documents import Examined
from core.errors import Collected
from core.refs import Actor
from evaluations import makers, steps, telling
from evaluations.entries import ReportEntry, Upload
from evaluations.handed_in import examined_at
from evaluations.models import Evaluation, Report, ReportNumber
from evaluations.queries import working as queries
from evaluations.rules import course, reporting
from evaluations.rules import entering as bounds
from evaluations.rules import working as rules
from evaluations.rules.states import Action, State


def issue(evaluation_id: int, entry: ReportEntry, file: Upload, *, version: int, by: User) -> None:
    """出具报告. Raises NotPossibleNow, and together whatever is unsound of file, number, day, score and review."""
    refusals = Collected()
    with refusals.attempt():
        examined = examined_at("report", file)
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        course.next_state(evaluation.state, Action.ISSUE)
        with refusals.attempt():
            _require_sound(session, evaluation, entry)
        with refusals.attempt():
            _reserve(session, evaluation, entry.number)
        refusals.settle()
        _add(session, evaluation, entry, file, examined, by)
        _step(session, evaluation, Action.ISSUE, f"{entry.number}，结论：{entry.conclusion.label}", by)
        telling.others(session, evaluation, "evaluation_report_issued")


def correct(evaluation_id: int, entry: ReportEntry, file: Upload, *, version: int, by: User) -> None:
    """更正报告: a new version with its reason; one handed over comes back, to be handed over anew.

    Raises NotPossibleNow, and together whatever is unsound of file, number, day, score and reason.
    """
    refusals = Collected()
    with refusals.attempt():
        examined = examined_at("report", file)
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        course.next_state(evaluation.state, Action.CORRECT)
        with refusals.attempt():
            _require_sound(session, evaluation, entry)
        with refusals.attempt():
            _reserve(session, evaluation, entry.number)
        refusals.settle()
        was_handed_over = evaluation.state is State.HANDED_OVER
        _add(session, evaluation, entry, file, examined, by)
        _step(session, evaluation, Action.CORRECT, entry.reason, by)
        telling.others(session, evaluation, "evaluation_report_corrected")
        if was_handed_over:
            evaluation.handed_over_on = None
            telling.desk(session, evaluation, "evaluation_report_corrected")


def _require_sound(session: Session, evaluation: Evaluation, entry: ReportEntry) -> None:
    work = queries.work_of(session, evaluation)
    refusals = Collected()
    with refusals.attempt():
        reporting.require_number(entry.number)
    with refusals.attempt():
        bounds.require_sound_report(entry, work, today=clock.today())
    with refusals.attempt():
        rules.require_all_reviewed(work)
    refusals.settle()


def _reserve(session: Session, evaluation: Evaluation, number: str) -> None:
    """Take the number for this evaluation; the database lets only one of the agency's have it. Raises NumberTaken."""
    party, key = makers.leading(evaluation), reporting.key_of(number)
    if party is None:  # a self-evaluation's report bears the applicant's own number
        return
    holder = session.get(ReportNumber, (party.agency_id, key))
    if holder is None:
        try:
            with session.begin_nested():
                session.add(ReportNumber(agency_id=party.agency_id, number=key, evaluation_id=evaluation.id))
        except IntegrityError:
            raise reporting.NumberTaken(number) from None
    elif holder.evaluation_id != evaluation.id:
        raise reporting.NumberTaken(number)


def _add(
    session: Session, evaluation: Evaluation, entry: ReportEntry, file: Upload, examined: Examined, by: Actor
) -> None:
    stored = uploads.keep(session, file.content, examined, name=file.name, by=by)
    evaluation.reports.append(
        Report(
            version=len(evaluation.reports) + 1,
            number=entry.number,
            issued_on=entry.issued_on,
            file=stored,
            score=entry.score,
            conclusion=entry.conclusion,
            reason=entry.reason,
            entered_at=clock.now(),
            entered_by=by.id,
        )
    )


def _step(session: Session, evaluation: Evaluation, action: Action, reason: str, by: User) -> None:
    steps.take(session, evaluation, action, by=by, name=makers.maker_name(evaluation), reason=reason)

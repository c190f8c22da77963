"""An agency's work on an evaluation until the report, and beside it: plan, team, visits, review, agreement, advice."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock, uploads
from core.db import transaction
from core.errors import Collected
from evaluations import entering, makers, screenings, steps, telling
from evaluations.entries import AdviceEntry, ReviewEntry, Upload, VisitEntry
from evaluations.handed_in import examined_at, keep_letter
from evaluations.models import Advice, Agreement, Evaluation, Review, TeamMember, Visit
from evaluations.queries import working as queries
from evaluations.queries.rosters import filed_members
from evaluations.reading.examining import examine_agreement
from evaluations.rules import entering as bounds
from evaluations.rules import working as rules
from evaluations.rules.states import Action, State
from evaluations.rules.working import Task


def change_plan(
    evaluation_id: int, planned_from: date | None, planned_until: date | None, *, version: int, by: User
) -> None:
    """修改计划日期. Raises NotPossibleNow, DomainError at the days."""
    with transaction() as session:
        evaluation = _begun(session, evaluation_id, Task.PLAN, version)
        rules.require_sound_plan(planned_from, planned_until, begun_on=evaluation.begun_on)
        before = _plan(evaluation)
        evaluation.planned_from, evaluation.planned_until = planned_from, planned_until
        audit.record(session, "evaluation.plan_changed", evaluation, by=by, before=before, after=_plan(evaluation))


def _plan(evaluation: Evaluation) -> str:
    return f"{evaluation.planned_from or '—'} 至 {evaluation.planned_until or '—'}"


def change_team(
    evaluation_id: int, team: Sequence[tuple[int, int]], leader_id: int | None, *, version: int, by: User
) -> None:
    """调整评价小组: (agency, person) of all its members. Who is on it already may stay, unless they have left.

    Raises NotPossibleNow; DomainError at `team` and `leader_id` for strangers, those who left, and who has reviewed.
    """
    with transaction() as session:
        evaluation = _begun(session, evaluation_id, Task.TEAM, version)
        agency_ids = queries.agencies_of(evaluation)
        refusals = Collected()
        with refusals.attempt():
            bounds.require_team(team, leader_id, agency_ids)
        with refusals.attempt():
            allowed = {*filed_members(session, agency_ids), *queries.still_there(session, evaluation)}
            bounds.require_filed_team(team, allowed)
        with refusals.attempt():
            rules.require_unprejudiced(
                [person_id for _, person_id in team], [review.person_id for review in evaluation.reviews]
            )
        refusals.settle()
        before = len(evaluation.team)
        _seat(session, evaluation, team, leader_id)
        audit.record(
            session, "evaluation.team_changed", evaluation, by=by, before=f"{before} 人", after=f"{len(team)} 人"
        )


def _seat(session: Session, evaluation: Evaluation, team: Sequence[tuple[int, int]], leader_id: int | None) -> None:
    """The rows of who stays are kept. One leads at a time, the database holds that: who led steps down first."""
    names = entering.names_of(session, tuple(team))
    seated = {(member.agency_id, member.person_id): member for member in evaluation.team}
    for pair, member in seated.items():
        if pair not in set(team):
            evaluation.team.remove(member)
            session.delete(member)
        member.leads = False
    session.flush()
    for agency_id, person_id in team:
        if (agency_id, person_id) in seated:
            seated[agency_id, person_id].leads = person_id == leader_id
        else:
            evaluation.team.append(
                TeamMember(
                    agency_id=agency_id,
                    person_id=person_id,
                    name=names[agency_id, person_id],
                    leads=person_id == leader_id,
                )
            )


def visit(evaluation_id: int, entry: VisitEntry, *, version: int, by: User) -> None:
    """登记现场评价: the first one starts the evaluation. Raises NotPossibleNow, DomainError at the day."""
    with transaction() as session:
        evaluation = _begun(session, evaluation_id, Task.VISIT, version)
        bounds.require_sound_visit(entry, queries.work_of(session, evaluation), today=clock.today())
        evaluation.visits.append(
            Visit(
                on=entry.on,
                place=entry.place,
                attendees=entry.attendees,
                record=entry.record,
                entered_at=clock.now(),
                entered_by=by.id,
            )
        )
        if evaluation.state is State.REGISTERED:
            name = makers.maker_name(evaluation)
            steps.take(session, evaluation, Action.START, by=by, name=name, reason=f"首次现场评价 {entry.on}")
            telling.others(session, evaluation, "evaluation_started")
        else:
            audit.record(session, "evaluation.visited", evaluation, by=by, after=entry.on.isoformat())


def review(evaluation_id: int, entry: ReviewEntry, *, version: int, by: User) -> None:
    """登记内部技术复核, by someone of the filed staff who isn't on the team. Raises NotPossibleNow, DomainError."""
    with transaction() as session:
        evaluation = _begun(session, evaluation_id, Task.REVIEW, version)
        bounds.require_sound_review(entry, queries.work_of(session, evaluation), today=clock.today())
        evaluation.reviews.append(
            Review(
                person_id=entry.person_id,
                name=_reviewer_name(session, evaluation, entry),
                on=entry.on,
                opinions=entry.opinions,
                entered_at=clock.now(),
                entered_by=by.id,
            )
        )
        audit.record(session, "evaluation.reviewed", evaluation, by=by, after=entry.on.isoformat())


def _reviewer_name(session: Session, evaluation: Evaluation, entry: ReviewEntry) -> str:
    if entry.person_id is None:
        return entry.name.strip()
    pairs = tuple((agency_id, entry.person_id) for agency_id in queries.agencies_of(evaluation))
    return next(iter(entering.names_of(session, pairs).values()))


def replace_agreement(
    evaluation_id: int, amount_fen: int, file: Upload, *, version: int, by: User, reason: str
) -> None:
    """更换协议: a new copy beside the old ones; the begin date, and with it the year of its places, stays.

    The old ones keep their marks, and the desk still decides on them; the new one is screened like the first.
    Raises NotPossibleNow; DocumentRefused at `agreement`, DomainError at `amount_fen`, both together.
    """
    refusals = Collected()
    with refusals.attempt():
        examined = examine_agreement(file.content, name=file.name)
    with refusals.attempt():
        bounds.require_amount(amount_fen)
    refusals.settle()
    with transaction() as session:
        evaluation = _begun(session, evaluation_id, Task.AGREEMENT, version)
        stored = uploads.keep(session, file.content, examined, name=file.name, by=by)
        number = max((each.number for each in evaluation.agreements), default=0) + 1
        agreement = Agreement(
            number=number,
            amount_fen=amount_fen,
            file_id=stored.id,
            reason=reason,
            entered_at=clock.now(),
            entered_by=by.id,
        )
        evaluation.agreements.append(agreement)
        screenings.ask(session, evaluation, agreement)
        audit.record(
            session, "evaluation.agreement_replaced", evaluation, by=by, after=f"第 {number} 份", reason=reason
        )
        telling.others(session, evaluation, "evaluation_agreement_replaced")


def advise(evaluation_id: int, entry: AdviceEntry, *, version: int, by: User) -> None:
    """登记建议或回访 (第二十三条). Raises NotPossibleNow, DomainError."""
    with transaction() as session:
        evaluation = _begun(session, evaluation_id, Task.ADVISE, version)
        work = queries.work_of(session, evaluation)
        bounds.require_sound_advice(entry, work, today=clock.today())
        rules.require_followed(entry, work, advised_on=queries.first_advice(evaluation))
        evaluation.advice.append(
            Advice(kind=entry.kind, on=entry.on, text=entry.text, entered_at=clock.now(), entered_by=by.id)
        )
        audit.record(session, "evaluation.advised", evaluation, by=by, after=f"{entry.kind.label} {entry.on}")


def upload_letter(evaluation_id: int, file: Upload, *, version: int, by: User) -> None:
    """上传确认函: the word of an applicant that has no login; a better copy takes the place of an earlier letter.

    Raises NotPossibleNow, NoLetterNeeded, DocumentRefused at `letter`.
    """
    examined = examined_at("letter", file)
    with transaction() as session:
        evaluation = _begun(session, evaluation_id, Task.LETTER, version)
        known = evaluation.confirmation
        rules.require_letter(
            has_login=queries.has_login(session, evaluation.applicant_id),
            confirmed_by_login=known is not None and known.file_id is None,
        )
        name = makers.maker_name(evaluation)
        keep_letter(session, evaluation, file, examined, by=by, name=name)
        audit.record(session, "evaluation.letter_uploaded", evaluation, by=by)
        if evaluation.state is State.HANDED_OVER:  # who decides may have waited for it
            telling.desk(session, evaluation, "evaluation_confirmed")


def _begun(session: Session, evaluation_id: int, task: Task, version: int) -> Evaluation:
    evaluation = steps.begin(session, evaluation_id, shown=version)
    rules.require_possible(evaluation.state, task)
    return evaluation

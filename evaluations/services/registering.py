"""An agency registers an evaluation before it evaluates, and raises it to a higher level."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from applicants.models import Applicant
from core import clock, law, uploads
from core.db import transaction
from core.errors import Collected, Conflict
from evaluations import entering, flagging, makers, steps, tallies, telling
from evaluations.entries import RegistrationEntry, Upload
from evaluations.models import Evaluation, Party
from evaluations.queries import gate as facts
from evaluations.queries.rosters import filed_members
from evaluations.reading.examining import examine_agreement
from evaluations.rules import course, gate, raising, standing_still
from evaluations.rules import entering as rules
from evaluations.rules.states import Action, Consent, HoldKind, Level, State


class AlreadyRegistered(Conflict):
    """One agreement is registered once: a second sending of the form, or a colleague was faster."""

    def __init__(self, evaluation: Evaluation, applicant: str) -> None:
        super().__init__(
            f"与{applicant}同日签订的这份协议已登记为 {evaluation.number}（{evaluation.level.label}），没有再次登记；"
            "要用于更高级别名单的，请在该评价页提升级别。"
        )
        self.evaluation_id = evaluation.id


def register(entry: RegistrationEntry, agreement: Upload, *, by: User) -> int:
    """登记: returns the evaluation's id.

    Raises AlreadyRegistered, and together whatever is unsound or the gate refuses (DomainError, several as Refusals).
    """
    refusals = Collected()
    with refusals.attempt():
        examined = examine_agreement(agreement.content, name=agreement.name)
    with transaction() as session:
        agencies = entering.held(session, entry.agency_ids, entry.level, counted_on=entry.begun_on)
        lock = {"key_share": True}  # held: what stands against it, and what else runs of it, stays so
        applicant = session.get_one(Applicant, entry.applicant_id, with_for_update=lock, populate_existing=True)
        require_not_yet(session, entry, applicant)
        today, in_force = clock.today(), law.jurisdiction()
        with refusals.attempt():
            rules.require_sound(entry, today=today, law=in_force)
        with refusals.attempt():
            rules.require_sound_team(entry, filed_members(session, entry.agency_ids))
        with refusals.attempt():
            gate.require_open(facts.facts_of(session, entry, on=today, desk=False), in_force)
        refusals.settle()
        file = uploads.keep(session, agreement.content, examined, name=agreement.name, by=by)
        evaluation = entering.enter(session, entry, by=by, name=agencies[0].name, agreement=file)
        telling.applicant(session, evaluation, "evaluation_registered")
        telling.asked(session, evaluation)
        return evaluation.id


def raise_level(
    evaluation_id: int, level: Level, *, version: int, by: User, year: int | None = None, statement: str = ""
) -> None:
    """提升级别: through the gate again as of today; at the national level with the places of today (reading 9).

    By its agency, or by the applicant that evaluates itself: that takes no places (reading 13). An adopted one waits to
    be adopted at the new level; its adoption at the old one stays as a dated fact. `year` is that of the application,
    by default the one it had, or this one. Raises NotPossibleNow, NotHigher, WrongYear, StandsStill,
    what the gate refuses, NoPlaceLeft.
    """
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        raising.require_higher(evaluation.level, level)
        standing_still.require_raisable(is_blocked=flagging.open_hold(evaluation, HoldKind.BLOCK) is not None)
        today, in_force, before = clock.today(), law.jurisdiction(), evaluation.state
        after = course.next_state(before, Action.RAISE)
        year = year or raising.year_after_raising(evaluation.year, raised_in=today.year)
        ahead = in_force.number("application_years_ahead", on=today)
        raising.require_year(year, applied_for=evaluation.year, raised_in=today.year, ahead=ahead)
        agency_ids = [party.agency_id for party in evaluation.parties]
        agencies = entering.held(session, agency_ids, level, counted_on=today)
        judged = facts.facts_of_raising(
            session, evaluation, on=today, desk=False, level=level, year=year, statement=statement
        )
        gate.require_open(judged, in_force)
        evaluation.statement = raising.both_statements(evaluation.statement, statement, level=level, on=today)
        told = f"{evaluation.level.label}提升到{level.label}"
        entering.take_places(session, evaluation, level, counted_on=today)
        with tallies.moving(session, evaluation):
            evaluation.level, evaluation.state, evaluation.year = level, after, year
        if level is Level.NATIONAL:
            evaluation.raised_on = today
            for party in makers.joining(evaluation):  # it takes a place of theirs
                party.consent, party.consent_reason = Consent.ASKED, ""
        name = agencies[0].name if agencies else evaluation.applicant.name
        steps.note(session, evaluation, Action.RAISE, before=before, by=by, name=name, reason=told)
        telling.others(session, evaluation, "evaluation_raised")
        if level is Level.NATIONAL:
            telling.asked(session, evaluation)
        if after is State.HANDED_OVER:
            evaluation.handed_over_on = today  # presented to others than before: what bars it is judged by this day
            telling.desk(session, evaluation, "evaluation_raised")


def require_not_yet(session: Session, entry: RegistrationEntry, applicant: Applicant) -> None:
    """Raises AlreadyRegistered for an agreement of the same day with the same applicant on the same kind.

    Of the agency that registers: what a partner makes without it is not its business.
    """
    same = session.scalar(
        select(Evaluation)
        .join(Evaluation.parties)
        .where(
            Party.agency_id == entry.agency_ids[0],
            Evaluation.applicant_id == applicant.id,
            Evaluation.kind == entry.kind,
            Evaluation.begun_on == entry.begun_on,
            Evaluation.state != State.WITHDRAWN,
        )
        .order_by(Evaluation.id)
        .limit(1)
    )
    if same is not None:
        raise AlreadyRegistered(same, applicant.name)

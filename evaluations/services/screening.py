"""Screening an agreement: claimed by one process at a time, told how far it is, finished once; and what the agency says
to its marks."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock
from core.db import transaction
from core.errors import Conflict
from evaluations import screenings, telling
from evaluations.models import AgreementScreening, Evaluation
from evaluations.reading.agreements import Agreement as Read
from evaluations.rules import screening as rules
from evaluations.rules.states import MarkStanding, ScreeningState
from evaluations.rules.working import Task, require_possible
from evaluations.screening.agreements import ScreenedAgreement
from evaluations.screenings import LEASE

MOST_ATTEMPTS = 4
TIRED = "系统几次没有读完这个文件，请另存为 .docx 或带文字的 PDF 后更换协议。"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a screening, until the lease is over or somebody else holds it."""

    screening_id: int
    token: str
    digest: str  # of the file
    name: str


class ClaimLost(Exception):
    """The lease ran out and another process took it up, or it is finished."""


def claim(screening_id: int) -> Claim | None:
    """Take up what waits, or what its process left without a sign of life. None: there is nothing to take.

    One that was left again and again is given up, so that no file keeps all processes busy for ever.
    """
    with transaction() as session:
        now, token = clock.now(), secrets.token_hex(16)
        screening = AgreementScreening
        taken = session.execute(
            update(screening)
            .where(screening.id == screening_id, screenings.is_free(now))
            .values(
                state=ScreeningState.RUNNING,
                token=token,
                lease=now + LEASE,
                attempts=screening.attempts + 1,
                pages_done=0,
                started_at=now,
            )
            .execution_options(synchronize_session=False)
            .returning(screening.id)
        ).first()
        if taken is None:
            return None
        row = session.get_one(AgreementScreening, screening_id, populate_existing=True)
        file = row.agreement.file
        if file is None or row.attempts > MOST_ATTEMPTS:
            screenings.give_up(session, row, TIRED)
            return None
        return Claim(screening_id, token, file.digest, file.name)


def note_progress(held: Claim, done: int, of: int) -> None:
    """So many pages are read, 0 of 0 where it waits for its turn; the lease begins anew. Raises ClaimLost."""
    with transaction() as session:
        kept = session.execute(
            update(AgreementScreening)
            .where(AgreementScreening.id == held.screening_id, AgreementScreening.token == held.token)
            .values(pages_done=done, pages=of or AgreementScreening.pages, lease=clock.now() + LEASE)
            .execution_options(synchronize_session=False)
            .returning(AgreementScreening.id)
        ).first()
        if kept is None:
            raise ClaimLost


def finish(held: Claim, read: Read, screened: ScreenedAgreement) -> None:
    """What was read and found is kept, once. Raises ClaimLost."""
    with transaction() as session:
        screenings.finish(session, _held(session, held), read, screened)


def give_up(held: Claim, refusal: str) -> None:
    """It can't be read, for this reason. Raises ClaimLost."""
    with transaction() as session:
        screenings.give_up(session, _held(session, held), refusal)


def _held(session: Session, held: Claim) -> AgreementScreening:
    """The screening, locked after its evaluation: whoever replaces the agreement meanwhile waits, or went before."""
    evaluation_id = session.scalar(
        select(AgreementScreening.evaluation_id).where(AgreementScreening.id == held.screening_id)
    )
    _locked(session, evaluation_id)
    found = session.scalar(
        select(AgreementScreening)
        .where(AgreementScreening.id == held.screening_id, AgreementScreening.token == held.token)
        .with_for_update(of=AgreementScreening, key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ClaimLost
    return found


def _locked(session: Session, evaluation_id: int | None) -> Evaluation:
    lock = {"of": Evaluation, "key_share": True}
    return session.get_one(Evaluation, evaluation_id, with_for_update=lock, populate_existing=True)


def dispute(screening_id: int, said: Mapping[int, str], *, version: int, by: User) -> None:
    """说明: what the agency says to marks (by their positions). What is decided on stays as it is decided.

    As long as nobody has decided, a later word takes the place of the earlier one, which the log keeps. Raises
    NotPossibleNow, NothingSaid, MarkDecided, Conflict.
    """
    with transaction() as session:
        known = session.get_one(AgreementScreening, screening_id)
        evaluation = _locked(session, known.evaluation_id)
        screening = session.get_one(
            AgreementScreening,
            screening_id,
            with_for_update={"of": AgreementScreening, "key_share": True},
            populate_existing=True,
        )
        if screening.version != version:
            raise Conflict("标记的状态已经变化，请核对后再提交说明。")
        require_possible(evaluation.state, Task.DISPUTE_MARKS)
        marks = {mark.position: mark for mark in screening.marks}
        rules.require_disputable({position: marks[position].standing for position in said if position in marks}, said)
        screening.version += 1
        for position, words in sorted(said.items()):
            mark = marks[position]
            before = mark.standing
            mark.dispute, mark.disputed_at, mark.disputed_by = words.strip(), clock.now(), by.id
            mark.standing = MarkStanding.DISPUTED
            audit.record(
                session,
                "agreement_mark.disputed",
                screenings.mark_ref(mark, evaluation),
                by=by,
                before=before,
                after=mark.standing,
                reason=mark.dispute,
            )
        telling.desk(session, evaluation, "evaluation_marks_disputed")

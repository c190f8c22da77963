"""Whether a complaint is accepted: yes, as a clue, or no, with a ground and reasons."""

from sqlalchemy.orm import Session

from accounts.models import User
from complaints import hands, opening, steps
from complaints.models import Complaint, Refusal, ReplyWay, State
from complaints.queries import reporters
from complaints.queries.shown import asked_for_evidence
from complaints.rules import clocks, course, handling
from complaints.rules.course import Action
from complaints.telling import tell_reporter
from core import clock
from core.db import transaction


def accept(complaint_id: int, facts: str, *, version: int, by: User) -> int:
    """受理: a case in the officer's own words, which only they see; its id. The reporter is told.

    Raises NotPossibleNow, NotConfirmed, GivesAway.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.ACCEPT)  # first of all: what was done already is not judged anew
        if complaint.state is State.CLUE:
            raise course.NotPossibleNow("这件举报已经作为线索立案，请用“转为受理”，案件继续办理。")
        handling.require_confirmed(reporters.is_confirmed(session, complaint))
        _note_decision(session, complaint)
        case = opening.open_case(session, complaint, facts, by=by)
        complaint.accepted_at = clock.now()
        steps.take(session, complaint, Action.ACCEPT, by=by)
        tell_reporter(session, complaint)
        return case.id


def keep_as_clue(complaint_id: int, facts: str, *, version: int, by: User) -> int:
    """作为线索办理: nobody could make sure who reported; it is worked on, and owed no reply. The id of its case.

    Raises NotPossibleNow, IsConfirmed, GivesAway.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.KEEP)
        handling.require_unconfirmed(reporters.is_confirmed(session, complaint))
        _note_decision(session, complaint)
        hands.separate(session, complaint, by=by)
        case = opening.open_case(session, complaint, facts, by=by)
        steps.take(session, complaint, Action.KEEP, by=by)
        tell_reporter(session, complaint)
        return case.id


def accept_clue(complaint_id: int, *, version: int, by: User) -> None:
    """线索转为受理: who reported was reached after all; the case goes on. Raises NotPossibleNow, NotConfirmed."""
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        if complaint.state is not State.CLUE:
            raise course.NotPossibleNow("这件举报不是线索，请刷新后再看。")
        handling.require_confirmed(reporters.is_confirmed(session, complaint))
        complaint.accepted_at = clock.now()
        steps.take(session, complaint, Action.ACCEPT, by=by)
        tell_reporter(session, complaint)


def refuse(complaint_id: int, ground: Refusal, *, reasons: str, way: ReplyWay | None, version: int, by: User) -> None:
    """不予受理: a ground and reasons, which the reporter reads; `way`: how they are told who have no mailbox.

    Raises NotPossibleNow, NotAskedYet, NoWay.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.REFUSE)
        asked = asked_for_evidence(complaint)
        handling.require_refusable(ground, asked=asked, has_files=bool(complaint.files), now=clock.now())
        has_mail = reporters.contact_of(session, complaint.id).mail_confirmed
        complaint.reply_way = handling.way_of_telling(has_mail=has_mail, chosen=way)
        _note_decision(session, complaint)
        complaint.refusal = ground
        hands.separate(session, complaint, by=by)
        steps.take(session, complaint, Action.REFUSE, by=by, text=f"{ground.label}。{reasons}")
        tell_reporter(session, complaint)


def _note_decision(session: Session, complaint: Complaint) -> None:
    """Whether what is decided now is decided within the term."""
    running = steps.clock_now(session, complaint)
    complaint.in_time = running is not None and clocks.was_in_time(running, clock.now())

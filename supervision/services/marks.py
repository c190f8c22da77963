"""第二十二条第一款: what officers do with the marks of an agreement. None of it is a sanction (reading 14)."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from core import audit, clock
from core.db import transaction
from evaluations import flagging, telling
from evaluations.rules.states import HoldKind, MarkStanding
from supervision import casework, marking, rules
from supervision.entries import MarkEntry


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What followed from it."""

    case_id: int
    case_number: str
    is_new_case: bool
    is_blocked: bool  # by this or before


def confirm(screening_id: int, mark_id: int, *, version: int, reason: str, by: User) -> Confirmed:
    """认定: the mark is decided, the evaluation blocked, a case opened or noted in, the agencies told: all or nothing.

    What is adopted or declined stays so, and what was withdrawn is blocked should it be restored. Raises MarkDecided.
    """
    with transaction() as session:
        screening, evaluation = marking.begin(session, screening_id, shown=version)
        (mark,) = marking.chosen(screening, (mark_id,))
        known = casework.held_on_agreement(session, evaluation)
        marking.decide(session, evaluation, mark, MarkStanding.CONFIRMED, reason=reason, by=by)
        told = f"协议经核实含有{mark.label.words}：{reason}"
        if flagging.block_once(session, evaluation, reason=told, by=by) is not None:
            evaluation.version += 1
        case, is_new = casework.note_agreement(
            session, evaluation, mark, known, number=screening.agreement.number, by=by
        )
        telling.parties(session, evaluation, "evaluation_mark_confirmed")
        return Confirmed(case.id, case.number, is_new, flagging.open_hold(evaluation, HoldKind.BLOCK) is not None)


def dismiss(screening_id: int, mark_ids: Sequence[int], *, version: int, reason: str, by: User) -> int:
    """不成立: one mark or several for one reason. Returns how many of its agreement are still undecided.

    Raises NothingChosen, MarkDecided.
    """
    with transaction() as session:
        screening, evaluation = marking.begin(session, screening_id, shown=version)
        for mark in marking.chosen(screening, mark_ids):
            marking.decide(session, evaluation, mark, MarkStanding.DISMISSED, reason=reason, by=by)
        telling.parties(session, evaluation, "evaluation_marks_dismissed")
        return len(screening.undecided)


def add(screening_id: int, entry: MarkEntry, *, version: int, by: User) -> int:
    """补充标记 where the screening missed something. Returns its position. Raises MarkDecided, DomainError."""
    with transaction() as session:
        screening, evaluation = marking.begin(session, screening_id, shown=version)
        mark = marking.add(session, screening, entry, by=by)
        about = f"第 {screening.agreement.number} 份协议：{mark.label.words}"
        audit.record(session, "agreement_mark.added", evaluation, by=by, after=about, reason=entry.reason)
        telling.parties(session, evaluation, "evaluation_marked")
        return mark.position


def settle(screening_id: int, *, version: int, reason: str, by: User) -> None:
    """人工阅看: an officer has read what no program could, and says so. Raises MarkDecided, NothingToRead."""
    with transaction() as session:
        screening, evaluation = marking.begin(session, screening_id, shown=version)
        rules.require_to_read(by_eye=screening.by_eye)
        screening.by_eye = False
        screening.settled_at, screening.settled_by, screening.settled_reason = clock.now(), by.id, reason
        about = f"第 {screening.agreement.number} 份协议"
        audit.record(session, "evaluation.agreement_read", evaluation, by=by, after=about, reason=reason)
        telling.parties(session, evaluation, "evaluation_agreement_read")

"""Screenings of agreements inside a running transaction: asked for with the agreement, finished by whoever ran them."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import afterwards
from core.refs import Ref
from evaluations import agreed, telling
from evaluations.models import Agreement, AgreementMark, AgreementScreening, Evaluation
from evaluations.reading.agreements import Agreement as Read
from evaluations.reading.agreements import Clause
from evaluations.rules.states import MarkStanding, ScreeningState
from evaluations.screening.agreements import Found, ScreenedAgreement
from evaluations.screening.labels import Mark
from evaluations.screening.vocabulary import FOLDER

LEASE = timedelta(minutes=5)  # renewed with every page that is read
LONGEST_NUMBER = 40
LONGEST_LIST = 590  # characters of the list of unread pages


def ask(session: Session, evaluation: Evaluation, agreement: Agreement) -> AgreementScreening | None:
    """Have an agreement screened as soon as the transaction is committed; None for one without a file.

    An earlier version that could not be read is thereby done with: this one takes its place. Its marks stay.
    """
    session.flush()
    session.execute(
        update(AgreementScreening).where(AgreementScreening.evaluation_id == evaluation.id).values(by_eye=False)
    )
    if agreement.file_id is None:
        return None
    screening = AgreementScreening(evaluation_id=evaluation.id, agreement=agreement, asked_at=clock.now())
    session.add(screening)
    session.flush()
    screening_id, screener = screening.id, current_app.extensions["screener"]  # evaluations.screener.Screener
    afterwards(session, lambda: screener.take_up(screening_id))
    return screening


def is_free(now: datetime) -> ColumnElement[bool]:
    """Whether a screening can be taken up: it waits, or its process has left it. A lease that reaches farther than
    leases do is of a clock that was set back."""
    row = AgreementScreening
    left = and_(row.state == ScreeningState.RUNNING, or_(row.lease < now, row.lease > now + 2 * LEASE))
    return or_(row.state == ScreeningState.WAITING, left)


def finish(session: Session, screening: AgreementScreening, read: Read, screened: ScreenedAgreement) -> None:
    """What was read and found. The agencies are told where there is a mark, and the desk, which decides on it."""
    screening.content = agreed.kept(read)
    screening.pages = screening.pages_done = len(read.pages) if read.paged else 1
    screening.unread = unread_in(read)
    screening.judged_with = judged_with()
    screening.marks.extend(list(_marks(screening, screened)))
    _end(session, screening, ScreeningState.DONE, to_read=bool(read.unread))
    told = f"标出 {len(screening.marks)} 处" if screening.marks else "未标出条款"
    _tell(session, screening, "evaluation.agreement_screened", told, "evaluation_marked" if screening.marks else "")


def give_up(session: Session, screening: AgreementScreening, refusal: str) -> None:
    """It can't be read: the agency replaces it by a readable one, or an officer reads it by eye."""
    screening.refusal = refusal
    _end(session, screening, ScreeningState.UNREADABLE, to_read=True)
    _tell(session, screening, "evaluation.agreement_unread", "无法读取", "")


def _end(session: Session, screening: AgreementScreening, state: ScreeningState, *, to_read: bool) -> None:
    screening.state, screening.finished_at = state, clock.now()
    screening.token = screening.lease = None
    newest = session.scalar(
        select(func.max(Agreement.number)).where(Agreement.evaluation_id == screening.evaluation_id)
    )
    screening.by_eye = to_read and screening.agreement.number == newest
    session.flush()


def _tell(session: Session, screening: AgreementScreening, action: str, told: str, event: str) -> None:
    evaluation = session.get_one(Evaluation, screening.evaluation_id)
    numbered = f"第 {screening.agreement.number} 份协议：{told}"
    audit.record(session, action, evaluation, by=None, after=numbered)
    if event:
        telling.parties(session, evaluation, event)
        telling.desk(session, evaluation, event)
    if screening.by_eye:
        telling.parties(session, evaluation, "evaluation_agreement_unread")
        telling.desk(session, evaluation, "evaluation_agreement_unread")


def _marks(screening: AgreementScreening, screened: ScreenedAgreement) -> Iterator[AgreementMark]:
    before = max((mark.position for mark in screening.marks), default=0)  # what an officer added while it was read
    for position, found in enumerate(screened.found, start=before + 1):
        yield mark_of(found, screening, position)


def mark_of(found: Found, screening: AgreementScreening, position: int) -> AgreementMark:
    clause, mark = found.clause, found.mark
    trigger = _in_clause(clause, mark)
    places = {each for word in mark.triggers if (each := _place_of(word, clause.text))}
    return AgreementMark(
        evaluation_id=screening.evaluation_id,
        position=position,
        label=mark.label,
        clause=clause.text,
        number=clause.number[:LONGEST_NUMBER],
        page=clause.page,
        start=clause.start,
        end=clause.end,
        trigger=mark.trigger,
        trigger_start=trigger[0] if trigger else None,
        trigger_end=trigger[1] if trigger else None,
        words=sorted(list(each) for each in (places | ({trigger} if trigger else set()))),
        effect=mark.effect,
        article=mark.article,
        confidence=mark.confidence,
        reason=mark.reason,
        standing=MarkStanding.OPEN,
    )


def _in_clause(clause: Clause, mark: Mark) -> tuple[int, int] | None:
    """Where the trigger stands in the clause. An item of a list is judged also together with what opens the list: then
    the place counts from there, and a trigger in the opening stands nowhere in the item."""
    for before in (0, len(clause.lead)):
        start, end = mark.start - before, mark.end - before
        if start >= 0 and end <= len(clause.text) and clause.text[start:end] == mark.trigger:
            return start, end
    return None


def _place_of(word: str, text: str) -> tuple[int, int] | None:
    at = text.find(word)
    return None if not word or at < 0 else (at, at + len(word))


def unread_in(read: Read) -> str:
    """What nobody read, as a reader is told it: 第 3、7 页; empty where all was read."""
    if not read.unread:
        return ""
    return f"第 {listed(read.unread)} 页" if read.paged else "文中的图片"


def listed(pages: tuple[int, ...]) -> str:
    """Pages as a reader is told them: 3、7."""
    told = "、".join(map(str, pages))
    return told if len(told) <= LONGEST_LIST else f"{told[: LONGEST_LIST - 1].rpartition('、')[0]}…"


@cache
def judged_with() -> str:
    """A digest of the weights and the vocabulary: two screenings with the same one judge alike."""
    digest = hashlib.sha256()
    for file in sorted(FOLDER.glob("*.t*")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def mark_ref(mark: AgreementMark, evaluation: Evaluation) -> Ref:
    """How the log names a mark."""
    return Ref("evaluation", evaluation.id, f"评价 {evaluation.number} 协议标记 {mark.position}")

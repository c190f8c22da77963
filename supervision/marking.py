"""Marks of an agreement inside a running transaction: held as they were shown, decided on, added by hand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock
from core.errors import DomainError
from core.refs import Ref
from evaluations.models import AgreementMark, AgreementScreening, Evaluation
from evaluations.queries import screening as queries
from evaluations.rules.states import MarkOrigin, MarkStanding
from evaluations.screening.labels import ARTICLE
from supervision import rules
from supervision.entries import MarkEntry

LONGEST_NUMBER = 40


def begin(session: Session, screening_id: int, *, shown: int) -> tuple[AgreementScreening, Evaluation]:
    """The screening as the reader saw it, locked after its evaluation; its version is raised. Raises MarkDecided."""
    known = session.get_one(AgreementScreening, screening_id)
    lock = {"of": Evaluation, "key_share": True}
    evaluation = session.get_one(Evaluation, known.evaluation_id, with_for_update=lock, populate_existing=True)
    lock = {"of": AgreementScreening, "key_share": True}
    screening = session.get_one(AgreementScreening, screening_id, with_for_update=lock, populate_existing=True)
    for mark in screening.marks:
        session.refresh(mark)
    rules.require_same_screening(shown=shown, now=screening.version)
    screening.version += 1
    return screening, evaluation


def chosen(screening: AgreementScreening, mark_ids: Sequence[int]) -> list[AgreementMark]:
    """The marks that are named, all of them undecided. Raises NothingChosen, MarkDecided."""
    rules.require_undecided({mark.id: mark.standing for mark in screening.marks}, mark_ids)
    return [mark for mark in screening.marks if mark.id in set(mark_ids)]


def decide(
    session: Session, evaluation: Evaluation, mark: AgreementMark, standing: MarkStanding, *, reason: str, by: User
) -> None:
    """Write down an officer's decision: once, and it stays."""
    before = mark.standing
    mark.decided_at, mark.decided_by, mark.decider, mark.decision = clock.now(), by.id, by.display_name, reason
    mark.standing = standing
    audit.record(
        session,
        f"agreement_mark.{standing}",
        _ref(mark, evaluation),
        by=by,
        before=before,
        after=standing,
        reason=reason,
    )


def add(session: Session, screening: AgreementScreening, entry: MarkEntry, *, by: User) -> AgreementMark:
    """补充标记: an officer's own, undecided like those of the screening, so that the agency can say something to it.

    Raises DomainError at `clause` or `quote`.
    """
    placed = _placed(queries.content_of(session, screening), entry)
    mark = AgreementMark(
        evaluation_id=screening.evaluation_id,
        position=max((each.position for each in screening.marks), default=0) + 1,
        label=entry.label,
        trigger=entry.quote or placed["clause"],
        article=ARTICLE,
        confidence=None,
        reason=entry.reason,
        origin=MarkOrigin.OFFICER,
        standing=MarkStanding.OPEN,
        **placed,
    )
    screening.marks.append(mark)
    session.flush()
    return mark


def _placed(content: Any, entry: MarkEntry) -> dict[str, Any]:
    """Where the mark stands: in a clause that was read, or nowhere but in the officer's quotation."""
    if entry.clause is None:
        if not entry.quote:
            raise DomainError("请选择条款；系统没有读到的，照原文抄录。", field="quote")
        return {"clause": entry.quote, "words": []}
    clauses = content["clauses"] if content else []
    if entry.clause >= len(clauses):
        raise DomainError("没有这一条，请重新选择。", field="clause")
    number, _, text, page, start, end = clauses[entry.clause]
    at = text.find(entry.quote) if entry.quote else 0
    if at < 0:
        raise DomainError("所选条款里没有这些字，请照条款原文抄录，或者留空。", field="quote")
    words = [[at, at + len(entry.quote)]] if entry.quote else [[0, len(text)]]
    return {
        "clause": text,
        "number": number[:LONGEST_NUMBER],
        "page": page,
        "start": start,
        "end": end,
        "words": words,
        **({"trigger_start": at, "trigger_end": at + len(entry.quote)} if entry.quote else {}),
    }


def _ref(mark: AgreementMark, evaluation: Evaluation) -> Ref:
    """How the log names a mark: it leads to the evaluation."""
    return Ref("evaluation", evaluation.id, f"评价 {evaluation.number} 协议标记 {mark.position}")

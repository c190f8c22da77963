"""Screened agreements as the desk sees them: what waits, lists by label and standing, marks for the spreadsheet."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, union
from sqlalchemy.orm import Session, joinedload, selectinload

from agency.models import Agency
from applicants.models import Applicant
from core.exports import Cell, Column
from core.labels import Labelled
from core.paging import Page, bounded_count, page_of
from core.places import bureaus
from evaluations.models import Agreement, AgreementMark, AgreementScreening, Evaluation, Party
from evaluations.models.screening import CONFIRMED, STILL_UNDECIDED, UNFINISHED
from evaluations.queries import listing
from evaluations.rules.states import MarkStanding
from evaluations.screening.labels import Label

SHOWN = 20  # of what waits, above the list
PIECE = 500
UNDECIDED_ONES = select(AgreementMark.screening_id).where(STILL_UNDECIDED)
CONFIRMED_ONES = select(AgreementMark.screening_id).where(CONFIRMED)
MARKED = exists().where(AgreementMark.screening_id == AgreementScreening.id)
BY_EYE_ONES = select(AgreementScreening.id).where(AgreementScreening.by_eye)
# one list of ids, each part of it by an index of just the few: joined by OR, a database would walk all there ever were
WAITS = AgreementScreening.id.in_(union(UNDECIDED_ONES, BY_EYE_ONES))
RUNS = AgreementScreening.id.in_(select(AgreementScreening.id).where(UNFINISHED))

EXPORTED = (
    Column("评价编号", 18), Column("培育对象", 36), Column("第三方机构", 40), Column("所属工信局", 14),
    Column("申报年度", 10), Column("协议", 10), Column("条款", 12), Column("页", 6), Column("条款原文", 80),
    Column("类型", 20), Column("触发词语", 24), Column("效果", 40), Column("依据", 16), Column("把握", 8),
    Column("来源", 10), Column("状态", 16), Column("标出的理由", 60), Column("机构的说明", 40), Column("核定理由", 40),
    Column("核定人", 12), Column("核定时间", 18),
)  # fmt: skip


class AgreementStanding(Labelled):
    """How an agreement stands with its marks."""

    WAITING = "waiting", "待核"
    CONFIRMED = "confirmed", "有认定的条款"
    DISMISSED = "dismissed", "标记均不成立"
    UNMARKED = "unmarked", "未标出条款"
    BY_EYE = "by_eye", "待人工阅看"
    RUNNING = "running", "核查中"


@dataclass(frozen=True, slots=True)
class WantedAgreements:
    """What is asked for; "" and None: everything. `bureau`: whose evaluations."""

    word: str = ""
    label: Label | None = None
    standing: AgreementStanding | None = None
    year: int | None = None
    bureau: str = ""


@dataclass(frozen=True, slots=True)
class Agreements:
    """A page of those that are asked for; `found` is None where there are too many to count."""

    page: Page[AgreementScreening]
    found: int | None
    waiting: Sequence[AgreementScreening]  # above the first page of the whole list
    waiting_count: int


def agreements(session: Session, wanted: WantedAgreements, *, cursor: str | None) -> Agreements:
    """The newest first; what waits for a decision stands above all, the oldest first."""
    rows = _asked_for(session, wanted)
    pending = rows.where(WAITS)
    waiting: list[AgreementScreening] = []
    count = 0
    if wanted.standing is None:
        rows = rows.where(~WAITS)
    page = page_of(session, rows.options(*shown()), keys=(AgreementScreening.id,), cursor=cursor, descending=True)
    if wanted.standing is None and page.previous is None:
        count = bounded_count(session, pending) or 0
        waiting = list(session.scalars(pending.options(*shown()).order_by(AgreementScreening.id).limit(SHOWN)))
    return Agreements(page, bounded_count(session, rows), waiting, count)


def shown() -> tuple[Any, ...]:
    """What a row of a list needs: of marks what became of them, never their sealed words."""
    evaluation = joinedload(AgreementScreening.evaluation).load_only(
        Evaluation.number, Evaluation.level, Evaluation.kind, Evaluation.year, Evaluation.bureau, Evaluation.state
    )
    return (
        evaluation.joinedload(Evaluation.applicant).load_only(Applicant.name),
        evaluation.selectinload(Evaluation.parties).joinedload(Party.agency).load_only(Agency.name),
        joinedload(AgreementScreening.agreement).load_only(Agreement.number),
        selectinload(AgreementScreening.marks).load_only(AgreementMark.label, AgreementMark.standing),
    )


def waiting_of(session: Session, scope: ColumnElement[bool], *, most: int) -> Sequence[AgreementScreening]:
    """What an officer has to decide on, the oldest first. `scope`: which evaluations are this officer's."""
    rows = select(AgreementScreening).join(AgreementScreening.evaluation).where(WAITS, scope)
    return session.scalars(rows.options(*shown()).order_by(AgreementScreening.id).limit(most)).all()


def count_waiting(scope: ColumnElement[bool]) -> Select[Any]:
    return select(func.count(AgreementScreening.id)).join(AgreementScreening.evaluation).where(WAITS, scope)


def _asked_for(session: Session, wanted: WantedAgreements) -> Select[Any]:
    rows = select(AgreementScreening)
    if wanted.word or wanted.year or wanted.bureau:
        asked = listing.Wanted(word=wanted.word, year=wanted.year, bureau=wanted.bureau)
        found, _ = listing.asked_for(session, asked)
        rows = rows.where(AgreementScreening.evaluation_id.in_(found.with_only_columns(Evaluation.id)))
    if wanted.label is not None:
        labelled = select(AgreementMark.screening_id).where(AgreementMark.label == wanted.label)
        rows = rows.where(AgreementScreening.id.in_(labelled))
    return rows if wanted.standing is None else rows.where(_standing(wanted.standing))


def _standing(standing: AgreementStanding) -> ColumnElement[bool]:
    is_done = AgreementScreening.finished_at.is_not(None)
    return {
        AgreementStanding.WAITING: WAITS,
        AgreementStanding.CONFIRMED: AgreementScreening.id.in_(CONFIRMED_ONES),
        AgreementStanding.DISMISSED: and_(
            MARKED, AgreementScreening.id.not_in(UNDECIDED_ONES), AgreementScreening.id.not_in(CONFIRMED_ONES)
        ),
        AgreementStanding.UNMARKED: and_(is_done, ~MARKED, AgreementScreening.by_eye.is_(False)),
        AgreementStanding.BY_EYE: AgreementScreening.id.in_(BY_EYE_ONES),
        AgreementStanding.RUNNING: RUNS,
    }[standing]


def exported(session: Session, wanted: WantedAgreements) -> Iterator[tuple[Cell, ...]]:
    """Every mark of the agreements that are asked for, a row each, read piece by piece."""
    asked = _asked_for(session, wanted).with_only_columns(AgreementScreening.id)
    rows = (
        select(AgreementMark, Agreement.number, Evaluation.number, Evaluation.year, Evaluation.bureau, Applicant.name)
        .join(AgreementScreening, AgreementScreening.id == AgreementMark.screening_id)
        .join(Agreement, Agreement.id == AgreementScreening.agreement_id)
        .join(Evaluation, Evaluation.id == AgreementMark.evaluation_id)
        .join(Applicant, Applicant.id == Evaluation.applicant_id)
        .where(AgreementMark.screening_id.in_(asked))
        .order_by(AgreementMark.screening_id.desc(), AgreementMark.position)
        .execution_options(yield_per=PIECE)
    )
    if wanted.label is not None:
        rows = rows.where(AgreementMark.label == wanted.label)
    for piece in session.execute(rows).partitions(PIECE):
        makers = _makers(session, {mark.evaluation_id for mark, *_ in piece})
        for mark, version, number, year, bureau, applicant in piece:
            place = bureaus().get(bureau)
            yield (
                number, applicant, makers.get(mark.evaluation_id, ""), place.place if place else "", year,
                f"第 {version} 份", *line_of(mark), mark.origin.label, mark.standing.label, mark.reason, mark.dispute,
                mark.decision, mark.decider, mark.decided_at,
            )  # fmt: skip


def line_of(mark: Any) -> tuple[Cell, ...]:
    """The mark itself: where it stands, its words, what it is."""
    return (
        mark.number, mark.page, mark.clause, mark.label.words, mark.trigger, mark.effect, "第二十二条第一款",
        mark.confidence,
    )  # fmt: skip


def _makers(session: Session, evaluation_ids: Collection[int]) -> Mapping[int, str]:
    rows = (
        select(Party.evaluation_id, Agency.name)
        .join(Agency, Agency.id == Party.agency_id)
        .where(Party.evaluation_id.in_(evaluation_ids))
        .order_by(Party.id)
    )
    found: dict[int, list[str]] = {}
    for evaluation_id, name in session.execute(rows):
        found.setdefault(evaluation_id, []).append(name)
    return {evaluation_id: "、".join(names) for evaluation_id, names in found.items()}


def confirmed_of(session: Session, evaluation_id: int) -> Sequence[AgreementMark]:
    """The confirmed marks of an evaluation, each with its agreement, in the order of the decisions."""
    rows = (
        select(AgreementMark)
        .where(AgreementMark.evaluation_id == evaluation_id, AgreementMark.standing == MarkStanding.CONFIRMED)
        .order_by(AgreementMark.decided_at, AgreementMark.id)
        .options(joinedload(AgreementMark.screening).joinedload(AgreementScreening.agreement))
    )
    return session.scalars(rows).all()

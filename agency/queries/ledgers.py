"""Reading the old ledgers: what was brought, what waits for a decision, what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session, selectinload

from accounts.models import User
from agency.ledgers.spellings import Likeness
from agency.models import Agency, LedgerImport, Proposal, ProposalState, Spelling
from core.db import db

IN_OPEN_PROPOSAL: ColumnElement[bool] = Spelling.proposals.any(Proposal.state == ProposalState.OPEN)
UNDECIDED_CELL: ColumnElement[bool] = and_(
    Spelling.joint_cell, Spelling.agency_id.is_(None), ~Spelling.parts.any(), ~IN_OPEN_PROPOSAL
)
REST: ColumnElement[bool] = and_(Spelling.agency_id.is_(None), ~Spelling.joint_cell, ~IN_OPEN_PROPOSAL)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a ledger is decided, in spellings; `open`: proposals by likeness."""

    spellings: int
    settled: int
    rest: int  # in no proposal: entries of their own can be made of them at once
    cells: int  # that may name several bodies
    open: dict[Likeness, int]
    decided: int  # proposals

    @property
    def waiting(self) -> int:
        """In open proposals."""
        return self.spellings - self.settled - self.rest - self.cells

    @property
    def proposals(self) -> int:
        return sum(self.open.values()) + self.decided


@dataclass(frozen=True, slots=True)
class Listed:
    ledger: LedgerImport
    by: str
    progress: Progress


def ledgers(session: Session) -> list[Listed]:
    """All ledgers, newest first."""
    rows = session.scalars(select(LedgerImport).order_by(LedgerImport.id.desc())).all()
    return [listed(session, row) for row in rows]


def listed(session: Session, ledger: LedgerImport) -> Listed:
    by = session.get(User, ledger.brought_by) if ledger.brought_by else None
    return Listed(ledger, by.display_name if by else "命令行", progress(session, ledger.id))


def progress(session: Session, ledger_id: int | None = None) -> Progress:
    """How far a ledger is decided, or all of them together."""
    own = true() if ledger_id is None else Spelling.ledger_id == ledger_id

    def count(*which: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(Spelling).where(own, *which)) or 0

    states = session.execute(
        select(Proposal.state, Proposal.likeness, func.count())
        .where(true() if ledger_id is None else Proposal.ledger_id == ledger_id)
        .group_by(Proposal.state, Proposal.likeness)
    ).all()
    return Progress(
        spellings=count(),
        settled=count(Spelling.agency_id.is_not(None) | Spelling.parts.any()),
        rest=count(REST),
        cells=count(UNDECIDED_CELL),
        open={
            kind: sum(n for state, like, n in states if (state, like) == (ProposalState.OPEN, kind))
            for kind in Likeness
        },
        decided=sum(n for state, _, n in states if state is not ProposalState.OPEN),
    )


def proposals_about(session: Session, texts: Collection[str]) -> int:
    """How many proposals there are, of any state, in which one of these spellings takes part."""
    rows = session.execute(select(Proposal.id, Spelling.text).join(Proposal.spellings))
    return len({proposal_id for proposal_id, text in rows if text in texts})


def ledger_seen_by(user: User, ledger_id: int) -> LedgerImport | None:
    return cast(Session, db.session()).get(LedgerImport, ledger_id)


def proposal_seen_by(user: User, proposal_id: int) -> Proposal | None:
    return cast(Session, db.session()).scalar(_with_spellings(select(Proposal).where(Proposal.id == proposal_id)))


def cell_seen_by(user: User, spelling_id: int) -> Spelling | None:
    """A cell that may name several bodies."""
    return cast(Session, db.session()).scalar(select(Spelling).where(Spelling.id == spelling_id, Spelling.joint_cell))


def joined_spelling_seen_by(user: User, spelling_id: int) -> Spelling | None:
    """A spelling that has its body."""
    return cast(Session, db.session()).scalar(
        select(Spelling).where(Spelling.id == spelling_id, Spelling.agency_id.is_not(None))
    )


def agency_seen_by(user: User, agency_id: int) -> Agency | None:
    return cast(Session, db.session()).scalar(
        select(Agency)
        .where(Agency.id == agency_id)
        .options(selectinload(Agency.spellings).selectinload(Spelling.ledger))
    )


def _with_spellings(rows: Select[Proposal]) -> Select[Proposal]:
    return rows.options(selectinload(Proposal.spellings).selectinload(Spelling.agency), selectinload(Proposal.agency))


def open_proposals(session: Session, ledger_id: int | None, likeness: Likeness | None = None) -> Sequence[Proposal]:
    """The proposals of a ledger, or of all, that wait for a decision, strongest first."""
    rows = select(Proposal).where(Proposal.state == ProposalState.OPEN)
    if ledger_id is not None:
        rows = rows.where(Proposal.ledger_id == ledger_id)
    if likeness is not None:
        rows = rows.where(Proposal.likeness == likeness)
    return session.scalars(_with_spellings(rows.order_by(Proposal.id))).all()


def decided_proposals(session: Session, ledger_id: int) -> Sequence[Proposal]:
    """Newest decision first."""
    rows = select(Proposal).where(Proposal.ledger_id == ledger_id, Proposal.state != ProposalState.OPEN)
    return session.scalars(_with_spellings(rows.order_by(Proposal.decided_at.desc(), Proposal.id.desc()))).all()


def cells(session: Session, ledger_id: int) -> Sequence[Spelling]:
    """The cells of a ledger that may name several bodies, decided or not."""
    rows = select(Spelling).where(Spelling.ledger_id == ledger_id, Spelling.joint_cell).order_by(Spelling.row)
    return session.scalars(
        rows.options(selectinload(Spelling.agency), selectinload(Spelling.parts).selectinload(Spelling.agency))
    ).all()


def spellings(ledger_id: int) -> Select[Spelling]:
    """All that a ledger brought, to be paged by row."""
    return (
        select(Spelling)
        .where(Spelling.ledger_id == ledger_id)
        .options(selectinload(Spelling.agency), selectinload(Spelling.parts))
    )

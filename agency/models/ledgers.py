"""The department's old ledgers: what was brought, how bodies are spelled in it, what was proposed and decided."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.ledgers.spellings import Likeness
from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref

if TYPE_CHECKING:
    from agency.models.agencies import Agency

LONGEST_NAME = 120


class LedgerImport(Model):
    """A ledger that brought something new; one that brings nothing new leaves no row."""

    __tablename__ = "ledger_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    brought_at: Mapped[datetime]
    brought_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: by command
    rows: Mapped[int]  # data rows with a name
    known_before: Mapped[int]  # of its spellings, those that an earlier ledger brought
    remarks: Mapped[str] = mapped_column(Text)  # what was not taken over as it stands, a line each

    @property
    def ref(self) -> Ref:
        return Ref("ledger_import", self.id, self.file_name)


parts = Table(
    "agency_spelling_part",
    Model.metadata,
    Column("spelling_id", ForeignKey("agency_spelling.id"), primary_key=True),
    Column("part_id", ForeignKey("agency_spelling.id"), primary_key=True, index=True),
)

members = Table(
    "ledger_proposal_spelling",
    Model.metadata,
    Column("proposal_id", ForeignKey("ledger_proposal.id"), primary_key=True),
    Column("spelling_id", ForeignKey("agency_spelling.id"), primary_key=True, index=True),
)


class Spelling(Model):
    """A body's name exactly as it was published, and the body it was found to mean."""

    __tablename__ = "agency_spelling"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(LONGEST_NAME), unique=True)
    code: Mapped[str | None] = mapped_column(String(18))
    ledger_id: Mapped[int] = mapped_column(ForeignKey("ledger_import.id"), index=True)
    row: Mapped[int]  # in the ledger that brought it first
    joint_cell: Mapped[bool] = mapped_column(default=False)  # may name several bodies: an officer says
    holds: Mapped[str] = mapped_column(Text, default="")  # other spellings found inside a joint cell, a line each
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)  # None: undecided, or divided
    ledger: Mapped[LedgerImport] = relationship()
    agency: Mapped["Agency | None"] = relationship(back_populates="spellings")
    parts: Mapped[list["Spelling"]] = relationship(
        secondary=parts, primaryjoin=id == parts.c.spelling_id, secondaryjoin=id == parts.c.part_id, order_by=id
    )
    proposals: Mapped[list["Proposal"]] = relationship(
        secondary=members, back_populates="spellings", order_by="Proposal.id"
    )

    @property
    def ref(self) -> Ref:
        return Ref("spelling", self.id, self.text)


class ProposalState(Labelled):
    OPEN = "open", "待决定"
    JOINED = "joined", "已并为一家"
    LEFT_APART = "left_apart", "已分开"


class Proposal(Model):
    """Spellings that may be one body; an officer decides which of them are."""

    __tablename__ = "ledger_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)  # raised when a decision elsewhere touches one of its spellings
    ledger_id: Mapped[int] = mapped_column(ForeignKey("ledger_import.id"), index=True)
    likeness: Mapped[Likeness] = mapped_column(Word(Likeness))
    why: Mapped[str] = mapped_column(Text)
    main_id: Mapped[int] = mapped_column(ForeignKey("agency_spelling.id"))  # the name that is suggested
    why_main: Mapped[str] = mapped_column(String(60))
    state: Mapped[ProposalState] = mapped_column(Word(ProposalState), default=ProposalState.OPEN, index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="SET NULL"))  # what it became
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    main: Mapped[Spelling] = relationship(foreign_keys=[main_id])
    agency: Mapped["Agency | None"] = relationship()
    spellings: Mapped[list[Spelling]] = relationship(
        secondary=members, back_populates="proposals", order_by=Spelling.id
    )

    @property
    def ref(self) -> Ref:
        return Ref("ledger_proposal", self.id, self.main.text)

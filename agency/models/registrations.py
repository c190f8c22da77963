"""Requests that come before an account: a code whose check character fails, to be looked at by a person."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref
from core.sealed import SealedText
from core.uploads import StoredFile


class CodeCheckState(Labelled):
    ASKED = "asked", "待核验"
    ACCEPTED = "accepted", "核验通过"
    DECLINED = "declined", "核验不通过"


class CodeCheck(Model):
    """申请人工核验: real codes with a wrong check character exist (reading 20)."""

    __tablename__ = "code_check"
    __table_args__ = (
        Index(
            "uq_code_check_asked",
            "credit_code",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18), index=True)
    name: Mapped[str] = mapped_column(String(120))
    contact_name: Mapped[str] = mapped_column(String(60))
    contact_phone: Mapped[str] = mapped_column(SealedText)
    explanation: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    asked_at: Mapped[datetime]
    state: Mapped[CodeCheckState] = mapped_column(Word(CodeCheckState), default=CodeCheckState.ASKED)
    decided_on: Mapped[date | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    file: Mapped[StoredFile | None] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("code_check", self.id, self.name)

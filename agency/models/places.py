"""The places of the cap (第二十二条第二款) and periods of non-adoption: facts of agencies, written from above."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model
from core.refs import Ref

MOST = 15  # as the database holds it; the parameter national_cap may be lower, raising it takes a migration


class Place(Model):
    """One of the fifteen of a person, or of an agency, in a calendar year: due to a national evaluation.

    `number` is None where none was free: then the evaluation is over the cap (readings 6 and 8). `agency.places` is
    the only writer.
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint(f"number BETWEEN 1 AND {MOST}", name="number"),
        CheckConstraint("(person_id IS NULL) <> (agency_id IS NULL)", name="holder"),
        UniqueConstraint("person_id", "year", "number"),
        UniqueConstraint("agency_id", "year", "number"),
        UniqueConstraint("evaluation_id", "person_id"),
        UniqueConstraint("evaluation_id", "agency_id"),
        Index("ix_place_year_person", "year", "person_id"),
        Index(
            "ix_place_over_cap",
            "evaluation_id",
            sqlite_where=text("number IS NULL"),
            postgresql_where=text("number IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # the legal representative on `counted_on`
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int]
    number: Mapped[int | None]
    counted_on: Mapped[date]  # the day the evaluation begins, or of its raising to national (readings 7 and 9)


class NonAdoption(Model):
    """第二十二条第三款: results that are not adopted from `first_day` to `last_day`, both included (reading 15).

    Never edited, only annulled, and only for itself.
    """

    __tablename__ = "non_adoption"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    document: Mapped[str] = mapped_column(String(80))  # number of the decision
    basis: Mapped[str] = mapped_column(Text)  # what was found
    entered_at: Mapped[datetime]
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    annulled_at: Mapped[datetime | None]
    annulled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    annulled_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def ref(self) -> Ref:
        return Ref("non_adoption", self.id, self.document)

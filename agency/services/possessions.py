"""An agency keeps what it has: offices, its record, trainings, projects for other provinces."""

import dataclasses
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency import changing, models, particulars, validity
from agency.models import Agency, Material
from agency.particulars import Subject
from core import clock
from core.db import transaction
from core.errors import Conflict, DomainError
from core.labels import Labelled
from core.refs import Actor, Ref

Possession = particulars.Office | particulars.Record | particulars.Training | particulars.OutsideProjects
PossessionRow = models.Office | models.Record | models.Training | models.OutsideProjects


class PossessionKind(Labelled):
    OFFICE = "office", "办公场所"
    RECORD = "record", "业绩"
    TRAINING = "training", "培训"
    OUTSIDE_PROJECTS = "outside_projects", "外省项目"

    @property
    def model(self) -> type[PossessionRow]:
        return _MODELS[self]


_MODELS: dict[PossessionKind, type[PossessionRow]] = {
    PossessionKind.OFFICE: models.Office,
    PossessionKind.RECORD: models.Record,
    PossessionKind.TRAINING: models.Training,
    PossessionKind.OUTSIDE_PROJECTS: models.OutsideProjects,
}
_KINDS: dict[type[Possession], PossessionKind] = {
    particulars.Office: PossessionKind.OFFICE,
    particulars.Record: PossessionKind.RECORD,
    particulars.Training: PossessionKind.TRAINING,
    particulars.OutsideProjects: PossessionKind.OUTSIDE_PROJECTS,
}


class Gone(Conflict):
    """The row was removed meanwhile."""


def put(agency_id: int, fact: Possession, *, version: int, by: Actor) -> int:
    """Add a row (its id being 0) or change one; returns its id. Raises Conflict, Gone and what validity refuses."""
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        validity.require_possible(fact, today=clock.today())
        kind = _KINDS[type(fact)]
        row = _row(session, agency, kind, fact.id) if fact.id else kind.model(agency_id=agency.id)
        for name, value in _values(fact).items():
            setattr(row, name, value)
        if isinstance(fact, particulars.OutsideProjects):
            _require_single(session, agency, fact)
        verb = "changed" if fact.id else "added"
        session.add(row)
        session.flush()
        changing.finish(
            session, agency, f"{kind.value}.{verb}", by=by, about=Ref(kind.value, row.id, kind.label), after=_told(fact)
        )
        return row.id


def remove(agency_id: int, kind: PossessionKind, row_id: int, *, version: int, by: Actor) -> None:
    """Take a row out, and its proofs with it; what was handed in keeps both. Raises Conflict, Gone."""
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        session.delete(_row(session, agency, kind, row_id))
        if kind.value in set(Subject):
            for material in session.scalars(
                select(Material).where(
                    Material.agency_id == agency.id,
                    Material.subject == Subject(kind.value),
                    Material.subject_id == row_id,
                    Material.removed_at.is_(None),
                )
            ):
                material.removed_at = clock.now()
        changing.finish(session, agency, f"{kind.value}.removed", by=by, about=Ref(kind.value, row_id, kind.label))


def _row(session: Session, agency: Agency, kind: PossessionKind, row_id: int) -> PossessionRow:
    row = cast(PossessionRow | None, session.get(kind.model, row_id))
    if row is None or row.agency_id != agency.id:
        raise Gone(f"这条{kind.label}已被删除，请返回列表查看。")
    return row


def _require_single(session: Session, agency: Agency, fact: particulars.OutsideProjects) -> None:
    row = models.OutsideProjects
    with session.no_autoflush:
        same = session.scalar(
            select(row.id).where(
                row.agency_id == agency.id,
                row.year == fact.year,
                row.province == fact.province,
                row.capability == fact.capability,
                row.id != fact.id,
            )
        )
    if same is not None:
        raise DomainError("同一年度、省份和类别已经登记，请修改原有的一条。", field="count")


def _values(fact: Possession) -> dict[str, Any]:
    return {field.name: getattr(fact, field.name) for field in dataclasses.fields(fact) if field.name != "id"}


def _told(fact: Possession) -> str:
    """What the log may say of a row: nothing of persons."""
    match fact:
        case particulars.Office():
            return fact.address
        case particulars.Record():
            return fact.title
        case particulars.Training():
            return f"{fact.on} {fact.topic}"
        case particulars.OutsideProjects():
            return f"{fact.year} {fact.province} {fact.capability.label} {fact.count} 项"
